"""CSV that any reader takes: what is written is read back, cell by cell."""

import csv
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest

from protea.predict.csv_tables import write_csv


def read(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_texts_are_quoted_only_where_they_must_be(tmp_path: Path) -> None:
    texts = ["plain", 'a "quote"', "a,b", "two\nlines", "return\r", "", None, "ünï"]
    table = pa.table({"a,b": pa.array(texts, pa.string()), "n": list(range(8))})
    write_csv([table, table], table.schema, tmp_path / "t.csv")
    rows = read(tmp_path / "t.csv")
    assert [row["a,b"] for row in rows] == ["" if text is None else text for text in texts] * 2
    lines = (tmp_path / "t.csv").read_bytes().decode().split("\n")
    assert lines[0] == '"a,b",n'
    assert lines[1] == "plain,0"
    assert lines[2] == '"a ""quote""",1'


def test_numbers_are_read_back_as_they_were(tmp_path: Path) -> None:
    values = np.concatenate([[70.0, 1e-7, 1e22, 5e-324, 0.1 + 0.2, -0.0], np.random.default_rng(0).normal(size=1000)])
    table = pa.table({"x": values})
    write_csv([table], table.schema, tmp_path / "t.csv")
    np.testing.assert_array_equal([float(row["x"]) for row in read(tmp_path / "t.csv")], values)


@pytest.mark.parametrize(("value", "word"), [(True, "True"), (False, "False"), (None, "")])
def test_truth_is_a_word(tmp_path: Path, value: bool | None, word: str) -> None:
    table = pa.table({"is": pa.array([value], pa.bool_()), "id": ["a"]})
    write_csv([table], table.schema, tmp_path / "t.csv")
    assert read(tmp_path / "t.csv") == [{"is": word, "id": "a"}]


def test_a_table_without_rows_has_its_head(tmp_path: Path) -> None:
    table = pa.table({"id": pa.array([], pa.string())})
    write_csv([table], table.schema, tmp_path / "t.csv")
    assert (tmp_path / "t.csv").read_text() == "id\n"
