"""The files, folders and stores that are embedded, as one list of items in a fixed order.

A file is an item (a FASTA file holds many proteins, of a structure file the first model counts), and so is a row of a
store that `protea data build` wrote. Items given twice are listed twice.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from protea.datasets.columns import MANIFEST
from protea.datasets.sources.interface import file_digest
from protea.datasets.store import Store
from protea.errors import ConfigError, FileFormatError, InputError, describe
from protea.protein.readers.fasta import RefusedRecord, is_fasta, num_records, read_records
from protea.protein.readers.read import read_protein
from protea.protein.readers.sniff import KNOWN_SUFFIXES, stem_of
from protea.protein.record import Protein

__all__ = ["Item", "ItemList", "Shard", "list_items", "parse_shard"]


@dataclass(frozen=True, eq=False)
class Item:
    """A file, or a row of a store; `name` does not depend on where it lies, `size` is in bytes (files) or residues."""

    name: str
    size: int
    path: Path
    store: Store | None = None
    row: int = 0

    @property
    def is_one(self) -> bool:
        """Whether the item is one protein (or none, where it cannot be read)."""
        return self.store is not None or not is_fasta(self.path)

    def content(self) -> str:
        """Return what tells the item from another of its name: the SHA-256 of a file, or of a record of a store."""
        try:
            return self.store.digest(self.row) if self.store is not None else file_digest(self.path)
        except (OSError, InputError):
            return "unreadable"  # refused by name when its proteins are asked for

    def count(self) -> int:
        """Return how many proteins the item seems to hold; 0 for a file that cannot be read."""
        try:
            return 1 if self.is_one else num_records(self.path)
        except FileFormatError:
            return 0  # told when its proteins are asked for

    def proteins(self) -> Iterator[Protein | RefusedRecord]:
        """Yield the proteins of the item, and in its place each record of FASTA that is refused; ids may come twice.

        Raises FileFormatError where the file cannot be read with certainty.
        """
        if self.store is not None:
            yield self.store[self.row]
        elif is_fasta(self.path):
            yield from read_records(self.path, keeps_repeats=True)
        else:
            yield read_protein(self.path).replace(id=stem_of(self.path.name))


class Shard(NamedTuple):
    """One part of an input: of all proteins, numbered by item plus place in the item, each `num`-th (from 1)."""

    number: int
    num: int

    def has(self, item: int, protein: int = 0) -> bool:
        """Return whether a protein of an item belongs to this part."""
        return (item + protein) % self.num == self.number - 1


def parse_shard(text: str) -> Shard:
    """Return the shard that `3/64` names; raise ConfigError for anything else."""
    number, _, num = text.partition("/")
    if not (number.isdigit() and num.isdigit() and 1 <= int(number) <= int(num)):
        raise ConfigError(describe("no shard", where="--shard", expected="a number like 3/64", found=repr(text)))
    return Shard(int(number), int(num))


@dataclass(frozen=True, eq=False)
class ItemList:
    """The items in order, and the files of folders that are neither structures nor sequences."""

    items: tuple[Item, ...]
    ignored: tuple[str, ...]


def list_items(paths: Sequence[Path]) -> ItemList:
    """Return what the paths hold: a file as it is, a folder's files by name, a store's proteins by row.

    Raises:
        InputError: if a path does not exist, a store is not complete, or nothing is left.
    """
    items: list[Item] = []
    ignored: list[str] = []
    for path in paths:
        if not path.exists():
            raise InputError(describe("no such file or folder", where=str(path), do="Check the path."))
        if path.is_file():
            items.append(Item(path.name, path.stat().st_size, path))
        elif (path / MANIFEST).is_file():
            items += _store_items(path)
        else:
            # A link to a folder is not followed, one to nothing is refused by name when its proteins are asked for.
            for file in sorted(item for item in path.rglob("*") if item.is_file() or item.is_symlink()):
                name = file.relative_to(path).as_posix()
                if file.name.lower().endswith(KNOWN_SUFFIXES):
                    items.append(Item(name, file.stat().st_size if file.is_file() else 0, file))
                else:
                    ignored.append(name)
    if not items:
        raise InputError(
            describe("no structure or FASTA file", where=", ".join(map(str, paths)), expected=str(KNOWN_SUFFIXES))
        )
    return ItemList(tuple(items), tuple(ignored))


def _store_items(path: Path) -> list[Item]:
    store = Store(path)
    if not store.is_complete:
        raise InputError(
            describe("the store is not complete", where=str(path), do="Run its `protea data build` to the end.")
        )
    return [
        Item(f"{id}@{row}", int(length), path, store, row)
        for row, (id, length) in enumerate(zip(store.ids, store.lengths, strict=True))
    ]
