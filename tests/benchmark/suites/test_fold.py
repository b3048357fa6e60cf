"""Fold classification: a test of three, or all three as subsets; whole folds are resampled."""

import math
from pathlib import Path

import numpy as np
import pytest

from protea.benchmark.suites.catalogue import parse_suite
from protea.benchmark.suites.fold import NUM_FOLDS
from protea.benchmark.suites.interface import Suite
from tests.benchmark.suites.published_files import labels_of, parts_of, placed, uninformed_losses
from tests.datasets.sources.published.made_site import domain_archive
from tests.datasets.sources.published.test_fold import LISTS

DOMAINS = "d1aaaa_ d1bbbb_ d1cccc_ d1dddd_ d1eeee_ d1ffff_ d1gggg_"
FILES = {
    **LISTS,
    "test_family.txt": "d1ffff_\ta.1\ta.1\nd1gggg_\tb.2\tb.2\n",
    "pdbstyle-sel-gs-bib-95-1.75.tgz": domain_archive(DOMAINS, "pdbstyle-1.75"),
}


def suite_in(folder: Path, test: str = "fold", **settings: object) -> Suite:
    return parse_suite(
        {"kind": "fold", "source": {"kind": "fold", "folder": placed(folder, FILES), "test": test}, **settings}
    )


@pytest.mark.parametrize(
    ("test", "ids"), [("fold", ("d1dddd_",)), ("superfamily", ("d1eeee_",)), ("family", ("d1ffff_", "d1gggg_"))]
)
def test_the_chosen_test_is_asked(tmp_path: Path, test: str, ids: tuple[str, ...]) -> None:
    data = suite_in(tmp_path / "data", test).prepare(tmp_path / "cache")
    assert parts_of(data) == (("d1aaaa_", "d1bbbb_"), ("d1cccc_",), ids)
    assert data.subsets == {}


def test_all_tests_after_one_training_are_subsets(tmp_path: Path) -> None:
    suite = suite_in(tmp_path / "data", has_all_tests=True)
    data = suite.prepare(tmp_path / "cache")
    test = ("d1dddd_", "d1eeee_", "d1ffff_", "d1gggg_")
    assert parts_of(data) == (("d1aaaa_", "d1bbbb_"), ("d1cccc_",), test)
    found = {name: tuple(np.array(data.ids)[mask]) for name, mask in data.subsets.items()}
    assert found == {
        "test fold": ("d1dddd_",), "test superfamily": ("d1eeee_",), "test family": ("d1ffff_", "d1gggg_"),
    }  # fmt: skip
    unit_of = dict(zip(data.ids, data.unit_of.tolist(), strict=True))
    assert unit_of["d1dddd_"] == unit_of["d1gggg_"] != unit_of["d1eeee_"] == unit_of["d1ffff_"]


def test_the_task_has_a_class_per_fold(tmp_path: Path) -> None:
    suite = suite_in(tmp_path / "data")
    data = suite.prepare(tmp_path / "cache")
    assert {id: int(value) for id, value in labels_of(data, "fold").items()} == {
        "d1aaaa_": 0, "d1bbbb_": 1, "d1cccc_": 0, "d1dddd_": 1,
    }  # fmt: skip
    ((name, task),) = suite.tasks(data).items()
    assert (name, task.metric, task.also) == ("fold", "accuracy", ("macro_f1",))
    assert task.objective.num_classes == NUM_FOLDS == 1195  # type: ignore[union-attr]
    assert uninformed_losses(suite, data) == pytest.approx({"fold": math.log(1195)})
