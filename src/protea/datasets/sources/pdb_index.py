"""The index files of the PDB archive: method, resolution and date of each entry, chains with sequences, ligands.

`entries.idx` (tab-separated, two head lines), `pdb_seqres.txt.gz` (FASTA with `>1abc_A mol:protein length:10  NAME`)
and, where ligands are asked for, `cc-to-pdb.tdd` (a CCD name and the entries that hold it).
"""

import gzip
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from protea.errors import FileFormatError, InputError, describe

__all__ = ["IndexedEntry", "read_entries", "read_ligands", "read_protein_chains"]

_COLUMNS = 8
_CENTURY = 70  # the archive began in 1971: two digits from 70 on are of the last century


@dataclass(frozen=True)
class IndexedEntry:
    """One entry: resolution in angstrom (None where it has none), date of deposition."""

    key: str
    methods: tuple[str, ...]
    resolution: float | None
    deposited: date


def read_entries(path: Path) -> dict[str, IndexedEntry]:
    """Return the entries of `entries.idx` by their id in lower case."""
    found = {}
    for number, line in enumerate(_lines(path), start=1):
        cells = line.split("\t")
        if number <= 2 or not line.strip():
            continue
        if len(cells) != _COLUMNS:
            raise FileFormatError(
                describe("not a line of entries.idx", where=f"{path}, line {number}", expected=f"{_COLUMNS} columns",
                         found=str(len(cells)))
            )  # fmt: skip
        methods = tuple(name.strip().upper() for name in cells[7].split(",") if name.strip())
        key = cells[0].strip().lower()
        where = f"{path}, line {number}"
        found[key] = IndexedEntry(key, methods or ("X-RAY DIFFRACTION",), _resolution(cells[6]), _date(where, cells[2]))
    return found


def read_protein_chains(path: Path) -> Iterator[tuple[str, str, int]]:
    """Yield entry, chain and length of every protein chain of `pdb_seqres.txt.gz`, in its order."""
    for number, line in enumerate(_lines(path), start=1):
        if not line.startswith(">"):
            continue
        words = line[1:].split()
        values = dict(word.split(":", 1) for word in words[1:3] if ":" in word)
        key, _, chain = words[0].partition("_") if words else ("", "", "")
        if not chain or not values.get("length", "").isdigit() or "mol" not in values:
            raise FileFormatError(
                describe("not a head of pdb_seqres", where=f"{path}, line {number}",
                         expected=">1abc_A mol:protein length:10", found=line[:60])
            )  # fmt: skip
        if values["mol"] == "protein":
            yield key.lower(), chain, int(values["length"])


def read_ligands(path: Path) -> dict[str, frozenset[str]]:
    """Return the entries that hold each ligand, by its CCD name."""
    found = {}
    for line in _lines(path):
        name, _, entries = line.partition("\t")
        if name.strip():
            found[name.strip().upper()] = frozenset(entries.lower().split())
    return found


def _lines(path: Path) -> Iterator[str]:
    opener = gzip.open if path.name.endswith(".gz") else open
    try:
        with opener(path, "rt", encoding="utf-8", errors="replace") as file:
            for line in file:
                yield line.rstrip("\n")
    except FileNotFoundError as error:
        raise InputError(describe("was not fetched", where=str(path), do="Run `protea data fetch` first.")) from error
    except (OSError, EOFError, zlib.error) as error:
        raise FileFormatError(
            describe("cannot be read", where=str(path), found=str(error), do="Fetch it again.")
        ) from error


def _resolution(text: str) -> float | None:
    """Return the first number (multi-method entries list several), None for NOT."""
    first = text.split(",")[0].strip()
    try:
        value = float(first)
    except ValueError:
        return None
    return value if value > 0 else None


def _date(where: str, text: str) -> date:
    try:
        month, day, year = (int(part) for part in text.split("/"))
        return date(year + (1900 if year >= _CENTURY else 2000), month, day)
    except ValueError as error:
        raise FileFormatError(
            describe("not a date", where=where, expected="month/day/year of two digits", found=text)
        ) from error
