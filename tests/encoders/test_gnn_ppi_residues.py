"""The table of letters that its user brings is read or refused by line; classes are those of the conjoint triad."""

from pathlib import Path

import numpy as np
import pytest

from protea.encoders.gnn_ppi_residues import LETTER_CLASSES, class_columns, letter_table, residue_columns
from protea.errors import FileFormatError, InputError


def test_the_twenty_letters_have_a_class_each_and_others_share_one() -> None:
    assert sorted("".join(LETTER_CLASSES)) == list("ACDEFGHIKLMNPQRSTVWY")
    assert class_columns("K").tolist() == [0, 0, 0, 0, 1, 0, 0, 0]
    assert class_columns("X").tolist() == class_columns("U").tolist() == [0, 0, 0, 0, 0, 0, 0, 1]


def test_five_numbers_get_their_class_and_thirteen_are_taken_as_they_are(tmp_path: Path) -> None:
    path = tmp_path / "vec.txt"
    path.write_text("A\t0.5 -1 2 3 4\n\nX\t1 1 1 1 1\t0.0 0 0 0 0 0 0 1.0\n", encoding="utf-8")
    table = letter_table(path)
    assert table["A"].tolist() == [0.5, -1, 2, 3, 4, 1, 0, 0, 0, 0, 0, 0, 0]
    assert residue_columns("AXA", table).shape == (3, 13)
    assert np.array_equal(residue_columns("AX", table)[1, 5:], class_columns("X"))


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("AB 1 2 3 4 5", "not a new letter"), ("a 1 2 3 4 5", "not a new letter"), ("C 1 2 3 4", "4 words"),
        ("C 1 2 3 4 five", "not a number"), ("C 1 2 3 4 nan", "5 or 13 finite"), ("A 1 2 3 4 5", "not a new letter"),
        ("C 1 2 3 4 5 1 1 0 0 0 0 0 0", "name no class"),
    ],
)  # fmt: skip
def test_a_broken_line_is_named(tmp_path: Path, line: str, message: str) -> None:
    path = tmp_path / "vec.txt"
    path.write_text(f"A 1 2 3 4 5\n{line}\n", encoding="utf-8")
    with pytest.raises(FileFormatError, match=message) as error:
        letter_table(path)
    assert "line 2" in str(error.value)


def test_a_letter_that_the_table_lacks_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "vec.txt"
    path.write_text("A 1 2 3 4 5\n", encoding="utf-8")
    with pytest.raises(InputError, match="residue 2"):
        residue_columns("AZA", letter_table(path))


def test_an_empty_table_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "vec.txt"
    path.write_text("\n", encoding="utf-8")
    with pytest.raises(FileFormatError, match="no letter"):
        letter_table(path)
