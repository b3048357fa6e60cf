"""Answers as tables: a row per protein and property, term or partner; a row per residue with a column per track.

CSV, Parquet and JSON hold the same numbers, unrounded. Without a number, or with an end of an interval that is not
bounded, a cell is empty (CSV) or null (Parquet, JSON).
"""

import csv
import io
import json
import math
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, TextIO

import pyarrow as pa
import pyarrow.parquet as pq

from protea.cluster.whole_file import whole_file
from protea.errors import InputError, describe
from protea.predict.answer import Answer, ProteinAnswers
from protea.predict.chains import author_numbers

__all__ = ["ANSWER_COLUMNS", "answer_rows", "require_table_name", "residue_rows", "write_joined", "write_part"]

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


def residue_rows(proteins: Iterable[ProteinAnswers]) -> list[dict[str, Any]]:
    """Return a row per residue (numbered from 1): its letter, and of each track the value and the class.

    `author_number` is that of the structure, where one was given and holds the residue. All rows have all columns.
    """
    rows = []
    for protein in proteins:
        numbers = [None] * len(protein.sequence) if protein.structure is None else author_numbers(protein.structure)
        for place, letter in enumerate(protein.sequence):
            row: dict[str, Any] = {
                "id": protein.id, "residue": place + 1, "author_number": numbers[place] or None, "letter": letter,
            }  # fmt: skip
            for track in protein.tracks:
                row[track.name] = float(track.value[place])
                if track.letters is not None:
                    row[f"{track.name}_class"] = track.letters[place]
            rows.append(row)
    columns = dict.fromkeys(name for row in rows for name in row)
    return [{name: row.get(name) for name in columns} for row in rows]


def require_table_name(path: Path) -> None:
    """Raise InputError unless the name of a file says which kind of table it is."""
    if path.suffix not in _KINDS:
        raise InputError(describe("no kind of table", where=str(path), expected=", ".join(_KINDS), found=path.suffix))


def write_part(rows: list[dict[str, Any]], path: Path, columns: Mapping[str, pa.DataType] | None = None) -> None:
    """Write rows as Parquet, whole or not at all; columns are those of the rows where none are given."""
    schema = None if columns is None else pa.schema(list(columns.items()))
    # Two machines may write one part, if one of them was believed dead.
    with whole_file(path) as draft:
        pq.write_table(pa.Table.from_pylist([_plain(row) for row in rows], schema), draft, compression="zstd")


def write_joined(parts: Sequence[Path], path: Path, columns: Mapping[str, pa.DataType] | None = None) -> None:
    """Write parts in Parquet as one `.csv`, `.parquet` or `.json`, a part at a time in memory.

    Raises:
        InputError: if the name says none of them.
    """
    require_table_name(path)
    path.parent.mkdir(parents=True, exist_ok=True)
    with whole_file(path) as draft:
        if path.suffix == ".parquet":
            _write_parquet(parts, draft)
            return
        names = list(columns or dict.fromkeys(name for part in parts for name in pq.read_schema(part).names))
        with draft.open("w", encoding="utf-8") as file:
            _write_text(parts, file, names, as_csv=path.suffix == ".csv")


def _write_parquet(parts: Sequence[Path], path: Path) -> None:
    schema = pa.unify_schemas([pq.read_schema(part).remove_metadata() for part in parts])
    with pq.ParquetWriter(path, schema, compression="zstd") as out:
        for part in parts:
            out.write_table(pa.Table.from_pylist(pq.read_table(part).to_pylist(), schema))


def _write_text(parts: Sequence[Path], file: TextIO, names: list[str], *, as_csv: bool) -> None:
    between = "[\n "
    for place, part in enumerate(parts):
        rows = pq.read_table(part).to_pylist()
        if as_csv:
            file.write(_as_csv(rows, names, with_head=place == 0))
            continue
        for row in rows:
            # Another part may have had columns that this one lacks.
            file.write(between + json.dumps({name: row.get(name) for name in names}, allow_nan=False))
            between = ",\n "
    if not as_csv:
        file.write("\n]\n")


def _as_csv(rows: list[dict[str, Any]], names: list[str], *, with_head: bool) -> str:
    out = io.StringIO()
    table = csv.DictWriter(out, names, lineterminator="\n", restval="")
    if with_head:
        table.writeheader()
    table.writerows([{key: "" if value is None else value for key, value in row.items()} for row in rows])
    return out.getvalue()


def _plain(row: Mapping[str, Any]) -> dict[str, Any]:
    """Return a row whose undefined and infinite numbers are None: neither JSON nor readers of tables agree on them."""
    return {key: None if isinstance(value, float) and not math.isfinite(value) else value for key, value in row.items()}
