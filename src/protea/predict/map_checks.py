"""Whether the maps of an answer can be believed: what re-drawn weights do to them, and what they foretell of deletion.

Figures are means over proteins with the 95 % interval of resampled proteins. Axes: protein.
"""

import copy
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from jaxtyping import Float

from protea.applications.explanations.deletion_curve import curves
from protea.applications.explanations.read_inputs import ReadInputs
from protea.applications.explanations.redrawn_weights import cascade
from protea.applications.properties.fitted.predictor import PropertyPredictor
from protea.errors import InputError, describe
from protea.predict.attribution import Explainer
from protea.training.model import ProteinModel

__all__ = ["MapChecks", "MeanOverProteins", "check_maps", "mean_over_proteins"]

_RESAMPLES = 1000


@dataclass(frozen=True)
class MeanOverProteins:
    """A mean with its interval; `number` proteins have the figure."""

    mean: float
    low: float
    high: float
    number: int


@dataclass(frozen=True)
class MapChecks:
    """What was found of the maps of one property.

    Attributes:
        name: the property.
        layers: rank correlation of the sizes with those of the own map, after each layer from the top was drawn anew.
        deletion, insertion: gain in area over random orders; above 0 the map says what the model uses.
    """

    name: str
    layers: tuple[tuple[str, MeanOverProteins], ...]
    deletion: MeanOverProteins
    insertion: MeanOverProteins

    def rows(self) -> list[dict[str, Any]]:
        """Return a row per figure."""
        named = [(f"re-drawn down to {layer}", found) for layer, found in self.layers]
        named += [("deletion gain", self.deletion), ("insertion gain", self.insertion)]
        return [
            {"property": self.name, "check": check, "mean": found.mean, "low": found.low, "high": found.high,
             "proteins": found.number}
            for check, found in named
        ]  # fmt: skip


def check_maps(
    predictor: PropertyPredictor, name: str, sequences: Sequence[str], *, seed: int = 0, tolerance: float = 0.05,
    max_steps: int = 1024,
) -> MapChecks:  # fmt: skip
    """Return both checks over some proteins.

    Raises:
        InputError: if there are fewer than three proteins, or the predictor has no such property.
        ContractError: if a map does not become complete.
    """
    if len(sequences) < 3:
        raise InputError(describe("too few proteins for an interval", expected="3 or more", found=str(len(sequences))))
    explainer = Explainer(predictor.only([name]), tolerance=tolerance, max_steps=max_steps)
    gains = [_gains(explainer, name, sequence, seed) for sequence in sequences]

    def maps_of(model: ProteinModel) -> list[Float[np.ndarray, " residue"]]:
        other = copy.copy(explainer)
        other.model = model
        return [other.map(ReadInputs(model, sequence), name).residue for sequence in sequences]

    layers = tuple(
        (step.layer, mean_over_proteins(step.correlation, seed))
        for step in cascade(explainer.model, explainer.predictor.file.model, maps_of, seed + 1)
    )
    deletion, insertion = (mean_over_proteins(np.array(one), seed) for one in zip(*gains, strict=True))
    return MapChecks(name, layers, deletion, insertion)


def _gains(explainer: Explainer, name: str, sequence: str, seed: int) -> tuple[float, float]:
    inputs = ReadInputs(explainer.model, sequence)
    found = curves(inputs, explainer.asked(inputs, name)[1], explainer.map(inputs, name).residue, seed)
    return (np.nan, np.nan) if found is None else (found.deletion_gain, found.insertion_gain)


def mean_over_proteins(values: Float[np.ndarray, " protein"], seed: int = 0) -> MeanOverProteins:
    """Return the mean over the proteins that have a value; NaN where none has."""
    has = values[np.isfinite(values)]
    if not has.size:
        return MeanOverProteins(np.nan, np.nan, np.nan, 0)
    drawn = np.random.default_rng(seed).choice(has, (_RESAMPLES, has.size)).mean(1)
    low, high = np.quantile(drawn, (0.025, 0.975)).tolist()
    return MeanOverProteins(float(has.mean()), low, high, int(has.size))
