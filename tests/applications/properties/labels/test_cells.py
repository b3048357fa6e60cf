"""Each way of writing a label, by hand; a bad cell says where it stands."""

import numpy as np
import pytest

from protea.applications.properties.labels.cells import (
    ClassCells,
    Decoded,
    LabelCells,
    LetterCells,
    NumberCells,
    PositionCells,
    number_in,
)
from protea.errors import FileFormatError


def value_of(found: Decoded | str) -> list[float]:
    assert isinstance(found, Decoded)
    return np.atleast_1d(found.value).tolist()


def test_numbers_keep_their_sign_unless_told_otherwise() -> None:
    row = {"ddg": "-1.5", "empty": None}
    assert value_of(NumberCells(column="ddg").decode(row, "", (), "t")) == [-1.5]
    assert value_of(NumberCells(column="ddg", factor=-1).decode(row, "", (), "t")) == [1.5]
    assert NumberCells(column="empty").decode(row, "", (), "t") == "no value"
    with pytest.raises(FileFormatError, match=r"t, row 3, column 'x': not a number; found '<2.0'"):
        NumberCells(column="x").decode({"x": "<2.0"}, "", (), "t, row 3")
    with pytest.raises(FileFormatError, match="not a finite number"):
        number_in(float("nan"), "t")
    assert number_in("", "t") is None


def test_classes_by_name_and_what_is_in_two_of_them() -> None:
    cells = ClassCells(column="where", other={"Cytoplasm-Nucleus": "", "Cyto": "Cytoplasm"})
    classes = ("Nucleus", "Cytoplasm")
    assert value_of(cells.decode({"where": "Cytoplasm"}, "", classes, "t")) == [1]
    assert value_of(cells.decode({"where": "Cyto"}, "", classes, "t")) == [1]
    assert cells.decode({"where": "Cytoplasm-Nucleus"}, "", classes, "t") == "where is 'Cytoplasm-Nucleus'"
    with pytest.raises(FileFormatError, match="not a class; expected one of Nucleus, Cytoplasm; found 'Golgi'"):
        cells.decode({"where": "Golgi"}, "", classes, "t")


def test_labels_are_cut_to_their_first_levels() -> None:
    found = LabelCells(column="ec", depth=1).decode({"ec": "3.4.21.4, 1.1.-.-"}, "", ("1", "2", "3"), "t")
    assert value_of(found) == [1, 0, 1]
    assert value_of(LabelCells(column="ec", depth=2).decode({"ec": "3.4.21.4"}, "", ("3.4", "1.1"), "t")) == [1, 0]
    with pytest.raises(FileFormatError, match="not a label"):
        LabelCells(column="ec").decode({"ec": "8.1"}, "", ("1", "2"), "t")


def test_letters_with_masks_and_of_another_length() -> None:
    cells = LetterCells(column="ss", letters=("Hh", "E"), unknown="-", masks=("resolved",))
    found = cells.decode({"ss": "HhE-H", "resolved": "11110"}, "AAAAA", (), "t")
    assert isinstance(found, Decoded)
    assert found.value.tolist() == [0, 0, 1, 0, 0]
    assert found.is_known.tolist() == [True, True, True, False, False]
    assert value_of(cells.decode({"ss": list("HE"), "resolved": "11"}, "AA", (), "t")) == [0, 1]
    assert cells.decode({"ss": "--", "resolved": "11"}, "AA", (), "t") == "no known residue"
    with pytest.raises(FileFormatError, match="differ in length; expected 3; found 2"):
        cells.decode({"ss": "HE", "resolved": "11"}, "AAA", (), "t")


def test_positions_are_of_candidates_and_the_rest_is_unknown() -> None:
    cells = PositionCells(column="sites", candidates="Y")
    found = cells.decode({"sites": [3]}, "AYAYA", (), "t")
    assert isinstance(found, Decoded)
    assert found.value.tolist() == [0, 0, 0, 1, 0]
    assert found.is_known.tolist() == [False, True, False, True, False]
    with pytest.raises(FileFormatError, match="position 0 cannot have the label; expected one of Y; found A"):
        cells.decode({"sites": [0]}, "AYAYA", (), "t")
    assert cells.decode({"sites": []}, "AAA", (), "t") == "no candidate residue"
