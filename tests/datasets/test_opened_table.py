"""A table is read with or without a byte order mark; what is none is refused by its name."""

import csv
from pathlib import Path

import pytest

from protea.datasets.opened_table import TableRows, opened_table
from protea.errors import FileFormatError


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig"])
def test_a_byte_order_mark_is_no_part_of_the_first_name(encoding: str, tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text('id,na\u00efve\r\n1,"x\r\ny"\r\n', encoding=encoding, newline="")
    with opened_table(path) as file:
        assert list(csv.reader(file)) == [["id", "na\u00efve"], ["1", "x\r\ny"]]


@pytest.mark.parametrize("content", ["caf\u00e9\n".encode("latin-1"), b'"' + b"x" * 200_000])
def test_what_is_no_table_is_refused_by_its_name(content: bytes, tmp_path: Path) -> None:
    (tmp_path / "b.csv").write_bytes(content)
    with (
        pytest.raises(FileFormatError, match=r"b\.csv: no text in UTF-8, or no CSV.*Save it as UTF-8"),
        opened_table(tmp_path / "b.csv") as file,
    ):
        list(csv.reader(file))


def test_a_file_that_is_not_there_stays_an_error_of_the_system(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError), opened_table(tmp_path / "c.csv"):
        pass


def rows(folder: Path, text: str) -> list[dict[str, str]]:
    (folder / "d.csv").write_text(text, encoding="utf-8", newline="")
    with opened_table(folder / "d.csv") as file:
        return list(TableRows(file, folder / "d.csv"))


def test_rows_are_cells_by_column(tmp_path: Path) -> None:
    assert rows(tmp_path, 'id,note\r\na,"1,\r\n2"\r\n\r\nb,\r\n') == [
        {"id": "a", "note": "1,\r\n2"},
        {"id": "b", "note": ""},
    ]
    assert rows(tmp_path, "id\n") == []
    assert rows(tmp_path, "") == []


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('id,note\na,"1\nb,2\nc,3\n', "no CSV; found unexpected end of data"),
        ("id,note\na,1,2\n", r"d\.csv, line 2: a line of another length; expected 2 cells; found more: a, 1"),
        ("id,note\na,1\nb\n", r"d\.csv, line 3: a line of another length; expected 2 cells; found 1: b"),
        ("id,id\na,1\n", "two columns of one name"),
    ],
)
def test_rows_that_would_be_lost_or_cut_are_refused(text: str, message: str, tmp_path: Path) -> None:
    with pytest.raises(FileFormatError, match=message):
        rows(tmp_path, text)
