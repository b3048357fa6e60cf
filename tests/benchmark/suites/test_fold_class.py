"""SCOP class from CA traces: one known class per chain, no superfamily on two sides."""

from collections import Counter
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from protea.benchmark.suites.catalogue import parse_suite
from protea.benchmark.suites.interface import Suite, SuiteData

# chain, SCOP entries; 1abcA is of two classes, 2xyzA of none, and 6aaaA joins the superfamilies a.1.1 and a.2.1.
CHAINS = {
    "1aaaA": "a.1.1.1",
    "1bbbA": "b.1.1.1",
    "1cccA": "c.1.1.1",
    "1dddA": "g.3.1.2",
    "1abcA": "a.9.1.1;b.9.1.1",
    "2xyzA": None,
    "5aaaA": "a.2.1.1",
    "6aaaA": "a.1.1.5;a.2.1.9",
    "7aaaA": "a.2.1.3",
}


def write_table(path: Path) -> Path:
    lengths = {chain: 4 + place for place, chain in enumerate(CHAINS)}
    table = {
        "chain": list(CHAINS),
        "sequence": ["ACDEFGHIKLMNPQRSTVWY"[:length] for length in lengths.values()],
        "ca_xyz": [(3.8 * np.arange(3 * length)).astype(np.float32).tolist() for length in lengths.values()],
        "scop_sccs": list(CHAINS.values()),
    }
    pq.write_table(pa.table(table), path)
    return path


def suite_on(path: Path, num_folds: int = 3) -> Suite:
    source = {"kind": "ca_traces", "path": str(path)}
    return parse_suite({"kind": "fold_class", "source": source, "num_folds": num_folds})


@pytest.fixture(scope="module")
def suite(tmp_path_factory: pytest.TempPathFactory) -> Suite:
    return suite_on(write_table(tmp_path_factory.mktemp("traces") / "traces.parquet"))


@pytest.fixture(scope="module")
def data(suite: Suite, tmp_path_factory: pytest.TempPathFactory) -> SuiteData:
    return suite.prepare(tmp_path_factory.mktemp("store"))


def labels(data: SuiteData) -> dict[str, int]:
    rows = data.rows(data.ids)
    batch = rows.load(rows.rows.tolist())
    assert bool(batch.extra["scop_class.is_known"].value.all())
    assert batch.lengths().tolist() == data.lengths.tolist() == rows.lengths.tolist()
    return dict(zip(batch.ids, batch.extra["scop_class"].value.tolist(), strict=True))


def test_chains_of_one_known_class_are_kept_and_the_others_counted(data: SuiteData) -> None:
    assert labels(data) == {"1aaaA": 0, "1bbbA": 1, "1cccA": 2, "1dddA": 6, "5aaaA": 0, "6aaaA": 0, "7aaaA": 0}
    assert "- chains_of_several_classes: 1" in data.notes
    assert "- chains_without_scop: 1" in data.notes
    assert "- chains of one known class: 7" in data.notes


def test_superfamilies_stay_on_one_side(data: SuiteData) -> None:
    unit_of = dict(zip(data.ids, data.unit_of.tolist(), strict=True))
    assert len({unit_of[name] for name in ("1aaaA", "5aaaA", "6aaaA", "7aaaA")}) == 1
    assert_folds_are_apart(data, 3)


def assert_folds_are_apart(data: SuiteData, num_folds: int) -> None:
    unit_of = dict(zip(data.ids, data.unit_of.tolist(), strict=True))
    assert len(data.folds) == num_folds
    assert Counter(name for fold in data.folds for name in fold.test) == Counter(data.ids)
    for fold in data.folds:
        train, validation, test = (
            {unit_of[name] for name in part} for part in (fold.train, fold.validation, fold.test)
        )
        assert not train & validation | train & test | validation & test


def test_the_task_has_a_class_per_scop_class(suite: Suite, data: SuiteData) -> None:
    tasks = suite.tasks(data)
    assert {name: task.metric for name, task in tasks.items()} == {"scop_class": "macro_f1"}
    assert tasks["scop_class"].objective.num_classes == 7  # type: ignore[union-attr]
    assert suite.higher_is_better(data)


def test_the_real_traces(shared_data: Path, tmp_path: Path) -> None:
    path = shared_data / "structures" / "ca_traces.parquet"
    source = suite_on(path).source  # type: ignore[attr-defined]
    data = suite_on(path, 5).prepare(tmp_path)
    assert_folds_are_apart(data, 5)
    found = labels(data)
    counts = Counter(found.values())
    assert sum(counts.values()) == len(data.ids) > 500
    assert min(counts[place] for place in range(4)) > 50  # all alpha, all beta, alpha / beta, alpha + beta
    # Word for word from the table: no chain of two parts shares a superfamily.
    families = {row["chain"]: row["scop_sccs"] for row in pq.read_table(path).to_pylist()}
    assert source.groups().keys() == families.keys()
    for fold in data.folds:
        train, test = (
            {".".join(entry.split(".")[:3]) for name in part for entry in families[name].split(";")}
            for part in (fold.train, fold.test)
        )
        assert not train & test
