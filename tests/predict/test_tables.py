"""The three kinds of table hold the same numbers, unrounded."""

import csv
import json
import math
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from protea.errors import InputError
from protea.predict.answer import Answer, Interval, ProteinAnswers
from protea.predict.tables import (
    ANSWER_COLUMNS,
    answer_rows,
    answer_table,
    require_table_name,
    residue_table,
    write_joined,
    write_part,
)
from tests.predict.made_answers import proteins


def test_the_kinds_agree(tmp_path: Path) -> None:
    rows, table = answer_rows(proteins()), answer_table(proteins())
    assert table.schema.names == list(ANSWER_COLUMNS)
    parts = [tmp_path / f"part-{place}" for place in range(3)]
    for part, some in zip(parts, (table[:2], table[2:4], table[4:]), strict=True):
        write_part(some, part)
    for kind in ("csv", "json", "parquet"):
        write_joined(parts, tmp_path / f"answers.{kind}")
    assert json.loads((tmp_path / "answers.json").read_text()) == rows
    assert pq.read_table(tmp_path / "answers.parquet").to_pylist() == rows
    with (tmp_path / "answers.csv").open() as file:
        for read, row in zip(csv.DictReader(file), rows, strict=True):
            for key, value in row.items():
                expected = "" if value is None else str(value)
                assert float(read[key]) == value if type(value) is float else read[key] == expected


def test_a_row_per_protein_and_property() -> None:
    rows = answer_rows(proteins())
    assert [(row["id"], row["property"]) for row in rows] == [
        ("one", "melting_temperature"), ("one", "solubility"), ("one", "localisation"),
        ("two & <b>", "melting_temperature"), ("two & <b>", "localisation"),
    ]  # fmt: skip
    assert (rows[0]["low"], rows[0]["value"], rows[0]["high"], rows[0]["level"]) == (48.0625, 54.1875, 60.5, 0.9)
    assert rows[2]["possible"] == "nucleus|cytoplasm"
    assert [row["is_in_domain"] for row in rows] == [True, False, None, False, None]


def test_a_row_per_residue() -> None:
    first = proteins()[0]
    rows = residue_table([first]).to_pylist()
    assert "".join(row["letter"] for row in rows) == first.sequence
    assert "".join(row["secondary_structure_class"] for row in rows) == first.tracks[0].letters
    assert [row["residue"] for row in rows] == list(range(1, len(first.sequence) + 1))
    assert rows[5]["disorder"] == first.tracks[1].value[5]


def test_what_has_no_number_is_empty(tmp_path: Path) -> None:
    open_ended = Answer("x", "X", "K", 1.0, interval=Interval(-math.inf, 2.0, 0.9))
    write_part(answer_table([ProteinAnswers("a", "MK", (open_ended,))]), tmp_path / "part")
    write_joined([tmp_path / "part"], tmp_path / "a.json")
    (row,) = json.loads((tmp_path / "a.json").read_text())
    assert (row["low"], row["high"]) == (None, 2.0)
    table = residue_table(proteins()[:1])
    write_part(table, tmp_path / "part")
    write_joined([tmp_path / "part"], tmp_path / "a.csv")
    with (tmp_path / "a.csv").open() as file:
        read = list(csv.DictReader(file))
    assert read[1]["pka"] == ""
    assert float(read[9]["pka"]) == table["pka"][9].as_py()


def test_another_kind_is_refused() -> None:
    with pytest.raises(InputError, match=r"\.csv, \.parquet, \.json"):
        require_table_name(Path("a.xls"))


def test_every_row_has_the_columns_of_all_parts(tmp_path: Path) -> None:
    parts = [tmp_path / "with", tmp_path / "without"]
    write_part(pa.table({"id": ["a"], "plddt": [70.5]}), parts[0])
    write_part(pa.table({"id": ["b"]}), parts[1])
    for kind in ("json", "parquet"):
        write_joined(parts, tmp_path / f"a.{kind}")
    rows = [{"id": "a", "plddt": 70.5}, {"id": "b", "plddt": None}]
    assert json.loads((tmp_path / "a.json").read_text()) == rows
    assert pq.read_table(tmp_path / "a.parquet").to_pylist() == rows
