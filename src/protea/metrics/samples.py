"""The counted samples of two arrays: mask applied, shapes and types checked, NaN refused."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from jaxtyping import Bool, Int, Shaped

from protea.errors import InputError

__all__ = [
    "Samples",
    "UnitStatistic",
    "counted",
    "require_binary",
    "require_classes",
    "require_finite",
    "require_score",
    "select_rows",
    "select_samples",
    "spread",
]

# A metric as a function of how often each unit is counted; raises `UndefinedMetric` where it has no value.
UnitStatistic = Callable[[Int[np.ndarray, " unit"]], float]


@dataclass(frozen=True, eq=False)
class Samples:
    """Counted samples along one axis: `target` and `score` (with trailing axes where the metric has them), `unit`."""

    target: Shaped[np.ndarray, "sample *trailing"]
    score: Shaped[np.ndarray, "sample *trailing_of_score"]
    unit: Int[np.ndarray, " sample"]


def spread(leading: Shaped[np.ndarray, "..."], shape: tuple[int, ...], what: str) -> Shaped[np.ndarray, "..."]:
    """Return `leading`, given over the first axes of `shape`, repeated over the others.

    Raises:
        InputError: `leading` does not have the first axes of `shape`.
    """
    if leading.ndim == 0 or leading.shape != shape[: leading.ndim]:
        raise InputError(
            f"{what} has shape {leading.shape}; expected the target's shape {shape} or its leading axes. "
            f"Give one entry of {what} per sample or per row."
        )
    return np.broadcast_to(leading.reshape(leading.shape + (1,) * (len(shape) - leading.ndim)), shape)


def counted(mask: Shaped[np.ndarray, "..."] | None, shape: tuple[int, ...]) -> Bool[np.ndarray, "..."]:
    """Return which entries of `shape` are counted: all without a mask, else the mask repeated over the other axes.

    Raises:
        InputError: the mask is not boolean or does not have the leading axes of `shape`.
    """
    if mask is None:
        return np.ones(shape, dtype=bool)
    if mask.dtype != np.bool_:
        raise InputError(f"mask has type {mask.dtype}; expected bool, True where an entry is counted.")
    return spread(mask, shape, "mask")


def select_samples(
    target: Shaped[np.ndarray, "..."],
    score: Shaped[np.ndarray, "..."],
    mask: Shaped[np.ndarray, "..."] | None,
    unit: Int[np.ndarray, "..."] | None,
    *,
    has_classes: bool = False,
) -> Samples:
    """Return the counted samples of `target` and `score`, flattened, each with the index of its unit.

    Without `unit` all samples are of unit 0. With `has_classes` the score has one more axis than the target.

    Raises:
        InputError: shapes do not match, the mask is not boolean, or no sample is counted.
    """
    sample_shape = score.shape[:-1] if has_classes else score.shape
    if target.shape != sample_shape or (has_classes and score.ndim == 0):
        expected = f"{target.shape} and a last axis of classes" if has_classes else f"{target.shape}"
        raise InputError(
            f"target has shape {target.shape}, score has shape {score.shape}; expected a score of shape {expected}. "
            "Check that both come from the same samples in the same order."
        )
    if target.ndim == 0:
        raise InputError("target is a single number; expected an array with one entry per sample.")
    is_counted = counted(mask, target.shape)
    if not is_counted.any():
        raise InputError(
            f"no sample is counted (target has shape {target.shape}); expected at least one. Check the mask."
        )
    unit_of = np.zeros(target.shape, dtype=np.int64) if unit is None else spread(unit, target.shape, "unit")
    return Samples(target[is_counted], score[is_counted], unit_of[is_counted])


def select_rows(
    target: Shaped[np.ndarray, "..."],
    score: Shaped[np.ndarray, "..."],
    mask: Shaped[np.ndarray, "..."] | None,
    unit: Int[np.ndarray, "..."] | None,
) -> tuple[Samples, Bool[np.ndarray, "row label"]]:
    """Return the rows (proteins) with a counted entry, and which of their entries are counted.

    Raises:
        InputError: the arrays are not ``[protein, label]``, shapes do not match, the mask is not boolean, unit ids are
            not one per row, or nothing is counted.
    """
    if target.ndim != 2 or target.shape != score.shape:
        raise InputError(
            f"target has shape {target.shape}, score has shape {score.shape}; expected both [protein, label]. "
            "Give one row per protein and one column per label."
        )
    is_counted = counted(mask, target.shape)
    is_row = is_counted.any(axis=1)
    if not is_row.any():
        raise InputError(
            f"no entry is counted (target has shape {target.shape}); expected at least one. Check the mask."
        )
    if unit is not None and unit.shape != target.shape[:1]:
        raise InputError(
            f"unit has shape {unit.shape}; expected {target.shape[:1]}, one id per row: a protein is resampled whole."
        )
    unit_of = np.zeros(target.shape[0], dtype=np.int64) if unit is None else unit
    return Samples(target[is_row], score[is_row], unit_of[is_row]), is_counted[is_row]


def require_binary(target: Shaped[np.ndarray, "..."]) -> Bool[np.ndarray, "..."]:
    """Return `target` as booleans.

    Raises:
        InputError: some value is neither 0 nor 1 (NaN included).
    """
    is_positive = target == 1
    is_wrong = ~(is_positive | (target == 0))
    if is_wrong.any():
        raise InputError(
            f"target holds {target[is_wrong][0]!r} and {int(is_wrong.sum()) - 1} more such values; expected "
            "only 0 and 1. Leave out unlabelled samples with the mask."
        )
    return is_positive


def require_score(score: Shaped[np.ndarray, "..."], what: str = "score") -> Shaped[np.ndarray, "..."]:
    """Return `score` unchanged: real numbers without NaN (infinities can be ranked and pass).

    Raises:
        InputError: not a real number type, or NaN.
    """
    if not (np.issubdtype(score.dtype, np.floating) or np.issubdtype(score.dtype, np.integer)):
        raise InputError(f"{what} has type {score.dtype}; expected real numbers.")
    num_nan = int(np.isnan(score).sum())
    if num_nan:
        raise InputError(
            f"{what} holds NaN in {num_nan} of {score.size} counted entries; expected numbers. "
            "Find the model or record that gave them, or leave missing samples out with the mask."
        )
    return score


def require_finite(value: Shaped[np.ndarray, "..."], what: str) -> Shaped[np.ndarray, "..."]:
    """Return `value` as float64, every entry finite.

    Raises:
        InputError: not a real number type, NaN or infinity.
    """
    require_score(value, what)
    num_infinite = int(np.isinf(value).sum())
    if num_infinite:
        raise InputError(
            f"{what} holds infinity in {num_infinite} of {value.size} counted entries; expected finite numbers."
        )
    return value.astype(np.float64)


def require_classes(classes: Shaped[np.ndarray, "..."], what: str) -> Int[np.ndarray, "..."]:
    """Return `classes` as int64 class ids from 0.

    Raises:
        InputError: not integers or booleans, or a negative id (such as an ignore index; that is what the mask is for).
    """
    if not (np.issubdtype(classes.dtype, np.integer) or classes.dtype == np.bool_):
        raise InputError(
            f"{what} has type {classes.dtype}; expected class ids as integers or booleans. "
            "Threshold a score, or take the class of the largest logit, before calling this metric."
        )
    ids = classes.astype(np.int64)
    if (ids < 0).any():
        raise InputError(
            f"{what} holds the class id {int(ids.min())}; expected ids from 0. "
            "Leave out unlabelled samples with the mask."
        )
    return ids
