"""Which of several runs is the best: by its validation metric, and of those that tie by the lowest validation loss.

Short runs often tie: a classifier that still names one class for every protein has the same macro-F1 in each of them.
"""

import math
from collections.abc import Mapping, Sequence
from typing import TypeVar

__all__ = ["best_run", "lowest_loss"]

Key = TypeVar("Key")


def best_run(reached: Mapping[Key, tuple[float, float]], *, higher_is_better: bool) -> Key:
    """Return the best of runs that reached (metric, loss); the first where both are equal.

    Raises:
        ValueError: if there is no run.
    """
    sign = -1.0 if higher_is_better else 1.0
    return min(reached, key=lambda run: (sign * reached[run][0], reached[run][1]))


def lowest_loss(log: Mapping[str, Sequence[float]]) -> float:
    """Return the lowest validation loss of the epochs of a log (`training.progress.read_log`); infinite without one."""
    return min((value for value in log.get("validation_loss", ()) if not math.isnan(value)), default=math.inf)
