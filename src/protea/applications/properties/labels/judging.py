"""Metrics of answers, in the unit and the sign of the label. A metric without a value on some data is None there."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np
from jaxtyping import Float, Int, Shaped

from protea.applications.properties.labels.examples import Example
from protea.applications.properties.labels.property import Property, ValueKind
from protea.errors import InputError
from protea.metrics.bootstrap import Interval, bootstrap_interval
from protea.metrics.catalogue import metric_named
from protea.metrics.paired import PairedDifference, paired_difference
from protea.metrics.undefined import UndefinedMetric

__all__ = ["Answers", "interval", "judged", "paired", "target_of"]

Answers = Float[np.ndarray, "item *answer"] | Sequence[Float[np.ndarray, "item *answer"]]
"""Answers of one training, or of each of several."""


def target_of(examples: Sequence[Example], kind: ValueKind) -> Shaped[np.ndarray, "item ..."]:
    """Return the known labels of examples: one per protein or variant, or those of all residues end to end."""
    if examples[0].is_known.ndim == 0:
        found = np.stack([item.value for item in examples])
    else:
        found = np.concatenate([item.value[item.is_known] for item in examples])
    return found.astype(np.float64 if kind == "value" else np.int64)


def judged(
    property_: Property, target: Shaped[np.ndarray, "item ..."], answer: Float[np.ndarray, "item *answer"]
) -> Mapping[str, float | None]:
    """Return every metric of the property: of numbers in its unit, probabilities, or a probability per class."""
    return {name: _value(name, property_.kind, target, answer) for name in (property_.metric, *property_.also)}


def interval(
    item: Property, target: Shaped[np.ndarray, "item ..."], answers: Answers, unit: Int[np.ndarray, " item"],
    num_resamples: int,
) -> Interval | None:  # fmt: skip
    """Return the metric of the property with its interval over resamples of units; None if undefined."""
    try:
        return bootstrap_interval(metric_named(item.metric), target, _each(item, answers), unit, num_resamples)
    except (UndefinedMetric, InputError):
        # No value at all, or one unit alone: there is no interval to tell.
        return None


def paired(
    item: Property, target: Shaped[np.ndarray, "item ..."], one: Answers, other: Answers,
    unit: Int[np.ndarray, " item"], num_resamples: int,
) -> PairedDifference | None:  # fmt: skip
    """Return by how much the first answers are better than the second, over resamples of units; None if undefined.

    Of several answers (one per training) the means of their metrics are compared.
    """
    metric = metric_named(item.metric)
    try:
        found = paired_difference(metric, target, _each(item, one), _each(item, other), unit, num_resamples)
    except (UndefinedMetric, InputError):
        # No value at all, or one unit alone: there is no interval to tell.
        return None
    if metric.higher_is_better:
        return found
    return replace(found, difference=-found.difference, low=-found.high, high=-found.low)


def _each(item: Property, answers: Answers) -> np.ndarray | list[np.ndarray]:
    """Return the answers, or those of each training, as the metric of the property needs them."""
    if isinstance(answers, np.ndarray):
        return _as_needed(item.metric, item.kind, answers)
    return [_as_needed(item.metric, item.kind, one) for one in answers]


def _as_needed(name: str, kind: ValueKind, answer: np.ndarray) -> np.ndarray:
    """Return answers as a metric needs them: the likeliest class, log-probabilities, or as they are."""
    needs = metric_named(name).needs
    if needs == "decision":
        return (answer >= 0.5).astype(np.int64)
    if needs == "class":
        return answer.argmax(axis=-1) if kind == "classes" else (answer > 0.5).astype(np.int64)
    return np.log(answer.clip(min=1e-12)) if needs == "logits" else answer


def _value(name: str, kind: ValueKind, target: np.ndarray, answer: np.ndarray) -> float | None:
    metric, answer = metric_named(name), _as_needed(name, kind, answer)
    try:
        return float(metric.function(target, answer, None))
    except UndefinedMetric:
        return None
