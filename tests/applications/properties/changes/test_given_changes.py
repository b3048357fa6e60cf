"""Predictions of another tool are read by id, each example asked for or an error."""

from pathlib import Path

import pytest

from protea.applications.properties.changes.given_changes import read_given_changes
from protea.errors import FileFormatError, InputError


def written(folder: Path, *lines: str, head: str = "id,direct,reverse") -> Path:
    path = folder / "tool.csv"
    path.write_text("\n".join([head, *lines]) + "\n")
    return path


def test_directions_in_the_order_asked_for(tmp_path: Path) -> None:
    found = read_given_changes(written(tmp_path, "1ABC:M1A,1.5,-1", "1ABC:K2R,-0.5,0.25"))
    direct, reverse = found.directions(["1ABC:K2R", "1ABC:M1A"])
    assert found.name == "tool"
    assert direct.tolist() == [-0.5, 1.5]
    assert reverse.tolist() == [0.25, -1.0]
    with pytest.raises(InputError, match=r"tool has no prediction for 1 of 2 test examples; .*'1ABC:X'"):
        found.directions(["1ABC:K2R", "1ABC:X"])


@pytest.mark.parametrize("line", ["1ABC:M1A,1.5,", "1ABC:M1A,high,1", "1ABC:M1A,nan,1"])
def test_a_line_that_is_none_is_refused(line: str, tmp_path: Path) -> None:
    with pytest.raises(FileFormatError, match=r"tool.csv:2"):
        read_given_changes(written(tmp_path, line))


def test_twice_and_other_columns_are_refused(tmp_path: Path) -> None:
    with pytest.raises(FileFormatError, match="an id that has no other line"):
        read_given_changes(written(tmp_path, "a,1,2", "a,1,2"))
    with pytest.raises(FileFormatError, match="expected id, direct, reverse; found id, score"):
        read_given_changes(written(tmp_path, "a,1", head="id,score"))
