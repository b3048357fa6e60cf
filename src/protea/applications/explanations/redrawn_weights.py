"""A map beside that of the same model with re-drawn weights, layer by layer from the top: it must change.

A map that stays the same while what was learned is destroyed shows the sequence, not the model (Adebayo et al., Sanity
checks for saliency maps, 2018: cascading randomisation). A layer is the head, or a block of the encoder, the last one
first; its weights are those of a model of the same configuration drawn from another seed. Axes: residue.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from jaxtyping import Float
from scipy.stats import rankdata

from protea.training.model import ModelConfig, ProteinModel, initialised

__all__ = ["Cascade", "MapOf", "cascade", "layers_from_the_top", "rank_correlation", "same_model"]

MapOf = Callable[[ProteinModel], Sequence[Float[np.ndarray, " residue"]]]
"""The maps of some proteins under a model, always of the same proteins."""


@dataclass(frozen=True, eq=False)
class Cascade:
    """How alike the maps are once the layers down to this one are drawn anew, per protein."""

    layer: str
    correlation: Float[np.ndarray, " protein"]
    """Spearman's of the sizes of the attributions; NaN where a map is the same everywhere."""


def layers_from_the_top(model: ProteinModel) -> list[tuple[str, tuple[str, ...]]]:
    """Return layers with the names of their weights: the heads, then what the encoder is made of, last first."""
    groups: dict[str, list[str]] = {}
    for name, _ in model.named_parameters():
        if name.startswith("encoder."):
            # A block is what stands in a numbered list; what stands in none is a layer by its own name.
            block = re.match(r"encoder\.(?:[^\d.]\w*\.)*?\d+(?=\.)", name)
            key = block[0] if block else name.rpartition(".")[0]
        else:
            key = "heads"
        groups.setdefault(key, []).append(name)
    heads = {"heads": groups.pop("heads")} if "heads" in groups else {}
    order = {**heads, **dict(reversed(groups.items()))}
    return [(key.removeprefix("encoder."), tuple(names)) for key, names in order.items()]


def same_model(model: ProteinModel, config: ModelConfig) -> ProteinModel:
    """Return another model of these weights (a language model cannot be copied as an object)."""
    found = config.unloaded().build()
    found.load_state_dict(model.state_dict())
    return found


def cascade(model: ProteinModel, config: ModelConfig, maps_of: MapOf, seed: int = 0) -> Iterator[Cascade]:
    """Yield the likeness of maps after each further layer was drawn anew; `model` stays as it is."""
    own = maps_of(model)
    changed = same_model(model, config).to(next(model.parameters()).dtype).eval().requires_grad_(False)
    drawn = dict(initialised(config.unloaded(), seed).named_parameters())
    weights = dict(changed.named_parameters())
    for layer, names in layers_from_the_top(model):
        for name in names:
            weights[name].data.copy_(drawn[name].data)
        found = [rank_correlation(one, other) for one, other in zip(own, maps_of(changed), strict=True)]
        yield Cascade(layer, np.array(found))


def rank_correlation(first: Float[np.ndarray, " residue"], second: Float[np.ndarray, " residue"]) -> float:
    """Return Spearman's correlation of the sizes (signs aside), NaN where all sizes of a map are equal."""
    ranks = [rankdata(np.abs(one)) for one in (first, second)]
    if min(float(np.ptp(one)) for one in ranks) == 0:
        return float("nan")
    return float(np.corrcoef(*ranks)[0, 1])
