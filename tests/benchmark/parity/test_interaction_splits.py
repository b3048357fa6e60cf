"""Split lists are compared entry by entry; one entry out of place differs."""

import json
from pathlib import Path

import numpy as np
import pytest

from protea.benchmark.parity.check import check_golden, kind_of_golden
from protea.benchmark.parity.golden import Golden

# A ring of ten proteins.
PAIRS = np.array([[0, 1], [1, 2], [2, 3], [3, 4], [4, 5], [5, 6], [6, 7], [7, 8], [8, 9], [0, 9]], np.int32)


def write(folder: Path, **outputs: np.ndarray) -> Golden:
    folder.mkdir()
    (folder / "config.json").write_text(json.dumps({"test_size": 0.3}))
    np.savez(folder / "inputs.npz", ppi_list=PAIRS, ppi_labels=np.ones((10, 7), np.int8))
    np.savez(folder / "outputs.npz", **outputs)
    return Golden(folder)


def test_a_ring_worked_by_hand(tmp_path: Path) -> None:
    # random.seed(0): randint(0, 9) is 6. Its pairs are 5 and 6; protein 5 waits longest, and brings pair 4.
    right = {
        "s0_bfs_valid_index": np.array([5, 6, 4]),
        "s0_bfs_train_index": np.array([0, 1, 2, 3, 7, 8, 9]),
        "s0_bfs_valid_seen_proteins": np.array([0, 1, 1]),
    }
    golden = write(tmp_path / "right", **right)
    assert kind_of_golden(golden)[0] == "splits of an interaction network"
    report = check_golden(golden)
    assert report.status == "agrees"
    assert [(item.precision, item.tolerance) for item in report.comparisons] == [("exact", 0.0)] * 3
    for name, value in right.items():
        wrong = value.copy()
        wrong[-1] += 1
        report = check_golden(write(tmp_path / name, **{**right, name: wrong}))
        assert [item.output for item in report.comparisons if not item.is_within] == [name]
    longer = check_golden(write(tmp_path / "longer", **{**right, "s0_bfs_train_index": np.arange(8), "other": PAIRS}))
    assert longer.status == "differs"
    assert list(longer.not_compared) == ["other"]


@pytest.mark.parametrize(("name", "num_lists"), [("splits_shs27k", 27), ("splits_toy", 20)])
def test_the_shared_goldens(shared_goldens: Path, name: str, num_lists: int) -> None:
    report = check_golden(Golden(shared_goldens / "gnn_ppi" / name))
    assert report.status == "agrees", report
    assert len(report.comparisons) == num_lists
    assert not report.not_compared
