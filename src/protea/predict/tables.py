"""Answers as tables: a row per protein and property, term or partner; a row per residue with a column per track.

CSV, Parquet and JSON hold the same numbers, unrounded. Without a number, or with an end of an interval that is not
bounded, a cell is empty (CSV) or null (Parquet, JSON).
"""

import json
import math
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from protea.cluster.whole_file import whole_file
from protea.errors import InputError, describe
from protea.predict.answer import Answer, ProteinAnswers
from protea.predict.chains import author_numbers
from protea.predict.csv_tables import write_csv

__all__ = [
    "ANSWER_COLUMNS",
    "answer_rows",
    "answer_table",
    "require_table_name",
    "residue_table",
    "write_joined",
    "write_part",
]

_KINDS = (".csv", ".parquet", ".json")
ANSWER_COLUMNS: Mapping[str, pa.DataType] = {
    "id": pa.string(), "property": pa.string(), "value": pa.float64(), "unit": pa.string(), "predicted": pa.string(),
    "low": pa.float64(), "high": pa.float64(), "level": pa.float64(), "possible": pa.string(),
    "percentile": pa.float64(), "is_in_domain": pa.bool_(), "domain_percentile": pa.float64(), "type": pa.string(),
}  # fmt: skip
"""Columns of the table of answers: `low` to `high` hold the true value with the probability `level`.

`type` is that of an interaction, where the run tells types.
"""


def answer_rows(proteins: Iterable[ProteinAnswers]) -> list[dict[str, Any]]:
    """Return a row per protein and property, and after those a row `function` per term, `interaction` per partner."""
    return [row for protein in proteins for row in _rows(protein)]


def _rows(protein: ProteinAnswers) -> list[dict[str, Any]]:
    empty = dict.fromkeys(ANSWER_COLUMNS)
    terms = [{**empty, "id": protein.id, "property": "function", "value": term.score, "unit": "", "predicted": term.id}
             for term in protein.terms]  # fmt: skip
    found = () if protein.interactions is None else protein.interactions.partners
    partners = [{**empty, "id": protein.id, "property": "interaction", "value": one.score, "unit": "",
                 "predicted": one.id, "type": one.type or None} for one in found]  # fmt: skip
    return [*(_row(protein.id, answer) for answer in protein.answers), *terms, *partners]


def _row(id: str, answer: Answer) -> dict[str, Any]:
    interval, familiarity = answer.interval, answer.familiarity
    return {
        "id": id, "property": answer.name, "value": answer.value, "unit": answer.unit, "predicted": answer.predicted,
        "low": None if interval is None else interval.low,
        "high": None if interval is None else interval.high,
        "level": None if interval is None else interval.level,
        "possible": "|".join(answer.possible) or None,
        "percentile": answer.percentile,
        "is_in_domain": None if familiarity is None else familiarity.is_in_domain,
        "domain_percentile": None if familiarity is None else familiarity.percentile,
        "type": None,
    }  # fmt: skip


def answer_table(proteins: Iterable[ProteinAnswers]) -> pa.Table:
    """Return `answer_rows` as a table; numbers that are undefined or infinite are null."""
    schema = pa.schema(list(ANSWER_COLUMNS.items()))
    return pa.Table.from_pylist([_plain(row) for row in answer_rows(proteins)], schema)


def residue_table(proteins: Sequence[ProteinAnswers]) -> pa.Table:
    """Return a row per residue (numbered from 1): its letter, and of each track the value and the class.

    `author_number` is that of the structure, where one was given and holds the residue. All rows have all columns;
    what is undefined is null.
    """
    return pa.concat_tables(map(_residues, proteins), promote_options="default").combine_chunks()


def _residues(protein: ProteinAnswers) -> pa.Table:
    num = len(protein.sequence)
    numbers = [None] * num if protein.structure is None else author_numbers(protein.structure)
    columns = {
        "id": pa.repeat(pa.scalar(protein.id, pa.string()), num),
        "residue": pa.array(np.arange(1, num + 1)),
        "author_number": pa.array([number or None for number in numbers], pa.string()),
        "letter": pa.array(list(protein.sequence), pa.string()),
    }
    for track in protein.tracks:
        value = np.asarray(track.value, dtype=np.float64)
        columns[track.name] = pa.array(value, mask=~np.isfinite(value))
        if track.letters is not None:
            columns[f"{track.name}_class"] = pa.array(list(track.letters), pa.string())
    return pa.table(columns)


def require_table_name(path: Path) -> None:
    """Raise InputError unless the name of a file says which kind of table it is."""
    if path.suffix not in _KINDS:
        raise InputError(describe("no kind of table", where=str(path), expected=", ".join(_KINDS), found=path.suffix))


def write_part(table: pa.Table, path: Path) -> None:
    """Write a table as Parquet, whole or not at all."""
    # Two machines may write one part, if one of them was believed dead.
    with whole_file(path) as draft:
        pq.write_table(table, draft, compression="zstd")


def write_joined(parts: Sequence[Path], path: Path) -> None:
    """Write parts in Parquet as one `.csv`, `.parquet` or `.json`, a part at a time in memory.

    A column that a part lacks is null in its rows.

    Raises:
        InputError: if the name says none of them.
    """
    require_table_name(path)
    path.parent.mkdir(parents=True, exist_ok=True)
    schema = pa.unify_schemas([pq.read_schema(part).remove_metadata() for part in parts])
    of_all_columns = schema.empty_table()
    tables = (
        pa.concat_tables([of_all_columns, pq.read_table(part)], promote_options="default").combine_chunks()
        for part in parts
    )
    with whole_file(path) as draft:
        if path.suffix == ".json":
            _write_json(tables, draft)
        else:
            write = write_csv if path.suffix == ".csv" else _write_parquet
            write(tables, schema, draft)


def _write_parquet(tables: Iterable[pa.Table], schema: pa.Schema, path: Path) -> None:
    with pq.ParquetWriter(path, schema, compression="zstd") as out:
        for table in tables:
            out.write_table(table)


def _write_json(tables: Iterable[pa.Table], path: Path) -> None:
    between = "[\n "
    with path.open("w", encoding="utf-8") as file:
        for table in tables:
            for row in table.to_pylist():
                file.write(between + json.dumps(row, allow_nan=False))
                between = ",\n "
        file.write("\n]\n")


def _plain(row: Mapping[str, Any]) -> dict[str, Any]:
    """Return a row whose undefined and infinite numbers are None: neither JSON nor readers of tables agree on them."""
    return {key: None if isinstance(value, float) and not math.isfinite(value) else value for key, value in row.items()}
