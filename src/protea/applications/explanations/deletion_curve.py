"""A prediction while residues are taken away, or put back, in the order of a map, beside orders drawn at random.

Taken away means: read as the baseline reads them. If a map says what the model uses, the prediction falls sooner when
the residues that add most go first (deletion), and rises sooner when they come first (insertion). Areas are those under
curves on which the whole protein is 1 and the baseline 0. The gain is the area of random orders minus that of the map
for deletion, and the other way round for insertion: above 0 the map knows something. Axes: step, residue, order.
"""

from dataclasses import dataclass

import numpy as np
import torch
from jaxtyping import Bool, Float, Int

from protea.applications.explanations.read_inputs import Asked, ReadInputs

__all__ = ["Curves", "area", "curves"]

_NUM_STEPS, _NUM_RANDOM = 20, 10


@dataclass(frozen=True, eq=False)
class Curves:
    """Both curves of a protein as shares of the way from baseline (0) to the whole (1), and the areas under them."""

    deletion: Float[np.ndarray, " step"]
    insertion: Float[np.ndarray, " step"]
    random_deletion: Float[np.ndarray, "order step"]
    random_insertion: Float[np.ndarray, "order step"]

    @property
    def deletion_gain(self) -> float:
        """How much less area the map's deletion has than random orders have on average."""
        return float(area(self.random_deletion).mean() - area(self.deletion))

    @property
    def insertion_gain(self) -> float:
        """How much more area the map's insertion has than random orders have on average."""
        return float(area(self.insertion) - area(self.random_insertion).mean())


def area(curve: Float[np.ndarray, "*order step"]) -> Float[np.ndarray, "*order"]:
    """Return the area under curves over the share of residues, 0 to 1, by trapezoids."""
    return np.asarray((curve[..., 1:] + curve[..., :-1]).mean(-1) / 2)


def curves(
    inputs: ReadInputs, asked: Asked, attribution: Float[np.ndarray, " residue"], seed: int = 0
) -> Curves | None:
    """Return the curves of a map, or None where baseline and protein are predicted alike: no share is defined then."""
    ends = inputs.values(asked, torch.stack([inputs.baseline, inputs.own])).cpu().numpy()
    if abs(ends[1] - ends[0]) < 1e-9:
        return None
    # What adds to the change comes first, whichever sign the change has.
    order = np.argsort(-attribution * np.sign(ends[1] - ends[0]), kind="stable")
    draw = np.random.default_rng(seed)
    orders = [order, *(draw.permutation(len(order)) for _ in range(_NUM_RANDOM))]
    found = [_shares(inputs, asked, one, ends) for one in orders]
    deletion, insertion = (np.stack(one) for one in zip(*found, strict=True))
    return Curves(deletion[0], insertion[0], deletion[1:], insertion[1:])


def _shares(
    inputs: ReadInputs, asked: Asked, order: Int[np.ndarray, " residue"], ends: Float[np.ndarray, " two"]
) -> tuple[Float[np.ndarray, " step"], Float[np.ndarray, " step"]]:
    """Return deletion and insertion in one order."""
    counts = np.unique(np.linspace(0, len(order), _NUM_STEPS + 1).round().astype(int))
    is_first = np.zeros((len(counts), len(order)), dtype=bool)
    for step, count in enumerate(counts):
        is_first[step, order[:count]] = True
    return tuple(_values(inputs, asked, is_kept, ends) for is_kept in (~is_first, is_first))  # type: ignore[return-value]


def _values(
    inputs: ReadInputs, asked: Asked, is_kept: Bool[np.ndarray, "step residue"], ends: Float[np.ndarray, " two"]
) -> Float[np.ndarray, " step"]:
    keep = torch.as_tensor(is_kept, device=inputs.own.device)[..., None]
    rows = torch.where(keep, inputs.own, inputs.baseline)
    return np.asarray((inputs.values(asked, rows).cpu().numpy() - ends[0]) / (ends[1] - ends[0]))
