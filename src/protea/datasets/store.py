"""One on-disk store for millions of proteins: appended to as a stream, read by row; memory holds what was asked for.

Axes: protein (row), residue, atom. Positions in angstrom, within 1/256 of the record's (see `record_codec`). All other
fields of `Protein` come back equal, except B factors (within 0.01). Labels lie in columns of their own beside them.
"""

import hashlib
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from functools import cached_property
from itertools import pairwise
from pathlib import Path
from types import TracebackType
from typing import Any

import numpy as np
import torch
from jaxtyping import Float, Int

from protea.datasets.columns import MANIFEST, ColumnReader, ColumnWriter, read_manifest
from protea.datasets.labels import LabelTable, packed_label
from protea.datasets.plddt import PLDDT, plddt_table
from protea.datasets.record_codec import (
    COLUMNS,
    HEADER,
    compress,
    decode_position,
    decode_protein,
    encode_protein,
    expand_runs,
    expanded,
)
from protea.datasets.stored_labels import LabelReader, LabelWriter
from protea.errors import ContractError, InputError, describe
from protea.protein.alphabets import encode_sequence
from protea.protein.batch import Extra, ProteinBatch
from protea.protein.record import Protein

__all__ = ["Store", "StoreWriter"]

_FORMAT, _VERSION = "protea-store", 1
_COMMIT_BYTES = 32 * 2**20
_COLUMN_INDEX = {name: index for index, name in enumerate(COLUMNS)}


class StoreWriter:
    """Appends proteins to a store; a context manager.

    Rows count once committed: every 32 MiB, on `commit()`, and at the end. A process killed in between, or interrupted
    while it adds a record, loses only what was not committed; opening the writer again goes on after the last committed
    row. `is_complete` in the manifest says whether the last writer ended without an error.
    """

    def __init__(self, path: Path | str) -> None:
        self.path = Path(path)
        self._is_torn = False
        # The lock comes first: another writer might commit between reading the manifest and taking the lock.
        self._columns = ColumnWriter(self.path, {})
        with ExitStack() as if_it_fails:
            if_it_fails.callback(self._columns.close)
            self._read_committed()
            if_it_fails.pop_all()

    def _read_committed(self) -> None:
        """Go on where the last committed row ends, or begin a new store."""
        store = Store(self.path) if (self.path / MANIFEST).exists() else None
        self._ids = set() if store is None else set(store.ids)
        self._labels = LabelWriter([] if store is None else store.manifest["labels"], self._columns)
        self._digest = "" if store is None else store.fingerprint
        self._num_residues = 0 if store is None else int(store.manifest["num_residues"])
        self._end = np.zeros(len(COLUMNS), dtype=np.int64)
        if store is None:
            self._columns.append("header", np.zeros(1, HEADER).tobytes())
        else:
            self._columns.num_bytes.update(store.manifest["columns"])
            self._end[:] = store.end_of(len(store))

    def __contains__(self, id: str) -> bool:
        return id in self._ids

    def __len__(self) -> int:
        return len(self._ids)

    def append(self, protein: Protein) -> None:
        """Add one record; raise ContractError for an id that is there already, or after a record that was cut off."""
        self._require_whole()
        if protein.id in self._ids:
            raise ContractError(
                describe("the id is in the store already", where=f"{self.path}: {protein.id}", expected="unique ids")
            )
        encoded = encode_protein(protein)
        self._labels.check(protein)
        digest = hashlib.sha256(self._digest.encode())
        header = np.zeros(1, HEADER)
        self._is_torn = True  # until all of its columns are there: an interrupt may come in between
        for name, index in _COLUMN_INDEX.items():
            part = encoded.parts[name]
            digest.update(len(part).to_bytes(8, "little") + part)
            data = compress(part) if name == "cold" else part
            self._columns.append(name, data)
            self._end[index] += len(data) // COLUMNS[name].itemsize
        header["end"], header["origin"] = self._end, encoded.origin
        header["exponent"], header["is_wide"] = encoded.exponent, encoded.is_wide
        self._columns.append("header", header.tobytes())
        digest.update(header[["origin", "exponent", "is_wide"]].tobytes())
        self._labels.append(len(self._ids), protein, digest)
        self._digest = digest.hexdigest()
        self._num_residues += len(protein)
        self._ids.add(protein.id)
        self._is_torn = False
        if self._columns.num_buffered() >= _COMMIT_BYTES:
            self.commit()

    def commit(self, *, is_complete: bool = False) -> None:
        """Make every row so far durable; raise ContractError after a record that was cut off."""
        self._require_whole()
        self._columns.commit(
            {
                "format": _FORMAT,
                "version": _VERSION,
                "num_proteins": len(self._ids),
                "num_residues": self._num_residues,
                "fingerprint": self._digest,
                "is_complete": is_complete,
                "labels": self._labels.specifications(),
            }
        )

    def _require_whole(self) -> None:
        if self._is_torn:
            raise ContractError(
                describe("a record was cut off while it was added", where=str(self.path),
                         do="Open the writer again: it goes on after the last committed row.")
            )  # fmt: skip

    def __enter__(self) -> "StoreWriter":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        try:
            # Half a record would shift all that follow: then only what was committed counts.
            if error is None or not self._is_torn:
                self.commit(is_complete=error is None)
        finally:
            self._columns.close()


class Store:
    """Reads a store by row. Opening is instant; it sees the rows that were committed then. Can be sent to workers."""

    def __init__(self, path: Path | str) -> None:
        self.path = Path(path)
        self.manifest = read_manifest(self.path, _FORMAT, _VERSION)
        reader = ColumnReader(self.path, self.manifest["columns"])
        self._header = reader.mapped("header", HEADER)[: int(self.manifest["num_proteins"]) + 1]
        self._columns = {name: reader.column(name, dtype) for name, dtype in COLUMNS.items()}
        self._labels = {item["name"]: LabelReader(item, reader) for item in self.manifest["labels"]}

    def __reduce__(self) -> tuple[Any, ...]:
        return (Store, (self.path,))

    def __len__(self) -> int:
        return len(self._header) - 1

    @property
    def fingerprint(self) -> str:
        """Digest of every stored record and label, in order; the same whenever and however often it was committed."""
        return str(self.manifest["fingerprint"])

    @property
    def is_complete(self) -> bool:
        """Whether the last writer ended without an error."""
        return bool(self.manifest["is_complete"])

    @property
    def label_names(self) -> tuple[str, ...]:
        """Names of the labels stored beside the structures."""
        return tuple(self._labels)

    @cached_property
    def ids(self) -> tuple[str, ...]:
        """The id of every protein, by row."""
        text, end = self._columns["id"].whole().tobytes(), self._header["end"][:, _COLUMN_INDEX["id"]].tolist()
        return tuple(text[start:stop].decode() for start, stop in pairwise(end))

    @cached_property
    def _row_of(self) -> dict[str, int]:
        return {id: row for row, id in enumerate(self.ids)}

    @cached_property
    def lengths(self) -> Int[np.ndarray, " protein"]:
        """Number of residues of every protein."""
        return np.diff(self._header["end"][:, _COLUMN_INDEX["letter"]])

    def row_of(self, id: str) -> int:
        """Return the row of an id; raise InputError where it is not there."""
        try:
            return self._row_of[id]
        except KeyError as error:
            raise InputError(describe(f"no protein {id!r}", where=str(self.path), do="Check the id.")) from error

    def rows_of(self, ids: Sequence[str]) -> list[int]:
        """Return the rows of ids, in their order."""
        return [self.row_of(id) for id in ids]

    def end_of(self, num_rows: int) -> Int[np.ndarray, " column"]:
        """Return where the first `num_rows` proteins end in each column."""
        return self._header["end"][num_rows].copy()

    def sequence(self, row: int) -> str:
        """Return the sequence of one protein, without the rest of the record."""
        self._check_rows(np.array([row]))
        return self._slice("letter", row).tobytes().decode("ascii")

    def digest(self, row: int) -> str:
        """Return the SHA-256 of one record as it is stored, without its labels; equal records have the same."""
        self._check_rows(np.array([row]))
        digest, header = hashlib.sha256(), self._header[row + 1]
        for name in COLUMNS:
            part = self._slice(name, row).tobytes()
            part = expanded(part, where=str(self.path)) if name == "cold" else part
            digest.update(len(part).to_bytes(8, "little") + part)
        digest.update(header["origin"].tobytes() + bytes([header["exponent"], header["is_wide"]]))
        return digest.hexdigest()

    def bytes_per_residue(self) -> float:
        """Return the size of all committed columns divided by the number of residues."""
        return sum(self.manifest["columns"].values()) / max(int(self.manifest["num_residues"]), 1)

    def _slice(self, name: str, row: int) -> np.ndarray:
        end = self._header["end"][row : row + 2, _COLUMN_INDEX[name]]
        return self._columns[name].pieces(end[:1], end[1:])

    def _check_rows(self, rows: Int[np.ndarray, " chosen"]) -> None:
        if rows.size and (rows.min() < 0 or rows.max() >= len(self)):
            raise ContractError(
                describe("no such row", where=str(self.path), expected=f"0 ... {len(self) - 1}",
                         found=f"{rows.min()} ... {rows.max()}")
            )  # fmt: skip

    def __getitem__(self, row: int) -> Protein:
        self._check_rows(np.array([row]))
        columns = {name: self._slice(name, row) for name in COLUMNS}
        labels = {name: label for name, reader in self._labels.items() if (label := reader.label(row)) is not None}
        return decode_protein(columns, self._header[row + 1], labels)

    def __iter__(self) -> Iterator[Protein]:
        return (self[row] for row in range(len(self)))

    def batch(
        self, rows: Sequence[int] | Int[np.ndarray, " chosen"], labels: Sequence[str | LabelTable] = ()
    ) -> ProteinBatch:
        """Return the batch of the chosen rows, in their order; equal to packing the records, but much faster.

        A label is the name of a stored one, `plddt`, which is read from the records unless it is stored, or a table
        that is joined by id; it travels as the extras `name` and `name.is_known`. Raises ContractError for a row or a
        label that is not there.
        """
        chosen = np.asarray(rows, dtype=np.int64)
        self._check_rows(chosen)
        before, after = self._header["end"][chosen], self._header["end"][chosen + 1]
        count = {name: after[:, index] - before[:, index] for name, index in _COLUMN_INDEX.items()}

        def joined(name: str) -> np.ndarray:
            index = _COLUMN_INDEX[name]
            return self._columns[name].pieces(before[:, index], after[:, index])

        runs, letters, lengths = joined("run"), joined("letter"), count["letter"]
        text = joined("id").tobytes()
        ids = tuple(text[start:stop].decode() for start, stop in pairwise(_pointer(count["id"]).tolist()))
        return ProteinBatch(
            ids=ids,
            residue_ptr=_pointer(lengths),
            residue_type=torch.from_numpy(encode_sequence(letters.tobytes().decode("ascii")).astype(np.int64)),
            chain_of=torch.from_numpy(expand_runs(runs, "chain")),
            author_number=torch.from_numpy(expand_runs(runs, "author")),
            atom_ptr=_pointer(joined("num_atoms")),
            atom_code=torch.from_numpy(joined("atom_code")),
            atom_position=torch.from_numpy(_positions(joined("step"), count["step"], self._header[chosen + 1])),
            edge_ptr=torch.zeros(len(letters) + 1, dtype=torch.int64),
            edge_source=torch.zeros(0, dtype=torch.int64),
            extra=self._extras(chosen, ids, lengths, labels),
        )

    def _extras(
        self,
        rows: Int[np.ndarray, " chosen"],
        ids: tuple[str, ...],
        lengths: Int[np.ndarray, " chosen"],
        labels: Sequence[str | LabelTable],
    ) -> dict[str, Extra]:
        extra: dict[str, Extra] = {}
        for item in labels:
            if isinstance(item, LabelTable):
                extra |= item.packed(ids, lengths)
                continue
            if item == PLDDT and item not in self._labels:
                extra |= plddt_table(self[row] for row in rows.tolist()).packed(ids, lengths)
                continue
            if item not in self._labels:
                raise ContractError(
                    describe(f"no label {item!r}", where=str(self.path), expected=f"one of {sorted(self._labels)}")
                )
            reader = self._labels[item]
            extra |= packed_label(
                item, reader.level, [reader.require(row, id) for row, id in zip(rows.tolist(), ids, strict=True)]
            )
        return extra


def _pointer(counts: np.ndarray) -> torch.Tensor:
    ptr = np.zeros(len(counts) + 1, dtype=np.int64)
    np.cumsum(counts, dtype=np.int64, out=ptr[1:])
    return torch.from_numpy(ptr)


def _positions(steps: np.ndarray, counts: np.ndarray, scaling: np.ndarray) -> Float[np.ndarray, "atom 3"]:
    """Return the positions of several proteins in angstrom from their steps, one protein after another."""
    parts = np.split(steps, np.cumsum(counts)[:-1]) if len(counts) else []
    decoded = [
        decode_position(part, entry["origin"], int(entry["exponent"]), bool(entry["is_wide"]))
        for part, entry in zip(parts, scaling, strict=True)
    ]
    return np.concatenate(decoded) if decoded else np.zeros((0, 3), np.float32)
