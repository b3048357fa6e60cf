"""ccPDB: a task per kind of partner, unknown on chains that are not listed for it."""

import math
from pathlib import Path

import numpy as np
import pytest

from protea.benchmark.suites.catalogue import parse_suite
from protea.benchmark.suites.interface import Suite
from protea.errors import InputError
from tests.benchmark.suites.published_files import labels_of, parts_of, placed, uninformed_losses
from tests.datasets.sources.published.test_ccpdb import marks

KEYS = [f"1{letter}bc" for letter in "abcdefghij"]
TABLE = "PDB,chain,interactor,interacting_residues\n" + "\n".join(
    [f"{key.upper()},A,ZN,{marks({place})}" for place, key in enumerate(KEYS)] + [f"1ABC,A,CA,{marks({7, 8})}"]
)


def suite_in(folder: Path, table: str = TABLE) -> Suite:
    source = {
        "kind": "ccpdb",
        "folder": placed(folder, {"PROTEINS_METAL.csv": table}, " ".join(KEYS)),
        "table": "metal",
    }
    return parse_suite({"kind": "ccpdb", "source": source})


def test_labels_parts_and_tasks(tmp_path: Path) -> None:
    suite = suite_in(tmp_path / "data")
    data = suite.prepare(tmp_path / "cache")
    assert tuple(len(part) for part in parts_of(data)) == (8, 1, 1)
    zinc, calcium = labels_of(data, "binds_ZN"), labels_of(data, "binds_CA")
    assert {id: np.flatnonzero(value).tolist() for id, value in zinc.items()} == {
        f"{key}_A": [place] for place, key in enumerate(KEYS)
    }
    assert np.flatnonzero(calcium.pop("1abc_A")).tolist() == [7, 8]
    assert set(calcium.values()) == {None}
    tasks = suite.tasks(data)
    assert list(tasks) == ["binds_ZN", "binds_CA"]  # most chains first
    assert {task.metric for task in tasks.values()} == {"auprc"}
    assert [task.weight for task in tasks.values()] == [0.5, 0.5]
    assert uninformed_losses(suite, data) == pytest.approx({"binds_ZN": math.log(2), "binds_CA": math.log(2)})


def test_a_kind_of_partner_that_nobody_trains_on_is_refused(tmp_path: Path) -> None:
    suite = suite_in(tmp_path / "data")
    (test,) = suite.source.split().test  # type: ignore[attr-defined]
    table = TABLE.replace("1ABC,A,CA", f"{test[:4].upper()},A,CA")
    with pytest.raises(InputError, match="no training protein has the label 'binds_CA'; expected at least one of 8"):
        suite_in(tmp_path / "other", table).prepare(tmp_path / "cache")
