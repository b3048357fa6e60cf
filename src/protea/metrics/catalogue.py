"""Every metric by name, with its direction, the input it needs and its chance level."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

import numpy as np

from protea.errors import InputError
from protea.metrics.accuracy import accuracy, accuracy_by_unit
from protea.metrics.antisymmetry import (
    antisymmetry_bias,
    antisymmetry_bias_by_unit,
    antisymmetry_correlation,
    antisymmetry_correlation_by_unit,
)
from protea.metrics.auprc import auprc, auprc_by_unit, auprc_macro, auprc_macro_by_unit
from protea.metrics.auprc_protein import auprc_protein, auprc_protein_by_unit
from protea.metrics.auroc import auroc, auroc_by_unit, auroc_macro, auroc_macro_by_unit
from protea.metrics.brier import brier, brier_by_unit, brier_classes, brier_classes_by_unit
from protea.metrics.crps import crps, crps_by_unit
from protea.metrics.ece import (
    ece,
    ece_by_unit,
    ece_equal_mass,
    ece_equal_mass_by_unit,
    ece_top_label,
    ece_top_label_by_unit,
    ece_top_label_equal_mass,
    ece_top_label_equal_mass_by_unit,
)
from protea.metrics.error_sigma_correlation import error_sigma_correlation, error_sigma_correlation_by_unit
from protea.metrics.f1 import macro_f1, macro_f1_by_unit
from protea.metrics.fmax import fmax, fmax_by_unit, fmax_softmax, fmax_softmax_by_unit
from protea.metrics.gaussian_nll import gaussian_nll, gaussian_nll_by_unit
from protea.metrics.interval_coverage import interval_coverage, interval_coverage_by_unit
from protea.metrics.interval_score import interval_score, interval_score_by_unit
from protea.metrics.interval_width import interval_width, interval_width_by_unit
from protea.metrics.mae import mae, mae_by_unit
from protea.metrics.mcc import mcc, mcc_by_unit
from protea.metrics.micro_f1 import micro_f1, micro_f1_by_unit
from protea.metrics.micro_f1_best import micro_f1_best, micro_f1_best_by_unit
from protea.metrics.miscalibration_area import miscalibration_area, miscalibration_area_by_unit
from protea.metrics.ndcg import ndcg, ndcg_by_unit
from protea.metrics.pearson import pearson, pearson_by_unit
from protea.metrics.perplexity import perplexity, perplexity_by_unit
from protea.metrics.precision_at_l import BANDS, DIVISORS, PrecisionAtL
from protea.metrics.retention import (
    rejection_ratio,
    rejection_ratio_by_unit,
    retention_area,
    retention_area_by_unit,
)
from protea.metrics.rmse import rmse, rmse_by_unit
from protea.metrics.samples import UnitStatistic
from protea.metrics.sharpness import sharpness, sharpness_by_unit
from protea.metrics.spearman import spearman, spearman_by_unit
from protea.metrics.spearman_within import spearman_within, spearman_within_by_unit
from protea.metrics.top_recall import top_recall, top_recall_by_unit

__all__ = ["METRICS", "UNRANKED_METRICS", "Metric", "MetricByUnit", "MetricFunction", "metric_named"]

# (target, score or prediction, mask) -> value
MetricFunction = Callable[[np.ndarray, np.ndarray, np.ndarray | None], float]
# (target, score or prediction, mask, unit index) -> value as a function of unit counts
MetricByUnit = Callable[[np.ndarray, np.ndarray, np.ndarray | None, np.ndarray | None], UnitStatistic]


@dataclass(frozen=True)
class Metric:
    """One metric: the function, the same prepared for resampling, and what a reader of its values must know."""

    name: str
    function: MetricFunction
    by_unit: MetricByUnit
    higher_is_better: bool
    needs: Literal[
        "score", "class", "decision", "value", "logits", "probability", "gaussian", "interval", "map", "grouped"
    ]
    """What the second array holds: any monotone score, class ids, a yes or no (1, 0) per label, values in the
    target's unit, logits over classes, probabilities of 1, (mean, sigma) or (low, high) along a last axis, cells of
    maps of residue pairs (`precision_at_l.map_cells`), scores with their group (`spearman_within.grouped_scores`)."""
    chance: str
    """What a model that knows nothing reaches."""


METRICS: dict[str, Metric] = {
    metric.name: metric
    for metric in (
        Metric("accuracy", accuracy, accuracy_by_unit, True, "class", "the share of the commonest class"),
        Metric("macro_f1", macro_f1, macro_f1_by_unit, True, "class", "near 1 / number of classes, if drawn evenly"),
        Metric("micro_f1", micro_f1, micro_f1_by_unit, True, "decision", "that of the most frequent labels for all"),
        Metric("micro_f1_best", micro_f1_best, micro_f1_best_by_unit, True, "score", "as micro_f1, by an oracle"),
        Metric("mcc", mcc, mcc_by_unit, True, "class", "0"),
        Metric("auprc", auprc, auprc_by_unit, True, "score", "the share of positives"),
        Metric("auprc_macro", auprc_macro, auprc_macro_by_unit, True, "score", "the mean share of positives per label"),
        Metric("auprc_protein", auprc_protein, auprc_protein_by_unit, True, "score", "as fmax"),
        Metric("auroc", auroc, auroc_by_unit, True, "score", "0.5"),
        Metric("auroc_macro", auroc_macro, auroc_macro_by_unit, True, "score", "0.5"),
        Metric("fmax", fmax, fmax_by_unit, True, "score", "that of the training frequency of each label (not 0)"),
        Metric("fmax_softmax", fmax_softmax, fmax_softmax_by_unit, True, "logits", "as fmax, by another definition"),
        Metric("perplexity", perplexity, perplexity_by_unit, False, "logits", "exp(entropy of the class frequencies)"),
        Metric("rmse", rmse, rmse_by_unit, False, "value", "the target's standard deviation (predict the mean)"),
        Metric("mae", mae, mae_by_unit, False, "value", "the mean distance from the target's median"),
        Metric("spearman", spearman, spearman_by_unit, True, "score", "0"),
        Metric("spearman_within", spearman_within, spearman_within_by_unit, True, "grouped", "0"),
        Metric("pearson", pearson, pearson_by_unit, True, "value", "0"),
        Metric("ndcg", ndcg, ndcg_by_unit, True, "score", "the mean gain over that of the best tenth (not 0)"),
        Metric("top_recall", top_recall, top_recall_by_unit, True, "score", "0.1"),
        Metric("brier", brier, brier_by_unit, False, "probability", "q (1 - q), q the share of positives"),
        Metric("brier_classes", brier_classes, brier_classes_by_unit, False, "logits", "1 - sum of squared shares"),
        Metric("ece", ece, ece_by_unit, False, "probability", "0 for the constant share of positives"),
        Metric("ece_equal_mass", ece_equal_mass, ece_equal_mass_by_unit, False, "probability", "as ece"),
        Metric("ece_top_label", ece_top_label, ece_top_label_by_unit, False, "logits", "0 for the constant shares"),
        Metric(
            "ece_top_label_equal_mass", ece_top_label_equal_mass, ece_top_label_equal_mass_by_unit, False, "logits",
            "as ece_top_label",
        ),
        Metric("gaussian_nll", gaussian_nll, gaussian_nll_by_unit, False, "gaussian", "that of mean and deviation"),
        Metric("crps", crps, crps_by_unit, False, "gaussian", "0.56 deviations of a normal target"),
        Metric(
            "miscalibration_area", miscalibration_area, miscalibration_area_by_unit, False, "gaussian",
            "0.5 far off; about 0.31 / sqrt(samples) for a right sigma",
        ),
        Metric(
            "error_sigma_correlation", error_sigma_correlation, error_sigma_correlation_by_unit, True, "gaussian", "0"
        ),
        Metric("retention_area", retention_area, retention_area_by_unit, False, "gaussian", "half the MAE"),
        Metric("rejection_ratio", rejection_ratio, rejection_ratio_by_unit, True, "gaussian", "0"),
        *(
            Metric(found.name, found, found.by_unit, True, "map", "the share of contacts")
            for divisor in DIVISORS
            for found in (PrecisionAtL(divisor, band) for band in BANDS)
        ),
        Metric("interval_score", interval_score, interval_score_by_unit, False, "interval", "4.1 deviations (90 %)"),
    )
}  # fmt: skip

UNRANKED_METRICS: dict[str, Metric] = {
    metric.name: metric
    for metric in (
        Metric(
            "interval_coverage", interval_coverage, interval_coverage_by_unit, True, "interval", "the level is right"
        ),
        Metric("interval_width", interval_width, interval_width_by_unit, False, "interval", "means nothing alone"),
        Metric("sharpness", sharpness, sharpness_by_unit, False, "gaussian", "means nothing alone"),
        Metric(
            "antisymmetry_correlation", antisymmetry_correlation, antisymmetry_correlation_by_unit, False, "value",
            "-1 also for any number that is negated",
        ),
        Metric("antisymmetry_bias", antisymmetry_bias, antisymmetry_bias_by_unit, False, "value", "0 also for zeros"),
    )
}  # fmt: skip
"""What describes answers but ranks no model: full coverage costs nothing if the interval may be infinite, a small
width nothing if it need not cover, and nothing is more antisymmetric than 0. The antisymmetry metrics take predictions
of both directions of a change instead of target and prediction."""


def metric_named(name: str) -> Metric:
    """Return the metric of this name.

    Raises:
        InputError: there is none; the message lists the right names.
    """
    if name not in METRICS:
        raise InputError(f"there is no metric named {name!r}; expected one of {', '.join(sorted(METRICS))}.")
    return METRICS[name]
