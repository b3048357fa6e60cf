"""The mean of a metric of binary labels over the labels in which it has a value."""

from collections.abc import Callable

import numpy as np
from jaxtyping import Int, Shaped

from protea.metrics.samples import select_rows
from protea.metrics.undefined import UndefinedMetric

__all__ = ["macro_over_labels"]


def macro_over_labels(
    of_label: Callable[..., Callable[[np.ndarray], float]],
    absent: str,
    target: Shaped[np.ndarray, "..."],
    score: Shaped[np.ndarray, "..."],
    mask: Shaped[np.ndarray, "..."] | None = None,
    unit: Int[np.ndarray, "..."] | None = None,
) -> Callable[[np.ndarray], float]:
    """Return the mean over labels, as a function of how often each unit is counted.

    A label without a value (one class only, say) is left out of the mean, by definition; where no label has one, the
    function raises UndefinedMetric with the message `absent`.

    Args:
        of_label: ``(target, score, mask, unit)`` of one label -> its metric by unit counts.
        absent: what to say where no label has a value.
        target: 0 or 1, ``[protein, label]``.
        score: higher for 1, ``[protein, label]``.
        mask: True where counted.
        unit: index of the unit of each row.
    """
    rows, is_counted = select_rows(target, score, mask, unit)
    statistic_of_label = [
        of_label(rows.target[is_row, label], rows.score[is_row, label], None, rows.unit[is_row])
        for label, is_row in enumerate(is_counted.T)
        if is_row.any()
    ]

    def statistic(count: Int[np.ndarray, " unit"]) -> float:
        values = []
        for one in statistic_of_label:
            try:
                values.append(one(count))
            except UndefinedMetric:
                continue  # left out of the mean, see above
        if not values:
            raise UndefinedMetric(absent)
        return float(np.mean(values))

    return statistic
