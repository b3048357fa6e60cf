import xml.etree.ElementTree as ElementTree
from pathlib import Path

import numpy as np
import pytest

from protea.applications.interactions.pair_tables import map_csv, map_picture, predictions_csv, read_pairs
from protea.errors import FileFormatError, InputError


def test_pairs_are_read_by_the_first_two_columns(tmp_path: Path) -> None:
    path = tmp_path / "pairs.csv"
    path.write_text("one,two,note\nb,a,x\na,a,y\n", encoding="utf-8")
    assert read_pairs(path, {"a": 0, "b": 1}).tolist() == [[1, 0], [0, 0]]
    path.write_text("\ufeffb,a\n\na,a\n\n", encoding="utf-8")  # no heads: the first pair is asked as well
    assert read_pairs(path, {"a": 0, "b": 1}).tolist() == [[1, 0], [0, 0]]


@pytest.mark.parametrize("heads", ["protein_a,protein_b", "id1,id2", "Protein 1,Protein 2", "item_id_a, item_id_b"])
def test_words_are_heads(tmp_path: Path, heads: str) -> None:
    path = tmp_path / "pairs.csv"
    path.write_text(f"{heads}\nb,a\n", encoding="utf-8")
    assert read_pairs(path, {"a": 0, "b": 1}).tolist() == [[1, 0]]


@pytest.mark.parametrize(
    ("text", "error", "message"),
    [
        ("one,two\n", FileFormatError, "no pairs"),
        ("one,two\na\n", FileFormatError, "line 2"),
        ("one,two\na,b\na,z\n", InputError, "line 3"),
        ("a,z\na,b\n", InputError, "line 1"),
        ("9606.P0X,9606.P0Y\na,b\n", InputError, "line 1"),
        ("P12345,Q1\na,b\n", InputError, "line 1"),
        ('one,two\na,"b\na,b\n', FileFormatError, "no CSV"),
    ],
)
def test_a_broken_table_is_named(tmp_path: Path, text: str, error: type[Exception], message: str) -> None:
    path = tmp_path / "pairs.csv"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(error, match=message):
        read_pairs(path, {"a": 0, "b": 1})


def test_predictions_name_what_is_at_or_above_the_threshold() -> None:
    table = predictions_csv(("a", "b"), np.array([[0, 1]]), ("t", "u"), np.array([[0.5, 0.25]]), 0.5)
    assert table == "protein_a,protein_b,t,u,predicted\na,b,0.500000,0.250000,t\n"


def test_the_map_as_a_table_names_residues() -> None:
    assert map_csv(np.array([[1.0, 2.5]]), "A", "GK") == "residue,G1,K2\nA1,1,2.5\n"


def test_the_picture_has_a_cell_per_residue_pair_and_blocks_for_long_proteins() -> None:
    for shape, num in (((3, 5), 15), ((320, 2), 320)):
        tree = ElementTree.fromstring(map_picture(np.ones(shape), "A <map>", ("a", "b")))
        assert len([item for item in tree if item.tag.endswith("rect")]) == num


def test_blocks_are_means_and_signs_have_their_colours() -> None:
    attention = np.zeros((320, 1))
    attention[:2, 0] = [1.0, 3.0]
    attention[2:4, 0] = -4.0
    tree = ElementTree.fromstring(map_picture(attention, "m", ("a", "b")))
    fills = [item.attrib["fill"] for item in tree if item.tag.endswith("rect")]
    assert fills[1] == "#b4530a"  # -4 is the largest
    assert fills[0] == "#827acd" or fills[0].startswith("#8")  # a half of full blue
    assert set(fills[2:]) == {"#fafafa"}
