"""The error of a metric that has no value on the given data."""

from protea.errors import InputError

__all__ = ["UndefinedMetric"]


class UndefinedMetric(InputError):  # noqa: N818 - a state of the data, not a mistake
    """The metric is not defined on these data, such as AUROC where every sample is of one class.

    A kind of its own, because a bootstrap may meet it in some resamples and must count them, while any other
    `InputError` is a mistake of the caller.
    """
