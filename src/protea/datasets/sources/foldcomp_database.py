"""FoldComp databases read straight into records, without PDB text in between.

A database is the files `<path>` (the entries end to end), `<path>.index` (key, offset, length) and `<path>.lookup`
(key, name, file number), as the MMseqs2 family lays them out.
"""

import hashlib
import mmap
from collections.abc import Collection, Iterator
from pathlib import Path
from typing import Literal

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv
from pydantic import Field

from protea.datasets.fetching.receipt import digest_of_fetched
from protea.datasets.sources.interface import SourceConfig, SourceReport, refuse
from protea.errors import FileFormatError, InputError, describe
from protea.protein.readers.foldcomp.decode import decode_entries
from protea.protein.readers.sniff import stem_of
from protea.protein.record import Protein

__all__ = ["FoldcompConfig", "FoldcompDatabase", "database_files", "database_proteins", "read_ids"]

_ENTRIES_AT_ONCE = 64
_LARGEST_ENTRY = 2**24


class FoldcompConfig(SourceConfig):
    """A FoldComp database on this disk, or some of its entries; ids are the names of its lookup without suffixes."""

    kind: Literal["foldcomp"] = "foldcomp"
    path: Path = Field(description="The database: the file beside which .index and .lookup lie")
    ids: Path | None = Field(default=None, description="Text file with the ids to read, one per line; all if none")
    is_plddt: bool = Field(default=True, description="B factors are pLDDT (predictions)")

    def proteins(self, report: SourceReport | None = None) -> Iterator[Protein]:
        """Yield the records in the order of the index; damaged entries are refused by name."""
        wanted = None if self.ids is None else read_ids(self.ids)
        yield from database_proteins(self.path, report, wanted=wanted, is_plddt=self.is_plddt)

    def fingerprint(self) -> str:
        """Return a digest of the database, the list of ids and the settings."""
        parts = ["foldcomp-1", str(self.is_plddt), "" if self.ids is None else digest_of_fetched(self.ids)]
        parts += [digest_of_fetched(path) for path in database_files(self.path)]
        return hashlib.sha256("\n".join(parts).encode()).hexdigest()


def database_files(path: Path) -> tuple[Path, Path, Path]:
    """Return the three files of a database: entries, index, lookup."""
    return path, path.with_name(path.name + ".index"), path.with_name(path.name + ".lookup")


class FoldcompDatabase:
    """Reads entries by row; a context manager. Rows are in the order of the index."""

    def __init__(self, path: Path) -> None:
        self.path = path
        _, index, lookup = database_files(path)
        table = _read_table(index, {"key": pa.int64(), "offset": pa.int64(), "length": pa.int64()})
        self._offset = table.column("offset").to_numpy()
        self._length = table.column("length").to_numpy()
        self._names = _names(lookup, table.column("key").to_numpy())
        self._file = path.open("rb")
        size = path.stat().st_size
        self._data = mmap.mmap(self._file.fileno(), 0, access=mmap.ACCESS_READ) if size else b""

    def __enter__(self) -> "FoldcompDatabase":
        return self

    def __exit__(self, *details: object) -> None:
        if isinstance(self._data, mmap.mmap):
            self._data.close()
        self._file.close()

    def __len__(self) -> int:
        return len(self._offset)

    def name(self, row: int) -> str:
        """Return the name of an entry, without known suffixes."""
        return stem_of(self._names[row].as_py())

    def repeated_names(self) -> frozenset[str]:
        """Return the names, without known suffixes, that stand more than once."""
        if pc.count_distinct(self._names).as_py() == len(self._names):
            return frozenset()
        counts = pc.value_counts(self._names).to_pylist()
        return frozenset(stem_of(item["values"]) for item in counts if item["counts"] > 1)

    def entry(self, row: int) -> bytes:
        """Return the bytes of an entry; raise FileFormatError where the index leads outside the data."""
        begin, length = int(self._offset[row]), int(self._length[row])
        if begin < 0 or not 0 <= length <= _LARGEST_ENTRY or begin + length > len(self._data):
            raise FileFormatError(
                describe("the index leads outside the database", where=f"{self.path}: {self.name(row)}",
                         expected=f"within {len(self._data):,} bytes", found=f"{begin} + {length}",
                         do="Fetch the database again.")
            )  # fmt: skip
        return self._data[begin : begin + length]


def database_proteins(
    path: Path, report: SourceReport | None, *, wanted: Collection[str] | None = None, is_plddt: bool = True
) -> Iterator[Protein]:
    """Yield the records of a database (only the wanted ids, if given), decoded in batches."""
    missing = set() if wanted is None else set(wanted)
    with FoldcompDatabase(path) as database:
        batch: list[tuple[str, bytes]] = []
        repeated = database.repeated_names()
        met: set[str] = set()
        for row in range(len(database)):
            name = database.name(row)
            if wanted is not None:
                if name not in wanted:
                    continue
                missing.discard(name)
            try:
                if name in repeated:
                    _note_repeated(path, name, row, met)
                batch.append((name, database.entry(row)))
            except FileFormatError as error:
                refuse(report, f"{name} (row {row + 1})" if name in repeated else name, error)
                continue
            if len(batch) == _ENTRIES_AT_ONCE:
                yield from _decoded(batch, report, is_plddt)
                batch = []
        yield from _decoded(batch, report, is_plddt)
    for name in sorted(missing):
        refuse(report, name, InputError(describe("not in the database", where=str(path), found=name)))


def _note_repeated(path: Path, name: str, row: int, met: set[str]) -> None:
    """Remember a name that stands more than once; raise FileFormatError from its second row on."""
    if name in met:
        raise FileFormatError(
            describe("the name comes twice", where=f"{path}, row {row + 1}", expected="each once", found=name)
        )
    met.add(name)


def _decoded(batch: list[tuple[str, bytes]], report: SourceReport | None, is_plddt: bool) -> Iterator[Protein]:
    for (name, _), found in zip(batch, decode_entries(batch, is_plddt=is_plddt), strict=True):
        if isinstance(found, FileFormatError):
            refuse(report, name, found)
            continue
        if report is not None:
            report.num_proteins += 1
        yield found


def read_ids(path: Path) -> frozenset[str]:
    """Return the ids of a text file with one per line."""
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except FileNotFoundError as error:
        raise InputError(describe("no such list", where=str(path), do="Check the path.")) from error
    return frozenset(line.strip() for line in lines if line.strip())


def _names(lookup: Path, key: np.ndarray) -> pa.Array:
    """Return the name of each key of the index; the lookup may hold more keys, in any order."""
    table = _read_table(lookup, {"key": pa.int64(), "name": pa.string(), "file": pa.string()})
    known = table.column("key").to_numpy()
    order = np.argsort(known, kind="stable")
    place = np.searchsorted(known, key, sorter=order).clip(max=max(len(known) - 1, 0))
    if len(key) and (not len(known) or (known[order[place]] != key).any()):
        absent = key[0] if not len(known) else key[known[order[place]] != key][0]
        raise FileFormatError(describe("an entry without a name", where=str(lookup), found=f"no key {absent}"))
    return table.column("name").combine_chunks().take(pa.array(order[place] if len(key) else order[:0]))


def _read_table(path: Path, types: dict[str, pa.DataType]) -> pa.Table:
    try:
        if path.stat().st_size == 0:
            return pa.table({name: pa.array([], kind) for name, kind in types.items()})
        return pyarrow.csv.read_csv(
            path,
            read_options=pyarrow.csv.ReadOptions(column_names=list(types)),
            parse_options=pyarrow.csv.ParseOptions(delimiter="\t", quote_char=False),
            convert_options=pyarrow.csv.ConvertOptions(column_types=types, strings_can_be_null=False),
        )
    except FileNotFoundError as error:
        raise InputError(
            describe("no such file", where=str(path), expected="a FoldComp database with .index and .lookup",
                     do="Fetch all of its files.")
        ) from error  # fmt: skip
    except (pa.ArrowInvalid, OSError) as error:
        raise FileFormatError(describe("cannot be read", where=str(path), found=str(error))) from error
