"""Mean rank of each method over settings (tasks, schemes, folds)."""

import numpy as np
from jaxtyping import Float, Shaped
from scipy import stats

from protea.errors import InputError
from protea.metrics.samples import require_finite, spread

__all__ = ["mean_ranks"]


def mean_ranks(
    value: Shaped[np.ndarray, "..."], higher_is_better: bool | Shaped[np.ndarray, "..."]
) -> Float[np.ndarray, " method"]:
    """Return each method's rank averaged over settings; 1 is the best, methods of equal value share their mean rank.

    Args:
        value: ``[method, setting]``, every cell filled. A missing cell is refused, because leaving it out would rank
            methods over different settings: drop the setting or the method, and say so.
        higher_is_better: one for all settings, or ``[setting]`` where they have different metrics.

    Raises:
        InputError: not ``[method, setting]``, a missing or infinite cell, or directions that do not fit.
    """
    if value.ndim != 2 or value.size == 0:
        raise InputError(f"value has shape {value.shape}; expected [method, setting] with at least one of each.")
    direction = (
        np.broadcast_to(higher_is_better, value.shape[1:]) if isinstance(higher_is_better, bool) else higher_is_better
    )
    if direction.dtype != np.bool_:
        raise InputError(f"higher_is_better has type {direction.dtype}; expected bool.")
    spread(direction, value.shape[1:], "higher_is_better")
    loss = np.where(direction, -1.0, 1.0) * require_finite(value, "value")
    return stats.rankdata(loss, method="average", axis=0).mean(axis=1)
