"""Expected calibration error: mean distance between confidence and accuracy in bins of confidence."""

import numpy as np
from jaxtyping import Bool, Float, Int, Shaped

from protea.errors import InputError
from protea.metrics.ranking import rank_samples
from protea.metrics.samples import UnitStatistic, require_binary, select_samples
from protea.metrics.stated_uncertainty import class_probabilities, require_probability

__all__ = [
    "ece",
    "ece_by_unit",
    "ece_equal_mass",
    "ece_equal_mass_by_unit",
    "ece_top_label",
    "ece_top_label_by_unit",
    "ece_top_label_equal_mass",
    "ece_top_label_equal_mass_by_unit",
]

_NUM_BINS = 15
"""The number of Guo et al. (2017)."""


def _gap(
    weight: Int[np.ndarray, " sample"],
    is_right: Bool[np.ndarray, " sample"],
    confidence: Float[np.ndarray, " sample"],
    bin_of: Int[np.ndarray, " sample"],
) -> float:
    # |sum of confidence - number right| in a bin, over all samples: the share of the bin has cancelled.
    difference = np.bincount(bin_of, weights=weight * (confidence - is_right))
    return float(np.abs(difference).sum() / weight.sum())


def _equal_width(
    is_right: Bool[np.ndarray, " sample"],
    confidence: Float[np.ndarray, " sample"],
    unit: Int[np.ndarray, " sample"],
    num_bins: int,
) -> UnitStatistic:
    _require_bins(num_bins)
    bin_of = np.minimum((confidence * num_bins).astype(np.int64), num_bins - 1)
    return lambda count: _gap(count[unit], is_right, confidence, bin_of)


def _equal_mass(
    is_right: Bool[np.ndarray, " sample"],
    confidence: Float[np.ndarray, " sample"],
    unit: Int[np.ndarray, " sample"],
    num_bins: int,
) -> UnitStatistic:
    _require_bins(num_bins)
    ranking = rank_samples(confidence)

    def statistic(count: Int[np.ndarray, " unit"]) -> float:
        weight = count[unit]
        num_before = np.concatenate([[0], np.cumsum(weight[ranking.order])])[ranking.group_ptr]
        # Equal confidences share a bin, that of their middle place, so that order and repetition cannot matter.
        middle = (num_before[:-1] + num_before[1:]) / (2.0 * num_before[-1])
        bin_of_group = np.minimum((middle * num_bins).astype(np.int64), num_bins - 1)
        return _gap(weight, is_right, confidence, bin_of_group[ranking.group_of])

    return statistic


def _require_bins(num_bins: int) -> None:
    if num_bins < 1:
        raise InputError(f"num_bins is {num_bins}; expected at least 1, usually {_NUM_BINS}.")


def _binary(
    target: Shaped[np.ndarray, "..."],
    probability: Shaped[np.ndarray, "..."],
    mask: Shaped[np.ndarray, "..."] | None,
    unit: Int[np.ndarray, "..."] | None,
) -> tuple[Bool[np.ndarray, " sample"], Float[np.ndarray, " sample"], Int[np.ndarray, " sample"]]:
    samples = select_samples(target, probability, mask, unit)
    return require_binary(samples.target), require_probability(samples.score), samples.unit


def _top_label(
    target: Shaped[np.ndarray, "..."],
    logits: Shaped[np.ndarray, "..."],
    mask: Shaped[np.ndarray, "..."] | None,
    unit: Int[np.ndarray, "..."] | None,
) -> tuple[Bool[np.ndarray, " sample"], Float[np.ndarray, " sample"], Int[np.ndarray, " sample"]]:
    samples = select_samples(target, logits, mask, unit, has_classes=True)
    true_id, probability = class_probabilities(samples.target, samples.score)
    # Rounding may lift a sure class above 1, which would be a bin of its own.
    return probability.argmax(axis=1) == true_id, np.minimum(probability.max(axis=1), 1.0), samples.unit


def ece_by_unit(
    target: Shaped[np.ndarray, "..."],
    probability: Shaped[np.ndarray, "..."],
    mask: Shaped[np.ndarray, "..."] | None = None,
    unit: Int[np.ndarray, "..."] | None = None,
    *,
    num_bins: int = _NUM_BINS,
) -> UnitStatistic:
    """Return the error as a function of how often each unit is counted; see `ece`."""
    return _equal_width(*_binary(target, probability, mask, unit), num_bins)


def ece(
    target: Shaped[np.ndarray, "..."],
    probability: Shaped[np.ndarray, "..."],
    mask: Shaped[np.ndarray, "..."] | None = None,
    *,
    num_bins: int = _NUM_BINS,
) -> float:
    """Return the sum over bins of (share of samples) x |mean probability of 1 - share of ones|, in [0, 1].

    Bins of the probability are of equal width. A calibrated model has a value above 0 on finite data, more so with many
    bins; the constant share of positives scores 0, so it says nothing about telling samples apart.

    Args:
        target: 0 or 1.
        probability: of class 1, the target's shape.
        mask: True where counted; the target's shape or its leading axes.
        num_bins: number of bins.

    Raises:
        InputError: shapes do not match, nothing is counted, a target is not 0 or 1, or a score outside [0, 1].
    """
    return ece_by_unit(target, probability, mask, num_bins=num_bins)(np.ones(1, dtype=np.int64))


def ece_equal_mass_by_unit(
    target: Shaped[np.ndarray, "..."],
    probability: Shaped[np.ndarray, "..."],
    mask: Shaped[np.ndarray, "..."] | None = None,
    unit: Int[np.ndarray, "..."] | None = None,
    *,
    num_bins: int = _NUM_BINS,
) -> UnitStatistic:
    """Return the error as a function of how often each unit is counted; see `ece_equal_mass`."""
    return _equal_mass(*_binary(target, probability, mask, unit), num_bins)


def ece_equal_mass(
    target: Shaped[np.ndarray, "..."],
    probability: Shaped[np.ndarray, "..."],
    mask: Shaped[np.ndarray, "..."] | None = None,
    *,
    num_bins: int = _NUM_BINS,
) -> float:
    """Return `ece` over bins that hold equally many samples; samples of equal probability share a bin.

    Raises:
        InputError: as `ece`.
    """
    return ece_equal_mass_by_unit(target, probability, mask, num_bins=num_bins)(np.ones(1, dtype=np.int64))


def ece_top_label_by_unit(
    target: Shaped[np.ndarray, "..."],
    logits: Shaped[np.ndarray, "..."],
    mask: Shaped[np.ndarray, "..."] | None = None,
    unit: Int[np.ndarray, "..."] | None = None,
    *,
    num_bins: int = _NUM_BINS,
) -> UnitStatistic:
    """Return the error as a function of how often each unit is counted; see `ece_top_label`."""
    return _equal_width(*_top_label(target, logits, mask, unit), num_bins)


def ece_top_label(
    target: Shaped[np.ndarray, "..."],
    logits: Shaped[np.ndarray, "..."],
    mask: Shaped[np.ndarray, "..."] | None = None,
    *,
    num_bins: int = _NUM_BINS,
) -> float:
    """Return the sum over bins of (share of samples) x |mean probability of the predicted class - accuracy|, in [0, 1].

    Logits are normalised here, so log-probabilities serve too (Guo et al., 2017). Only the predicted class is judged.

    Args:
        target: class ids, any shape.
        logits: the target's shape and a last axis of classes.
        mask: True where counted; the target's shape or its leading axes.
        num_bins: number of bins of equal width.

    Raises:
        InputError: shapes do not match, nothing is counted, a class id is out of range, NaN or +infinity.
    """
    return ece_top_label_by_unit(target, logits, mask, num_bins=num_bins)(np.ones(1, dtype=np.int64))


def ece_top_label_equal_mass_by_unit(
    target: Shaped[np.ndarray, "..."],
    logits: Shaped[np.ndarray, "..."],
    mask: Shaped[np.ndarray, "..."] | None = None,
    unit: Int[np.ndarray, "..."] | None = None,
    *,
    num_bins: int = _NUM_BINS,
) -> UnitStatistic:
    """Return the error as a function of how often each unit is counted; see `ece_top_label_equal_mass`."""
    return _equal_mass(*_top_label(target, logits, mask, unit), num_bins)


def ece_top_label_equal_mass(
    target: Shaped[np.ndarray, "..."],
    logits: Shaped[np.ndarray, "..."],
    mask: Shaped[np.ndarray, "..."] | None = None,
    *,
    num_bins: int = _NUM_BINS,
) -> float:
    """Return `ece_top_label` over bins that hold equally many samples; samples of equal confidence share a bin.

    Raises:
        InputError: as `ece_top_label`.
    """
    return ece_top_label_equal_mass_by_unit(target, logits, mask, num_bins=num_bins)(np.ones(1, dtype=np.int64))
