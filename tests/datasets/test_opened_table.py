"""A table is read with or without a byte order mark; what is none is refused by its name."""

import csv
from pathlib import Path

import pytest

from protea.datasets.opened_table import opened_table
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
