"""Random inputs that fit any metric of the catalogue, with ties and units."""

from dataclasses import dataclass

import numpy as np

from protea.metrics.catalogue import Metric
from protea.metrics.precision_at_l import map_cells

ROW_METRICS = ("auprc_macro", "auprc_protein", "auroc_macro", "fmax", "fmax_softmax", "fmax_weighted", "smin")


@dataclass(frozen=True)
class Case:
    target: np.ndarray
    score: np.ndarray
    unit: np.ndarray


def random_case(metric: Metric, seed: int, num_rows: int = 60, num_units: int = 12, dtype: str = "float64") -> Case:
    """A case of `num_rows` rows; scores are rounded, so many are tied; unit ids are neither sorted nor contiguous."""
    rng = np.random.default_rng(seed)
    unit = rng.permutation(np.arange(num_rows) % num_units) * 7 + 100
    if metric.name in ROW_METRICS:
        target = rng.random((num_rows, 5)) < 0.3
        target[::11] = False  # some proteins without a label
        return Case(target.astype(np.int64), np.round(rng.normal(size=target.shape) + target, 1).astype(dtype), unit)
    if metric.needs in ("gaussian", "interval"):
        target = np.round(rng.normal(size=num_rows), 1)
        mean = np.round(target + rng.normal(size=num_rows), 1)
        doubt = np.round(rng.uniform(0.2, 2.0, size=num_rows), 1)
        columns = (mean, doubt) if metric.needs == "gaussian" else (mean - doubt, mean + doubt)
        return Case(target.astype(dtype), np.stack(columns, axis=1).astype(dtype), unit)
    if metric.needs == "map":
        target = (rng.random(num_rows) < 0.4).astype(np.int64)
        map_idx = (unit - 100) // 7  # each unit is one map
        separation = rng.integers(6, 40, size=num_rows)
        score = np.round(rng.normal(size=num_rows) + target, 1)
        cells = map_cells(score, map_idx, separation, np.full(num_units, 15))
        return Case(target, cells.astype(dtype), unit)
    if metric.needs == "grouped":
        target = np.round(rng.normal(size=num_rows), 1)
        score = np.round(target + rng.normal(size=num_rows), 1)
        # Each unit is one group.
        return Case(target.astype(dtype), np.stack([score, (unit - 100) // 7], axis=1).astype(dtype), unit)
    if metric.needs == "probability":
        target = (rng.random(num_rows) < 0.3).astype(np.int64)
        return Case(target, np.round(rng.random(num_rows), 1).astype(dtype), unit)
    if metric.needs == "logits":
        return Case(rng.integers(6, size=num_rows), rng.normal(size=(num_rows, 6)).astype(dtype), unit)
    if metric.name == "micro_f1":
        target = (rng.random((num_rows, 5)) < 0.3).astype(np.int64)
        return Case(target, np.where(rng.random(target.shape) < 0.5, target, 1 - target), unit)
    if metric.needs == "class":
        target = rng.integers(4, size=num_rows)
        return Case(target, np.where(rng.random(num_rows) < 0.5, target, rng.integers(5, size=num_rows)), unit)
    if metric.name in ("auprc", "auroc", "micro_f1_best"):
        target = (rng.random(num_rows) < 0.3).astype(np.int64)
        return Case(target, np.round(rng.normal(size=num_rows) + target, 1).astype(dtype), unit)
    target = np.round(rng.normal(size=num_rows), 1).astype(dtype)
    return Case(target, np.round(target + rng.normal(size=num_rows), 1).astype(dtype), unit)
