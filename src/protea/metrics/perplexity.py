"""Perplexity: the exponential of the mean cross entropy."""

import math
import sys

import numpy as np
from jaxtyping import Int, Shaped
from scipy.special import logsumexp

from protea.errors import InputError
from protea.metrics.mean import mean_by_unit
from protea.metrics.samples import UnitStatistic, require_classes, require_score, select_samples

__all__ = ["perplexity", "perplexity_by_unit"]

_LARGEST_EXPONENT = math.log(sys.float_info.max)


def perplexity_by_unit(
    target: Shaped[np.ndarray, "..."],
    logits: Shaped[np.ndarray, "..."],
    mask: Shaped[np.ndarray, "..."] | None = None,
    unit: Int[np.ndarray, "..."] | None = None,
) -> UnitStatistic:
    """Return perplexity as a function of how often each unit is counted; see `perplexity`."""
    samples = select_samples(target, logits, mask, unit, has_classes=True)
    true_id = require_classes(samples.target, "target")
    logit = require_score(samples.score, "logits").astype(np.float64)
    num_classes = logit.shape[1]
    if true_id.max() >= num_classes:
        raise InputError(
            f"target holds the class id {int(true_id.max())}; expected ids below {num_classes}, the logits' last axis."
        )
    true_logit = np.take_along_axis(logit, true_id[:, None], axis=1)[:, 0]
    if np.isposinf(logit).any() or np.isneginf(true_logit).any():
        raise InputError(
            "logits hold +infinity, or -infinity at a true class; expected finite logits (-infinity only at classes "
            "that cannot occur). A true class of probability 0 means wrong targets or wrongly allowed classes."
        )
    mean_cross_entropy = mean_by_unit(logsumexp(logit, axis=1) - true_logit, samples.unit)

    def statistic(count: Int[np.ndarray, " unit"]) -> float:
        exponent = mean_cross_entropy(count)
        return math.exp(exponent) if exponent < _LARGEST_EXPONENT else math.inf

    return statistic


def perplexity(
    target: Shaped[np.ndarray, "..."],
    logits: Shaped[np.ndarray, "..."],
    mask: Shaped[np.ndarray, "..."] | None = None,
) -> float:
    """Return exp(mean over counted positions of -ln p(true class)), in [1, infinity); the number of classes is chance.

    Args:
        target: class ids, any shape.
        logits: the target's shape and a last axis of classes; normalised here in float64, so log-probabilities serve
            too.
        mask: True where a position is counted; the target's shape or its leading axes.

    Raises:
        InputError: shapes do not match, nothing is counted, a class id is out of range, NaN, or a true class of
            probability zero.
    """
    return perplexity_by_unit(target, logits, mask)(np.ones(1, dtype=np.int64))
