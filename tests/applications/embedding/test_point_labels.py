"""Labels are joined by id; what does not match is counted, what contradicts itself refused."""

from pathlib import Path

import pytest

from protea.applications.embedding.point_labels import read_point_labels
from protea.errors import FileFormatError, InputError


def table(folder: Path, text: str) -> Path:
    (folder / "labels.csv").write_text(text, encoding="utf-8")
    return folder / "labels.csv"


def test_labels_follow_the_ids(tmp_path: Path) -> None:
    path = table(tmp_path, "kind,id,site\nred,b,core\nblue,a,\nred,z,rim\nred,b,core\n")
    found = read_point_labels(path, ["a", "b", "b", "c"])
    assert (found.name, found.value) == ("kind", ("blue", "red", "red", None))
    assert (found.unmatched, found.num_missing) == (("z",), 1)
    assert read_point_labels(path, ["a", "b"], "site").value == (None, "core")


def test_the_first_column_names_the_protein_where_none_is_called_id(tmp_path: Path) -> None:
    assert read_point_labels(table(tmp_path, "name,fold\na,1\n"), ["a"]).value == ("1",)


@pytest.mark.parametrize(
    ("text", "column", "message"),
    [
        ("id,kind\na,1\na,2\n", None, r"csv:3: two labels of 'a'"),
        ("id,kind\na\n", None, r"csv:2: a line of another length"),
        ('id,kind\na,"1\nb,2\n', None, "unexpected end of data"),
        ("id,kind\na,1\n", "fold", r"one of the columns \['kind'\]"),
        ("id\na\n", None, "no such label"),
        ("", None, "no such label"),
    ],
)
def test_a_table_that_says_two_things_is_refused(text: str, column: str | None, message: str, tmp_path: Path) -> None:
    with pytest.raises(FileFormatError, match=message):
        read_point_labels(table(tmp_path, text), ["a"], column)


@pytest.mark.parametrize("text", ["id,kind\nx,1\n", "id,kind\n"])
def test_labels_of_other_proteins_are_refused(text: str, tmp_path: Path) -> None:
    with pytest.raises(InputError, match="belongs to any"):
        read_point_labels(table(tmp_path, text), ["a"])
