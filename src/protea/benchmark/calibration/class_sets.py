"""Conformal sets of classes: the classes that cannot be excluded at a level. Axes: item, class."""

from typing import Literal

import numpy as np
from jaxtyping import Bool, Float, Int, Shaped
from pydantic import Field
from scipy.special import softmax

from protea.benchmark.calibration.calibrator import Calibrator
from protea.benchmark.calibration.order_statistic import conformal_quantile, unit_index
from protea.errors import InputError, describe
from protea.metrics.samples import require_classes, require_finite

__all__ = ["ClassSets", "SetMethod", "class_scores", "fit_class_sets"]

SetMethod = Literal["lac", "aps"]
"""`lac`: 1 - probability, the smallest sets on average; `aps`: probability of all classes that are at least as likely,
sets that grow where the model is unsure."""


def class_scores(method: SetMethod, logits: Shaped[np.ndarray, "..."]) -> Float[np.ndarray, "item class"]:
    """Return how badly each class fits each item; `logits` may be log-probabilities.

    Raises:
        InputError: not ``[item, class]``, NaN or infinity.
    """
    if logits.ndim != 2:
        raise InputError(describe(f"logits of shape {logits.shape}", expected="[item, class]"))
    probability = softmax(require_finite(logits, "logits"), axis=1)
    if method == "lac":
        return 1.0 - probability
    order = np.argsort(-probability, axis=1, kind="stable")
    mass = np.cumsum(np.take_along_axis(probability, order, axis=1), axis=1)
    scores = np.empty_like(probability)
    np.put_along_axis(scores, order, mass, axis=1)
    return scores


class ClassSets(Calibrator):
    """Sets that hold the true class with at least their level on average."""

    kind: Literal["class_sets"] = "class_sets"
    method: SetMethod = Field(description="How classes are scored.")
    level: float = Field(gt=0, lt=1, description="Nominal coverage.")
    bound: float = Field(description="Classes with a score up to it are in the set; infinite with too few items.")
    num_items: int = Field(ge=1, description="Calibration items.")
    num_units: int = Field(ge=1, description="Calibration units: proteins where items are residues.")

    def sets(self, logits: Shaped[np.ndarray, "..."]) -> Bool[np.ndarray, "item class"]:
        """Return which classes are in the set of each item; a set may be empty, which says that no class fits."""
        return class_scores(self.method, logits) <= self.bound


def fit_class_sets(
    target: Int[np.ndarray, "..."],
    logits: Shaped[np.ndarray, "..."],
    level: float = 0.9,
    *,
    method: SetMethod = "lac",
    unit: Shaped[np.ndarray, "..."] | None = None,
) -> ClassSets:
    """Return the sets' bound from held-out items (Sadinle et al., 2019: lac; Romano et al., 2020: aps).

    Both are without random draws, so aps covers a little more than its level.

    Raises:
        InputError: shapes that do not fit, a class id out of range, NaN or infinity.
    """
    true_id, scores = require_classes(target, "target"), class_scores(method, logits)
    if true_id.shape != scores.shape[:1] or true_id.size == 0 or true_id.max() >= scores.shape[1]:
        raise InputError(describe(f"target {true_id.shape}, logits {scores.shape}", expected="[item], [item, class]"))
    of_true = scores[np.arange(true_id.size), true_id]
    return ClassSets(
        method=method,
        level=level,
        bound=conformal_quantile(of_true, level, unit),
        num_items=true_id.size,
        num_units=int(unit_index(unit, true_id.size).max()) + 1,
    )
