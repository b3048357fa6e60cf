"""Deep-sea proteins: one fold validates, the group PM tests, judged by AUROC."""

import math
from pathlib import Path

import pytest

from protea.benchmark.suites.catalogue import parse_suite
from tests.benchmark.suites.published_files import labels_of, parts_of, placed, uninformed_losses
from tests.datasets.sources.published.made_site import zipped
from tests.datasets.sources.published.test_deep_sea import TABLE


def test_labels_parts_and_task(tmp_path: Path) -> None:
    path = placed(tmp_path / "data", {"deep-sea-proteins-1.zip": zipped({"folds.tsv": TABLE})}, "1aaa 1bbb 1ccc")
    suite = parse_suite({"kind": "deep_sea", "source": {"kind": "deep_sea", "folder": path}})
    data = suite.prepare(tmp_path / "cache")
    assert parts_of(data) == (("1aaa_A", "1ccc_A"), ("1aaa_B",), ("1bbb_A",))
    assert {id: int(value) for id, value in labels_of(data, "is_deep_sea").items()} == {
        "1aaa_A": 1, "1ccc_A": 0, "1aaa_B": 0, "1bbb_A": 1,
    }  # fmt: skip
    ((name, task),) = suite.tasks(data).items()
    assert (name, task.metric, task.objective.level) == ("is_deep_sea", "auroc", "protein")  # type: ignore[union-attr]
    assert uninformed_losses(suite, data) == pytest.approx({"is_deep_sea": math.log(2)})
