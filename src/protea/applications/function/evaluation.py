"""Scores of terms against annotations: five metrics with intervals by protein, over all proteins and per identity band.

F-max, the area under its curve, and with information content weighted F-max and S-min; the mean AUROC over terms. A
root says nothing and is left out where it has no information. Axes: protein, class.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from jaxtyping import Bool, Float, Shaped

from protea.errors import InputError, describe
from protea.metrics.bootstrap import Interval, bootstrap_interval
from protea.metrics.catalogue import METRICS, Metric
from protea.metrics.label_weights import weighted_metrics
from protea.metrics.undefined import UndefinedMetric

__all__ = [
    "ALL",
    "IDENTITIES",
    "Judgement",
    "bands_of_identity",
    "function_metrics",
    "judge",
    "missing_bands",
    "where_predicted",
]

ALL = "all"
IDENTITIES = (0.3, 0.4, 0.5, 0.7, 0.95)
"""Upper bounds of the bands: test proteins whose highest identity to the training part is below."""


@dataclass(frozen=True)
class Judgement:
    """One metric of one answer on the proteins of one band, with a 95 % interval where one was asked for."""

    band: str
    metric: str
    num_proteins: int
    estimate: float | None
    """None where the metric has no value on these proteins, or in no resample of them."""
    interval: Interval | None


def bands_of_identity(highest: Float[np.ndarray, " protein"]) -> dict[str, Bool[np.ndarray, " protein"]]:
    """Return the proteins of each band by their highest identity (0-1) to the training part."""
    return {f"< {bound:.0%}".replace("%", " %"): highest < bound for bound in IDENTITIES}


def function_metrics(information: Float[np.ndarray, " class"] | None) -> dict[str, Metric]:
    """Return the metrics by name; without information content those that need none."""
    found = {name: METRICS[name] for name in ("fmax", "auprc_protein", "auroc_macro")}
    if information is not None:
        weighted = weighted_metrics(information)
        found |= {name: weighted[name] for name in ("fmax_weighted", "smin")}
    return found


def where_predicted(score: Float[np.ndarray, "protein class"]) -> Float[np.ndarray, "protein class"]:
    """Return scores in [0, 1] as `judge` takes them: 0 is no prediction, at any threshold.

    Else all would be predicted at a threshold of 0: with few classes no bad F-max for who predicts nothing, and an area
    up to the recall of 1 for who predicts little.
    """
    return np.where(score > 0, score, -np.inf)


def judge(
    label: Bool[np.ndarray, "protein class"],
    score: Float[np.ndarray, "protein class"],
    metrics: Mapping[str, Metric],
    *,
    bands: Mapping[str, Bool[np.ndarray, " protein"]] | None = None,
    is_whole_judged: bool = True,
    is_class_counted: Bool[np.ndarray, " class"] | None = None,
    unit: Shaped[np.ndarray, " protein"] | None = None,
    num_resamples: int = 200,
    seed: int = 0,
    with_interval: Collection[str] | None = None,
) -> list[Judgement]:
    """Return every metric on all proteins and on every band that holds at least two of them.

    Args:
        label: closed under the hierarchy.
        score: any scores, higher is more likely; minus infinity is no prediction (`where_predicted`).
        metrics: by name; see `function_metrics`.
        bands: proteins of each band.
        is_whole_judged: whether all proteins together are judged as well.
        is_class_counted: classes that count; all if not given. Leave out roots that every protein has.
        unit: what is resampled whole; each protein by itself if not given.
        num_resamples: resamples behind each interval.
        seed: of the resamples.
        with_interval: metrics that get one (resampling costs); all if not given.

    Raises:
        InputError: shapes do not fit, or what a metric refuses.
    """
    if label.shape != score.shape:
        raise InputError(
            describe("labels and scores do not fit", expected=f"both {label.shape}", found=str(score.shape))
        )
    keep = np.ones(label.shape[1], dtype=bool) if is_class_counted is None else is_class_counted
    units = np.arange(len(label)) if unit is None else unit
    masks = {ALL: np.ones(len(label), dtype=bool)} if is_whole_judged else {}
    masks |= dict(bands or {})
    found = []
    for band, is_in in masks.items():
        has_label = label[is_in][:, keep].any()
        if is_in.sum() < 2 or not has_label:
            continue
        for name, metric in metrics.items():
            # Weighted metrics know all classes, so the others are masked instead of cut off.
            mask = is_in[:, None] & keep[None]
            estimate, interval = None, None
            try:
                if with_interval is None or name in with_interval:
                    interval = bootstrap_interval(metric, label, score, units, num_resamples, seed=seed, mask=mask)
                    estimate = interval.estimate
                else:
                    estimate = metric.function(label, score, mask)
            except UndefinedMetric:
                estimate = None
            found.append(Judgement(band, name, int(is_in.sum()), estimate, interval))
    return found


def missing_bands(judged: Sequence[Judgement], bands: Mapping[str, Bool[np.ndarray, " protein"]]) -> list[str]:
    """Return the bands that hold too few proteins to be judged."""
    present = {one.band for one in judged}
    return [band for band in bands if band not in present]
