"""The tables that examples are read from: sequences, mutants of many wild types, scans of one, mutants of complexes.

Every table says where it is from, on what terms, and the digest of the file that its settings were written for: a file
of another digest is refused. Files lie below a folder that is given when they are read.
"""

import re
from abc import ABC, abstractmethod
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any, Literal

import numpy as np
from pydantic import Field

from protea.applications.properties.labels.cells import AnyCells, Cells, NumberCells, letters_in, number_in
from protea.applications.properties.labels.examples import Example, Mutation
from protea.config import Config
from protea.datasets.sources.interface import file_digest
from protea.datasets.sources.label_files import read_table
from protea.errors import FileFormatError, InputError, describe

__all__ = ["ComplexTable", "MutantTable", "ScanTable", "SequenceTable", "Table"]

_MUTATION, _MUTANT = re.compile(r"([A-Z])(-?\d+)([A-Z*])"), re.compile(r"[A-Z*]")
_GAS_CONSTANT = 1.987204e-3
"""In kcal / (mol K)."""


class Table(Config, ABC):
    """Base of all tables."""

    file: str = Field(description="CSV or Parquet file, below the folder of the data.")
    sha256: str | None = Field(None, description="Digest of the file; none: not checked.")
    origin: str = Field("", description="Where the file is from.")
    licence: str = Field("", description="Terms of the file.")
    target: AnyCells = Field(description="How the label is written.")
    part_columns: tuple[str, ...] = Field((), description="Columns that, joined by /, tell the part.")
    part_of: dict[str, str] = Field(
        {}, description="Part of each such value: train, validation, the name of a test, or empty to leave the row out."
    )
    keep: dict[str, bool | int | str] = Field({}, description="Rows that are read: those with this value there.")

    def examples(self, folder: Path, classes: Sequence[str], left_out: Counter[str]) -> Iterator[Example]:
        """Yield an example per row; rows without one are counted by their reason.

        Raises:
            FileFormatError: a cell that is not what the settings say, or another file than the settings were made for.
        """
        path = folder / self.file
        columns = read_table(path, text=self._as_written(), names=self._names())
        self._check(path, columns)
        for place in range(len(next(iter(columns.values()), []))):
            row = {name: column[place] for name, column in columns.items()}
            where = f"{path}, row {place + 1}"
            unkept = next((name for name, wanted in self.keep.items() if row[name] != wanted), None)
            if unkept is not None:
                left_out[f"{unkept} is not {self.keep[unkept]}"] += 1
                continue
            found = self._example(row, classes, where, place, folder)
            if isinstance(found, str):
                left_out[found] += 1
            else:
                yield found

    @abstractmethod
    def _example(
        self, row: Mapping[str, Any], classes: Sequence[str], where: str, place: int, folder: Path
    ) -> Example | str:
        """Return the example of a row, or why there is none."""

    def columns(self) -> tuple[str, ...]:
        """Return the columns that must be there."""
        return (*self.target.columns(), *self.part_columns, *self.keep)

    def _as_written(self) -> set[str]:
        """Return the columns whose cells are no numbers even where they look like some."""
        return set() if isinstance(self.target, NumberCells) else set(self.target.columns())

    def _names(self) -> set[str]:
        """Return the columns in which NA is no empty cell."""
        return set()

    def _check(self, path: Path, columns: Mapping[str, list[Any]]) -> None:
        missing = sorted(set(self.columns()) - set(columns))
        if missing:
            raise FileFormatError(describe(f"no column {missing}", where=str(path), found=str(sorted(columns))))
        if self.sha256 is not None and file_digest(path) != self.sha256:
            raise FileFormatError(
                describe("another file than the property was made for", where=str(path),
                         expected=f"sha256 {self.sha256[:12]}...", do="Take the named file, or state its digest.")
            )  # fmt: skip

    def _part(self, row: Mapping[str, Any], where: str) -> str | None:
        """Return the part of a row, None where it is in none."""
        if not self.part_columns:
            return ""
        value = "/".join(str(row[name]) for name in self.part_columns)
        if value not in self.part_of:
            raise FileFormatError(
                describe(f"no part is given for {value!r}", where=where, expected=f"one of {sorted(self.part_of)}",
                         do="Name it in part_of; an empty part leaves the row out.")
            )  # fmt: skip
        return self.part_of[value] or None

    def _labelled(
        self, row: Mapping[str, Any], classes: Sequence[str], where: str, id: str, sequence: str,
        mutations: tuple[Mutation, ...] = (), links: tuple[str, ...] = (),
    ) -> Example | str:  # fmt: skip
        part = self._part(row, where)
        if part is None:
            return "part left out: " + "/".join(str(row[name]) for name in self.part_columns)
        target: Cells = self.target
        label = target.decode(row, sequence, classes, where)
        if isinstance(label, str):
            return label
        return Example(id, sequence, label.value, label.is_known, mutations, part, links)


class SequenceTable(Table):
    """A row per protein: its sequence and the label of it or of its residues."""

    kind: Literal["sequences"] = "sequences"
    id_column: str | None = Field(None, description="Column with the ids; none: <file name>_<row, from 0>.")
    sequence_column: str = Field("sequence", description="Column with the sequences.")

    def columns(self) -> tuple[str, ...]:
        """Return the columns that must be there."""
        return (*super().columns(), self.sequence_column, *([self.id_column] if self.id_column else []))

    def _as_written(self) -> set[str]:
        return super()._as_written() | {self.sequence_column, *filter(None, [self.id_column])}

    def _example(
        self, row: Mapping[str, Any], classes: Sequence[str], where: str, place: int, folder: Path
    ) -> Example | str:
        sequence = row[self.sequence_column]
        if not sequence:
            return "no sequence"
        id = f"{Path(self.file).stem}_{place}" if self.id_column is None else str(row[self.id_column])
        return self._labelled(row, classes, where, id, letters_in(str(sequence), where))


class MutantTable(Table):
    """A row per mutant of one residue: the sequence of its wild type, the position from 0, both letters."""

    kind: Literal["mutants"] = "mutants"
    id_column: str = Field("pdb", description="Column with the name of the wild type.")
    sequence_column: str = Field("sequence", description="Column with the sequence of the wild type.")
    wild_type_column: str = Field("wild_type", description="Column with the letter that is replaced.")
    position_column: str = Field("position0", description="Column with the position, from 0.")
    mutant_column: str = Field("mutant", description="Column with the new letter.")

    def columns(self) -> tuple[str, ...]:
        """Return the columns that must be there."""
        return (*super().columns(), self.id_column, *self._needed())

    def _needed(self) -> tuple[str, ...]:
        """Return the columns without which a row tells no mutant."""
        return (self.sequence_column, self.wild_type_column, self.position_column, self.mutant_column)

    def _as_written(self) -> set[str]:
        # 1E10 is an entry of the PDB, too.
        return super()._as_written() | {self.id_column}

    def _example(
        self, row: Mapping[str, Any], classes: Sequence[str], where: str, place: int, folder: Path
    ) -> Example | str:
        absent = next((name for name in self._needed() if row[name] is None or row[name] == ""), None)
        if absent is not None:
            return f"no {absent}"
        number = number_in(row[self.position_column], f"{where}, column {self.position_column!r}")
        if number is None or number != int(number):
            raise FileFormatError(describe("not a position", where=where, expected="a whole number", found=str(number)))
        sequence, position = str(row[self.sequence_column]), int(number)
        letters = str(row[self.wild_type_column]), str(row[self.mutant_column])
        if not 0 <= position < len(sequence) or sequence[position] != letters[0]:
            found = sequence[position] if 0 <= position < len(sequence) else "no residue"
            raise FileFormatError(
                describe("the mutation does not fit the sequence", where=where, expected=f"{letters[0]} at {position}",
                         found=found, do="Positions count from 0.")
            )  # fmt: skip
        if _MUTANT.fullmatch(letters[1]) is None:
            raise FileFormatError(
                describe("not a mutant", where=where, expected="one letter, or * for a stop", found=repr(letters[1]))
            )
        name = f"{row[self.id_column]}:{letters[0]}{position + 1}{letters[1]}"
        return self._labelled(row, classes, where, name, sequence, (Mutation(position, *letters),))


class ScanTable(Table):
    """A row per variant of one wild type, which a second table gives with the number of its first residue."""

    kind: Literal["scan"] = "scan"
    wild_types: str = Field(description="Table of wild types: set, sequence, number_of_first_residue.")
    wild_type: str = Field(description="Name of the wild type there.")
    variant_column: str = Field("variant", description="Column with mutations such as A108D,N144I.")
    sites: tuple[int, ...] = Field((), description="Numbers of the sites whose letters the name spells, if it does.")

    def columns(self) -> tuple[str, ...]:
        """Return the columns that must be there."""
        return (*super().columns(), self.variant_column)

    def _names(self) -> set[str]:
        # Letters at two sites: NA is a mutant.
        return {self.variant_column}

    def _example(
        self, row: Mapping[str, Any], classes: Sequence[str], where: str, place: int, folder: Path
    ) -> Example | str:
        sequence, first = _wild_type(folder / self.wild_types, self.wild_type)
        name = str(row[self.variant_column])
        if self.sites and len(name) != len(self.sites):
            raise FileFormatError(
                describe("not the letters of all sites", where=where, expected=str(len(self.sites)), found=repr(name))
            )
        found = _site_mutations(name, self.sites, sequence, first) if self.sites else _mutations(name, first, where)
        for item in found:
            if not 0 <= item.position < len(sequence) or sequence[item.position] != item.wild_type:
                raise FileFormatError(describe(f"variant {name!r} does not fit the wild type", where=where))
        return self._labelled(row, classes, where, name, sequence, found, (self.wild_type,))


class ComplexTable(Table):
    """SKEMPI: mutants of complexes without sequences; the label is RT ln(K mutant / K wild type), in kcal/mol.

    Complexes are linked by their PDB entry and by the names of their partners: two of one partner are no independent
    evidence.
    """

    kind: Literal["complexes"] = "complexes"

    def columns(self) -> tuple[str, ...]:
        """Return the columns that must be there."""
        own = ("#Pdb", "Mutation(s)_cleaned", "Affinity_mut_parsed", "Affinity_wt_parsed", "Temperature")
        return (*own, "Protein 1", "Protein 2", *self.part_columns, *self.keep)

    def _example(
        self, row: Mapping[str, Any], classes: Sequence[str], where: str, place: int, folder: Path
    ) -> Example | str:
        # Some cells have a decimal comma.
        cells = [str(row[f"Affinity_{kind}_parsed"] or "").replace(",", ".") for kind in ("mut", "wt")]
        mutant, wild = (number_in(cell, where) for cell in cells)
        if mutant is None or wild is None:
            return "no affinity"
        temperature = re.match(r"\d+(?:\.\d+)?", str(row["Temperature"]))
        if temperature is None:
            return "no temperature"
        names = str(row["Mutation(s)_cleaned"]).split(",")
        # A chain stands between the wild type's letter and the number; numbers are those of the complex.
        letters = [Mutation(int(re.sub(r"\D", "", name)), name[0], name[-1]) for name in names]
        change = _GAS_CONSTANT * float(temperature[0]) * float(np.log(mutant / wild))
        code = str(row["#Pdb"])
        links = (f"entry {code[:4]}", f"protein {row['Protein 1']}", f"protein {row['Protein 2']}")
        id = f"{code}:{'+'.join(names)}"
        return Example(id, "", np.array(change), np.array(True), tuple(letters), links=links)


@lru_cache(maxsize=16)
def _wild_type(path: Path, name: str) -> tuple[str, int]:
    """Return sequence and first number of a wild type; kept, since every row of a scan asks for it."""
    columns = read_table(path)
    rows = zip(columns["set"], columns["sequence"], columns["number_of_first_residue"], strict=True)
    found = {str(set_): (str(sequence), int(first)) for set_, sequence, first in rows}
    if name not in found:
        raise InputError(describe(f"no wild type {name!r}", where=str(path), found=", ".join(found)))
    return found[name]


def _mutations(name: str, first: int, where: str) -> tuple[Mutation, ...]:
    found = []
    for text in name.split(","):
        match = _MUTATION.fullmatch(text.strip())
        if match is None:
            raise FileFormatError(describe(f"no mutation is named {text!r}", where=where, expected="such as A108D"))
        found.append(Mutation(int(match[2]) - first, match[1], match[3]))
    return tuple(sorted(found))


def _site_mutations(name: str, sites: Sequence[int], sequence: str, first: int) -> tuple[Mutation, ...]:
    places = [number - first for number in sites]
    pairs = zip(places, name, strict=True)
    return tuple(Mutation(place, sequence[place], letter) for place, letter in pairs if sequence[place] != letter)
