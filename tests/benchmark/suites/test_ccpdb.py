"""ccPDB: a task per kind of partner, unknown on chains that are not listed for it."""

import math
from pathlib import Path

import numpy as np
import pytest

from protea.benchmark.suites.catalogue import parse_suite
from tests.benchmark.suites.published_files import labels_of, parts_of, placed, uninformed_losses
from tests.datasets.sources.published.test_ccpdb import marks

KEYS = [f"1{letter}bc" for letter in "abcdefghij"]
TABLE = "PDB,chain,interactor,interacting_residues\n" + "\n".join(
    [f"{key.upper()},A,ZN,{marks({place})}" for place, key in enumerate(KEYS)] + [f"1ABC,A,CA,{marks({7, 8})}"]
)


def test_labels_parts_and_tasks(tmp_path: Path) -> None:
    path = placed(tmp_path / "data", {"PROTEINS_METAL.csv": TABLE}, " ".join(KEYS))
    suite = parse_suite({"kind": "ccpdb", "source": {"kind": "ccpdb", "folder": path, "table": "metal"}})
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
