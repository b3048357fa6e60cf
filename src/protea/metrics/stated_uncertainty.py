"""The counted samples of a target with what a model says of its own doubt: a Gaussian, an interval, probabilities."""

from dataclasses import dataclass

import numpy as np
from jaxtyping import Float, Int, Shaped
from scipy.special import logsumexp

from protea.errors import InputError
from protea.metrics.samples import require_classes, require_finite, require_score, select_samples

__all__ = [
    "GaussianSamples",
    "IntervalSamples",
    "class_probabilities",
    "require_probability",
    "select_gaussian",
    "select_intervals",
]


@dataclass(frozen=True, eq=False)
class GaussianSamples:
    """Counted samples, their predicted mean and standard deviation, all in the target's unit."""

    target: Float[np.ndarray, " sample"]
    mean: Float[np.ndarray, " sample"]
    sigma: Float[np.ndarray, " sample"]
    unit: Int[np.ndarray, " sample"]

    @property
    def standardised_error(self) -> Float[np.ndarray, " sample"]:
        """(target - mean) / sigma."""
        return (self.target - self.mean) / self.sigma


@dataclass(frozen=True, eq=False)
class IntervalSamples:
    """Counted samples and the bounds of their intervals, in the target's unit; bounds may be infinite."""

    target: Float[np.ndarray, " sample"]
    low: Float[np.ndarray, " sample"]
    high: Float[np.ndarray, " sample"]
    unit: Int[np.ndarray, " sample"]


def _require_columns(stated: Shaped[np.ndarray, "..."], names: str) -> None:
    if stated.ndim == 0 or stated.shape[-1] != 2:
        raise InputError(
            f"the stated uncertainty has shape {stated.shape}; expected a last axis of two: {names}. "
            "Stack the two arrays along a last axis."
        )


def select_gaussian(
    target: Shaped[np.ndarray, "..."],
    gaussian: Shaped[np.ndarray, "..."],
    mask: Shaped[np.ndarray, "..."] | None,
    unit: Int[np.ndarray, "..."] | None,
) -> GaussianSamples:
    """Return the counted samples of a target and of (mean, sigma) along a last axis.

    Raises:
        InputError: shapes do not match, nothing is counted, NaN or infinity, or a sigma that is not positive.
    """
    _require_columns(gaussian, "mean, sigma")
    samples = select_samples(target, gaussian, mask, unit, has_classes=True)
    stated = require_finite(samples.score, "mean or sigma")
    mean, sigma = stated[:, 0], stated[:, 1]
    if (sigma <= 0).any():
        raise InputError(
            f"sigma is {sigma.min():g} in {int((sigma <= 0).sum())} of {sigma.size} counted entries; expected positive "
            "standard deviations in the target's unit (not variances, not their logarithms)."
        )
    return GaussianSamples(require_finite(samples.target, "target"), mean, sigma, samples.unit)


def select_intervals(
    target: Shaped[np.ndarray, "..."],
    interval: Shaped[np.ndarray, "..."],
    mask: Shaped[np.ndarray, "..."] | None,
    unit: Int[np.ndarray, "..."] | None,
) -> IntervalSamples:
    """Return the counted samples of a target and of (low, high) along a last axis; infinite bounds pass.

    Raises:
        InputError: shapes do not match, nothing is counted, NaN, or a lower bound above its upper one.
    """
    _require_columns(interval, "low, high")
    samples = select_samples(target, interval, mask, unit, has_classes=True)
    bounds = require_score(samples.score, "interval").astype(np.float64)
    low, high = bounds[:, 0], bounds[:, 1]
    if (low > high).any():
        raise InputError(
            f"the lower bound is above the upper one in {int((low > high).sum())} of {low.size} counted entries; "
            "expected low <= high. Quantiles that cross must be put in order by who predicts them."
        )
    return IntervalSamples(require_finite(samples.target, "target"), low, high, samples.unit)


def require_probability(score: Shaped[np.ndarray, "..."]) -> Float[np.ndarray, "..."]:
    """Return `score` as float64 probabilities.

    Raises:
        InputError: not a real number type, NaN, or a value outside [0, 1].
    """
    value = require_score(score).astype(np.float64)
    is_wrong = (value < 0) | (value > 1)
    if is_wrong.any():
        raise InputError(
            f"score holds {value[is_wrong][0]:g} and {int(is_wrong.sum()) - 1} more values outside [0, 1]; expected "
            "probabilities of class 1. Put logits through the logistic function first."
        )
    return value


def class_probabilities(
    target: Shaped[np.ndarray, "..."], logits: Shaped[np.ndarray, "..."]
) -> tuple[Int[np.ndarray, " sample"], Float[np.ndarray, "sample class"]]:
    """Return true class ids and the softmax, in float64, of counted logits; -infinity is a probability of 0.

    Raises:
        InputError: a class id that the logits do not have, NaN, +infinity, or no finite logit in some sample.
    """
    true_id = require_classes(target, "target")
    logit = require_score(logits, "logits").astype(np.float64)
    if true_id.max() >= logit.shape[1]:
        raise InputError(
            f"target holds the class id {int(true_id.max())}; expected ids below {logit.shape[1]}, the logits' last "
            "axis."
        )
    if np.isposinf(logit).any() or np.isneginf(logit).all(axis=1).any():
        raise InputError("logits hold +infinity, or -infinity for every class; expected some finite logit per sample.")
    return true_id, np.exp(logit - logsumexp(logit, axis=1, keepdims=True))
