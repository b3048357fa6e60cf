"""Rows that were committed are there, whatever a killed writer left behind them."""

from pathlib import Path

import numpy as np
import pytest

from protea.applications.embedding.growing_array import GrowingArray
from protea.errors import FileFormatError

SINGLE = np.dtype("<f4")


def test_what_was_appended_is_what_numpy_loads(tmp_path: Path) -> None:
    rows = np.arange(30, dtype=np.float32).reshape(10, 3)
    path = tmp_path / "a.npy"
    array = GrowingArray(path, SINGLE, (3,), 0)
    for start in range(0, 10, 4):
        array.append(rows[start : start + 4])
        array.commit()
        np.testing.assert_array_equal(np.load(path), rows[: start + 4])
    array.close()
    assert np.load(path, mmap_mode="r").dtype == SINGLE


def test_rows_beyond_the_committed_ones_are_cut_off(tmp_path: Path) -> None:
    path = tmp_path / "a.npy"
    array = GrowingArray(path, SINGLE, (2,), 0)
    array.append(np.ones((5, 2)))
    array.commit()
    array.append(np.full((100_000, 2), 7.0))  # more than any buffer holds: it reaches the file without a commit
    array.close()
    again = GrowingArray(path, SINGLE, (2,), 4)  # the manifest is one row behind the header
    again.append(np.zeros((1, 2)))
    again.commit()
    again.close()
    np.testing.assert_array_equal(np.load(path), [[1, 1]] * 4 + [[0, 0]])


def test_numbers_without_an_inner_axis(tmp_path: Path) -> None:
    array = GrowingArray(tmp_path / "ptr.npy", np.dtype("<i8"), (), 0)
    array.append(np.array([0, 3]))
    array.commit()
    array.close()
    assert np.load(tmp_path / "ptr.npy").tolist() == [0, 3]


def test_a_file_that_lost_rows_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.npy"
    array = GrowingArray(path, SINGLE, (2,), 0)
    array.append(np.ones((5, 2)))
    array.commit()
    array.close()
    with pytest.raises(FileFormatError, match="damaged"):
        GrowingArray(path, SINGLE, (2,), 6)
