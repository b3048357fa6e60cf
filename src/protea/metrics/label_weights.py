"""The metrics that weigh labels, made for given weights: S-min and weighted F-max, as entries of the usual kind."""

import numpy as np
from jaxtyping import Shaped

from protea.metrics.catalogue import Metric
from protea.metrics.fmax import fmax_weighted, fmax_weighted_by_unit
from protea.metrics.protein_curve import require_weight
from protea.metrics.smin import smin, smin_by_unit

__all__ = ["weighted_metrics"]


def weighted_metrics(weight: Shaped[np.ndarray, "..."]) -> dict[str, Metric]:
    """Return the metrics of labels with these weights, by name; each goes wherever a metric of the catalogue goes.

    Args:
        weight: one number of 0 or more per label: its information content in bits.

    Raises:
        InputError: the weights are no such numbers.
    """
    bits = require_weight(weight, weight.shape[0] if weight.ndim else 0)
    return {
        "smin": Metric(
            "smin",
            lambda target, score, mask: smin(target, score, bits, mask),
            lambda target, score, mask, unit: smin_by_unit(target, score, bits, mask, unit),
            False,
            "score",
            "at most the mean weight of a protein's labels (predict nothing)",
        ),
        "fmax_weighted": Metric(
            "fmax_weighted",
            lambda target, score, mask: fmax_weighted(target, score, bits, mask),
            lambda target, score, mask, unit: fmax_weighted_by_unit(target, score, bits, mask, unit),
            True,
            "score",
            "that of the training frequency of each label (not 0)",
        ),
    }
