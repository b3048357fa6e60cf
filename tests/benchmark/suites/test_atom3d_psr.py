"""Ranking of models: the published parts, GDT-TS, and a score that counts the order within each target alone."""

from pathlib import Path

import numpy as np
import pytest

from protea.benchmark.predictions import stored
from protea.benchmark.report.mean_over_folds import resample_fold
from protea.benchmark.suites.catalogue import parse_suite
from protea.metrics.undefined import UndefinedMetric
from protea.training.evaluation import Predictions, evaluate_metric
from tests.benchmark.suites.published_files import labels_of, parts_of, placed
from tests.datasets.sources.atom3d.made_lmdb import split_archive
from tests.datasets.sources.atom3d.test_psr import item


def predictions(ids: tuple[str, ...], target: list[float], score: list[float]) -> Predictions:
    num = len(ids)
    return Predictions(ids, np.arange(num), np.arange(num + 1), np.array(score, np.float32),
                       np.array(target, np.float32), np.ones(num, bool), 0.0)  # fmt: skip


def test_parts_labels_units_and_task(tmp_path: Path) -> None:
    train = [item("T1", "a", 0.2), item("T1", "b", 0.6), item("T2", "a", 0.4)]
    test = [item("T8", "a", 0.5), item("T8", "b", 0.75), item("T9", "a", 1)]
    data = split_archive(tmp_path / "a", "split-by-year", train, [item("T5", "a", 0.0)], test)
    path = placed(tmp_path / "data", {"PSR-split-by-year.tar.gz": data})
    suite = parse_suite({"kind": "atom3d_psr", "source": {"kind": "atom3d_psr", "folder": path}})
    made = suite.prepare(tmp_path / "cache")
    assert parts_of(made) == (("T1:a", "T1:b", "T2:a"), ("T5:a",), ("T8:a", "T8:b", "T9:a"))
    assert {id: float(value) for id, value in labels_of(made, "gdt_ts").items()} == pytest.approx(
        {"T1:a": 0.2, "T1:b": 0.6, "T2:a": 0.4, "T5:a": 0.0, "T8:a": 0.5, "T8:b": 0.75, "T9:a": 1.0}
    )
    assert made.unit_of.tolist()[-3:] == ["T8", "T8", "T9"]
    ((name, task),) = suite.tasks(made).items()
    assert (name, task.metric, task.objective.level) == ("gdt_ts", "spearman_within", "protein")  # type: ignore[union-attr]
    assert task.objective.mean == pytest.approx(0.4)  # type: ignore[union-attr]


def test_only_the_order_within_a_target_counts() -> None:
    ids = ("T1:a", "T1:b", "T1:c", "T2:a", "T2:b", "T2:c")
    target = [0.1, 0.2, 0.3, 0.7, 0.8, 0.9]
    easy_from_hard = predictions(ids, target, [3, 2, 1, 6, 5, 4])
    assert evaluate_metric("spearman", easy_from_hard) > 0.5
    assert evaluate_metric("spearman_within", easy_from_hard) == pytest.approx(-1.0)
    half = stored(predictions(ids, target, [1, 2, 3, 6, 5, 4]))
    assert half.value("spearman_within") == pytest.approx(0.0)
    resampled = resample_fold(half, "spearman_within", np.repeat(["T1", "T2"], 3)[:, None], 50, 0)
    assert set(np.round(resampled.value, 6)) == {-1.0, 0.0, 1.0}
    with pytest.raises(UndefinedMetric, match="expected ids such as"):
        evaluate_metric("spearman_within", predictions(("a", "b"), [0, 1], [0, 1]))
