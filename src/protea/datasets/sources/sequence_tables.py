"""Labelled sequences in CSV or Parquet tables: strings of letters as labels of residues, numbers as labels of proteins.

Several tables make one set, such as training chains in one and a test in another.
"""

import hashlib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Literal

from pydantic import Field

from protea.config import Config
from protea.datasets.sources.interface import file_digest
from protea.datasets.sources.label_files import read_table
from protea.datasets.sources.labelled_sequences import (
    LabelledSequences,
    SequenceRow,
    letters_label,
    mask_of,
    number_label,
)
from protea.errors import FileFormatError, describe
from protea.protein.record import Label, Protein, protein_from_sequence

__all__ = ["LettersConfig", "SequenceLookup", "SequenceTable", "SequenceTablesConfig"]


class LettersConfig(Config):
    """A label of residues, written as one letter per residue."""

    column: str = Field(description="Column with the strings")
    classes: tuple[str, ...] = Field(min_length=2, description="Letters of each class, in the order of the classes")
    unknown: str = Field(default="", description="Letters that stand for no class")
    masks: tuple[str, ...] = Field(
        default=(), description="Columns of 0 and 1: a residue with a 0 in any of them is unknown"
    )


class SequenceLookup(Config):
    """A table of sequences by id, for a table that lists ids alone."""

    path: Path = Field(description="CSV or Parquet file")
    id_column: str = Field(default="id", description="Column with the ids")
    sequence_column: str = Field(default="sequence", description="Column with the sequences")
    old_prefix: str = Field(default="", description="Beginning of the ids here ...")
    new_prefix: str = Field(default="", description="... and what stands for it in the list")


class SequenceTable(Config):
    """One table: where its ids, sequences, parts and labels stand."""

    path: Path = Field(description="CSV or Parquet file")
    id_column: str | None = Field(default=None, description="Column with the ids; none: <file name>_<row, from 0>")
    sequence_column: str | None = Field(default="sequence", description="Column with the sequences")
    sequences: tuple[SequenceLookup, ...] = Field(
        default=(), description="Where sequences are looked up by id if there is no column; the first that has it"
    )
    part_columns: tuple[str, ...] = Field(default=(), description="Columns that, joined by /, tell the part")
    part_of: dict[str, str] = Field(
        default={}, description="Part of each such value: train, validation, the name of a test, or empty for none"
    )
    part: str = Field(default="train", description="Part of all rows where no column tells it")
    letters: dict[str, LettersConfig] = Field(default={}, description="Labels of residues")
    numbers: dict[str, str] = Field(default={}, description="Labels of proteins: name and column")


class SequenceTablesConfig(LabelledSequences):
    """Proteins without atoms, one per row of the tables, with the labels of the row."""

    kind: Literal["sequence_tables"] = "sequence_tables"
    tables: tuple[SequenceTable, ...] = Field(min_length=1, description="The tables, in order")

    def rows(self) -> Iterator[SequenceRow]:
        """Yield the rows of all tables; those without a sequence hold none, and are refused by name."""
        for table in self.tables:
            yield from _rows(table)

    def protein(self, row: SequenceRow) -> Protein:
        """Return the record of a row."""
        table, cells = row.content["table"], row.content["cells"]
        sequence = row.content["sequence"]
        if not sequence:
            raise FileFormatError(describe("no sequence", where=row.where, found=row.id))
        labels: dict[str, Label] = {}
        for name, config in table.letters.items():
            where = f"{row.where}, column {config.column!r}"
            masks = [mask_of(str(cells[column]), where) for column in config.masks]
            text = str(cells[config.column] or "")
            labels[name] = letters_label(text, config.classes, where=where, unknown=config.unknown, masks=masks)
            if len(labels[name].value) != len(sequence):
                raise FileFormatError(
                    describe("label and sequence differ in length", where=where,
                             expected=str(len(sequence)), found=str(len(labels[name].value)))
                )  # fmt: skip
        for name, column in table.numbers.items():
            is_integer = column in row.content["whole"]
            labels[name] = number_label(cells[column], f"{row.where}, column {column!r}", is_integer=is_integer)
        return protein_from_sequence(row.id, sequence, source=table.path.name, file_format="table").replace(
            labels=labels
        )

    def fingerprint(self) -> str:
        """Return a digest of the tables and of how they are read."""
        parts = ["sequence-tables-1"]
        for table in self.tables:
            places = [table.path, *(lookup.path for lookup in table.sequences)]
            parts += [file_digest(path) for path in places]
            sequences = tuple(lookup.model_copy(update={"path": Path()}) for lookup in table.sequences)
            # The name of a file makes ids where no column does.
            path = Path(table.path.stem) if table.id_column is None else Path()
            parts.append(table.model_copy(update={"path": path, "sequences": sequences}).model_dump_json())
        return hashlib.sha256("\n".join(parts).encode()).hexdigest()


def _rows(table: SequenceTable) -> Iterator[SequenceRow]:
    names = {name for name in (table.id_column,) if name is not None}
    columns = read_table(table.path, text=_as_written(table), names=names)
    _require(columns, table)
    sequence_of = _looked_up(table)
    whole = {column for column in table.numbers.values() if _is_whole(columns[column])}
    for number in range(len(next(iter(columns.values()), []))):
        cells = {name: column[number] for name, column in columns.items()}
        id = f"{table.path.stem}_{number}" if table.id_column is None else str(cells[table.id_column])
        sequence = sequence_of.get(id) if table.sequence_column is None else cells[table.sequence_column]
        where = f"{table.path}, row {number + 1}"
        content = {"table": table, "cells": cells, "sequence": sequence, "whole": whole}
        yield SequenceRow(id, _part(table, cells, where), where, content)


def _as_written(table: SequenceTable) -> set[str]:
    """Return the columns whose cells are no numbers even where they look like some."""
    letters = {name for one in table.letters.values() for name in (one.column, *one.masks)}
    return letters | {name for name in (table.id_column, table.sequence_column) if name is not None}


def _require(columns: Mapping[str, list[Any]], table: SequenceTable) -> None:
    wanted = {*table.part_columns, *table.numbers.values()}
    wanted |= {name for letters in table.letters.values() for name in (letters.column, *letters.masks)}
    wanted |= {name for name in (table.id_column, table.sequence_column) if name is not None}
    missing = sorted(wanted - set(columns))
    if missing:
        raise FileFormatError(describe(f"no column {missing}", where=str(table.path), found=str(sorted(columns))))


def _looked_up(table: SequenceTable) -> dict[str, str]:
    """Return sequences by id; an earlier look-up goes before a later one."""
    found: dict[str, str] = {}
    for lookup in table.sequences:
        columns = read_table(lookup.path, text={lookup.sequence_column}, names={lookup.id_column})
        missing = sorted({lookup.id_column, lookup.sequence_column} - set(columns))
        if missing:
            raise FileFormatError(describe(f"no column {missing}", where=str(lookup.path), found=str(sorted(columns))))
        for id, sequence in zip(columns[lookup.id_column], columns[lookup.sequence_column], strict=True):
            if sequence:
                found.setdefault(f"{lookup.new_prefix}{str(id).removeprefix(lookup.old_prefix)}", str(sequence))
    return found


def _part(table: SequenceTable, cells: Mapping[str, Any], where: str) -> str:
    if not table.part_columns:
        return table.part
    value = "/".join(str(cells[column]) for column in table.part_columns)
    if value not in table.part_of:
        raise FileFormatError(
            describe(f"no part is given for {value!r}", where=where, expected=f"one of {sorted(table.part_of)}",
                     do="Name it in part_of; an empty part leaves the row out.")
        )  # fmt: skip
    return table.part_of[value]


def _is_whole(cells: list[Any]) -> bool:
    return all(cell is None or isinstance(cell, int) for cell in cells)
