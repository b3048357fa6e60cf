"""The eight questions of the suite `diagnostics`: what is asked of whom, judged by which metric, and what chance is."""

from dataclasses import dataclass
from typing import Literal

import numpy as np
from jaxtyping import Shaped

__all__ = ["DIAGNOSTICS", "Diagnostic", "chance_level"]


@dataclass(frozen=True)
class Diagnostic:
    """One question. `chance` is what a model that knows nothing reaches; None where it depends on the class shares.

    `mean` and `scale` bring a regression label to about zero mean and unit variance; they are those of 160 generated
    proteins and only set the scale of the loss, as rank correlation judges.
    """

    name: str
    level: Literal["residue", "protein"]
    kind: Literal["binary", "multiclass", "regression"]
    num_classes: int | None
    metric: Literal["auroc", "accuracy", "spearman"]
    chance: float | None
    why: str
    mean: float = 0.0
    scale: float = 1.0


DIAGNOSTICS: dict[str, Diagnostic] = {
    item.name: item
    for item in (
        Diagnostic(
            "handedness", "protein", "binary", None, "auroc", 0.5,
            "Is this a protein or its mirror image? Both are in the same part of a split, so that nothing but the hand "
            "tells them apart.",
        ),
        Diagnostic(
            "backbone_basin", "residue", "multiclass", 4, "accuracy", None,
            "Helical or extended, left or right: the input itself with backbone angles, a matter of shape and hand "
            "without.",
        ),
        Diagnostic(
            "burial", "residue", "regression", None, "spearman", 0.0,
            "How many CA lie within 8 angstrom: one step that reads distances.",
            mean=8.7, scale=2.9,
        ),
        Diagnostic(
            "half_sphere_bisector", "residue", "regression", None, "spearman", 0.0,
            "How many more of these lie on the side away from the two chain neighbours: needs the angle between edges.",
            mean=-3.9, scale=3.0,
        ),
        Diagnostic(
            "half_sphere_cb", "residue", "regression", None, "spearman", 0.0,
            "The same for the true direction of CB, which follows from the CA trace for one who knows the hand and "
            "which way the chain runs.",
            mean=-2.4, scale=2.8,
        ),
        Diagnostic(
            "contact_order", "residue", "regression", None, "spearman", 0.0,
            "How far along the chain a residue's contacts are: needs the difference of the two residue numbers.",
            mean=17.7, scale=16.6,
        ),
        Diagnostic(
            "residue_type_plus_4", "residue", "multiclass", 20, "accuracy", 0.05,
            "Which residue comes four places later: types are independent, so it must be carried there, and told from "
            "the one four places earlier.",
        ),
        Diagnostic(
            "two_step_walks", "residue", "regression", None, "spearman", 0.0,
            "Signed count of walks of two steps by where they end: two layers that sum. Neighbours along the chain are "
            "always near, so that a window of the sequence alone reaches about .73: only more than that is structure.",
            mean=0.0, scale=17.0,
        ),
    )
}  # fmt: skip
"""By name, in the order of the table."""


def chance_level(diagnostic: Diagnostic, value: Shaped[np.ndarray, " item"]) -> float:
    """Return what knowing nothing gives on these known labels: as stated, or the share of the commonest class."""
    if diagnostic.chance is not None:
        return diagnostic.chance
    counts = np.unique(value, return_counts=True)[1]
    return float(counts.max() / counts.sum())
