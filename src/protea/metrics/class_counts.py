"""Right, true and predicted samples per class as a function of unit counts: what macro-F1 and MCC share."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from jaxtyping import Float, Int, Shaped

from protea.metrics.samples import require_classes, select_samples

__all__ = ["ClassCounts", "class_counts_by_unit"]


@dataclass(frozen=True, eq=False)
class ClassCounts:
    """Numbers of samples per class, over the classes that occur in the data as target or as prediction."""

    num_right: Float[np.ndarray, " class"]
    num_target: Float[np.ndarray, " class"]
    num_predicted: Float[np.ndarray, " class"]


def class_counts_by_unit(
    target: Shaped[np.ndarray, "..."],
    prediction: Shaped[np.ndarray, "..."],
    mask: Shaped[np.ndarray, "..."] | None,
    unit: Int[np.ndarray, "..."] | None,
) -> Callable[[Int[np.ndarray, " unit"]], ClassCounts]:
    """Return the function that gives the class counts, each unit counted as often as told.

    Raises:
        InputError: shapes do not match, nothing is counted, or entries are not class ids from 0.
    """
    samples = select_samples(target, prediction, mask, unit)
    true_id = require_classes(samples.target, "target")
    predicted_id = require_classes(samples.score, "prediction")
    classes, class_idx = np.unique(np.concatenate([true_id, predicted_id]), return_inverse=True)
    true_idx, predicted_idx = np.split(class_idx, 2)
    is_right = true_idx == predicted_idx

    def counts(count: Int[np.ndarray, " unit"]) -> ClassCounts:
        weight = count[samples.unit].astype(np.float64)  # exact: whole numbers far below 2^53
        return ClassCounts(
            num_right=np.bincount(true_idx, weight * is_right, minlength=classes.size),
            num_target=np.bincount(true_idx, weight, minlength=classes.size),
            num_predicted=np.bincount(predicted_idx, weight, minlength=classes.size),
        )

    return counts
