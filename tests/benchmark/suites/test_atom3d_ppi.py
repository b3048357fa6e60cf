"""Interfaces of chain pairs: each partner alone, in the published parts, resampled with the other."""

import math
from pathlib import Path

import numpy as np
import pytest

from protea.benchmark.suites.catalogue import parse_suite
from tests.benchmark.suites.published_files import labels_of, parts_of, placed, uninformed_losses
from tests.datasets.sources.atom3d.made_lmdb import split_archive
from tests.datasets.sources.atom3d.test_ppi import item


def test_labels_parts_units_and_task(tmp_path: Path) -> None:
    data = split_archive(tmp_path / "a", "DIPS-split", [item("1abc")], [item("2abc")], [item("3abc_0_A_3abc_0_B")])
    path = placed(tmp_path / "data", {"PPI-DIPS-split.tar.gz": data})
    suite = parse_suite({"kind": "atom3d_ppi", "source": {"kind": "atom3d_ppi", "folder": path}})
    made = suite.prepare(tmp_path / "cache")
    assert parts_of(made) == (
        ("1abc:0", "1abc:1"),
        ("2abc:0", "2abc:1"),
        ("3abc_0_A_3abc_0_B:0", "3abc_0_A_3abc_0_B:1"),
    )
    assert made.unit_of.tolist() == ["1abc:0", "1abc:1", "2abc:0", "2abc:1", "3abc", "3abc"]
    labels = labels_of(made, "interface")
    assert np.flatnonzero(labels["3abc_0_A_3abc_0_B:0"]).tolist() == [28, 29]
    assert np.flatnonzero(labels["3abc_0_A_3abc_0_B:1"]).tolist() == [0, 1]
    ((name, task),) = suite.tasks(made).items()
    assert (name, task.metric, task.objective.level) == ("interface", "auprc", "residue")  # type: ignore[union-attr]
    assert uninformed_losses(suite, made) == pytest.approx({"interface": math.log(2)})
