"""Append-only column files with one small manifest that says how much of each file counts.

A folder holds `<column>.bin` files and `manifest.json`. A commit appends to the files, makes them durable, and then
replaces the manifest atomically; bytes beyond what the manifest names were never committed: readers do not see them and
the next writer cuts them off. So a process killed at any moment leaves every committed row whole and no half row.
"""

import fcntl
import json
import os
import weakref
from pathlib import Path
from types import TracebackType
from typing import IO, Any

import numpy as np
from jaxtyping import Int

from protea.errors import FileFormatError, InputError, describe

__all__ = ["MANIFEST", "Column", "ColumnReader", "ColumnWriter", "read_manifest"]

MANIFEST = "manifest.json"
_LOCK = "writer.lock"


def read_manifest(path: Path, file_format: str, version: int) -> dict[str, Any]:
    """Return the manifest of a folder; raise FileFormatError where it is none of this format and version."""
    file = path / MANIFEST
    try:
        manifest = json.loads(file.read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        raise InputError(describe("no store here", where=str(path), expected=f"a folder with {MANIFEST}")) from error
    except (json.JSONDecodeError, UnicodeDecodeError) as error:
        raise FileFormatError(describe("not a manifest", where=str(file), found=str(error))) from error
    found = (manifest.get("format"), manifest.get("version")) if isinstance(manifest, dict) else None
    if found != (file_format, version):
        raise FileFormatError(
            describe("another format", where=str(file), expected=f"{file_format} {version}", found=str(found),
                     do="Build the store again with this version of Protea.")
        )  # fmt: skip
    return manifest


class Column:
    """The committed part of one column, of which only what is asked for is read, into memory of its own.

    A memory map would count every page that was ever looked at as memory of this process, up to the whole file. Reads
    share no position in the file, so that threads and forked processes may read at once.
    """

    def __init__(self, file: Path, dtype: np.dtype[Any], num_items: int) -> None:
        self._file, self._dtype, self._num_items = file, dtype, num_items
        if num_items:
            self._descriptor = os.open(file, os.O_RDONLY)
            weakref.finalize(self, os.close, self._descriptor)

    def __len__(self) -> int:
        return self._num_items

    def whole(self) -> np.ndarray:
        """Return all items."""
        return self.pieces(np.array([0]), np.array([self._num_items]))

    def pieces(self, start: Int[np.ndarray, " piece"], stop: Int[np.ndarray, " piece"]) -> np.ndarray:
        """Return the items start[i] ... stop[i] - 1 of every piece, one piece after another; they must be there."""
        size = self._dtype.itemsize
        num_bytes = (stop - start) * size
        found = np.empty(int(num_bytes.sum()) // size, self._dtype)
        view, place = found.view(np.uint8).data, 0
        for offset, count in zip((start * size).tolist(), num_bytes.tolist(), strict=True):
            self._read(view[place : place + count], offset)
            place += count
        return found

    def _read(self, into: memoryview, offset: int) -> None:
        while into:
            count = os.preadv(self._descriptor, [into], offset)
            if count == 0:
                raise FileFormatError(
                    describe("column is damaged", where=str(self._file), expected=f"{len(into)} bytes at {offset}",
                             found="the end of the file", do="Restore the file or build the store again.")
                )  # fmt: skip
            into, offset = into[count:], offset + count


class ColumnReader:
    """The committed part of each column: as a whole through a memory map, or piece by piece."""

    def __init__(self, path: Path, num_bytes: dict[str, int]) -> None:
        self._path = path
        self._num_bytes = num_bytes

    def mapped(self, name: str, dtype: np.dtype[Any]) -> np.ndarray:
        """Return a column as a read-only array that is read from disk page by page when it is used."""
        num_items = self._num_items(name, dtype)
        if num_items == 0:
            return np.zeros(0, dtype)
        # A plain view: slicing np.memmap itself costs several times more.
        return np.asarray(np.memmap(self._path / f"{name}.bin", dtype=dtype, mode="r", shape=(num_items,)))

    def column(self, name: str, dtype: np.dtype[Any]) -> Column:
        """Return a column to read pieces of."""
        return Column(self._path / f"{name}.bin", dtype, self._num_items(name, dtype))

    def _num_items(self, name: str, dtype: np.dtype[Any]) -> int:
        """Return the number of committed items; raise FileFormatError where they are not all there."""
        file, size = self._path / f"{name}.bin", self._num_bytes.get(name, 0)
        found = file.stat().st_size if file.exists() else 0
        if size and (found < size or size % dtype.itemsize):
            raise FileFormatError(
                describe("column is damaged", where=str(file), expected=f"{size} bytes of {dtype}",
                         found=f"{found} bytes", do="Restore the file or build the store again.")
            )  # fmt: skip
        return size // dtype.itemsize


class ColumnWriter:
    """Appends to the columns of a folder; one writer at a time."""

    def __init__(self, path: Path, num_bytes: dict[str, int]) -> None:
        self._path = path
        self.num_bytes = dict(num_bytes)
        self._buffers: dict[str, bytearray] = {}
        self._files: dict[str, IO[bytes]] = {}
        path.mkdir(parents=True, exist_ok=True)
        self._lock = (path / _LOCK).open("w")
        try:
            fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            self._lock.close()
            raise InputError(
                describe("another process is writing here", where=str(path), do="Wait for it or choose another folder.")
            ) from error

    def append(self, name: str, data: bytes) -> None:
        """Add bytes to a column; they count once committed."""
        self._buffers.setdefault(name, bytearray()).extend(data)

    def num_buffered(self) -> int:
        """Return the number of bytes that wait for a commit."""
        return sum(len(buffer) for buffer in self._buffers.values())

    def commit(self, manifest: dict[str, Any]) -> None:
        """Write what waits, make it durable, then replace the manifest, whose `columns` is filled in here.

        One that was interrupted anywhere may be called again: it writes the same bytes to the same places.
        """
        num_bytes = dict(self.num_bytes)
        for name, buffer in self._buffers.items():
            file = self._open(name)
            file.seek(num_bytes.get(name, 0))
            file.truncate()  # what a commit that was interrupted left behind
            file.write(buffer)
            file.flush()
            os.fsync(file.fileno())
            num_bytes[name] = num_bytes.get(name, 0) + len(buffer)
        temporary = self._path / f"{MANIFEST}.new"
        with temporary.open("w", encoding="utf-8") as text:
            json.dump({**manifest, "columns": num_bytes}, text, indent=1)
            text.flush()
            os.fsync(text.fileno())
        temporary.replace(self._path / MANIFEST)
        self.num_bytes, self._buffers = num_bytes, {}
        folder = os.open(self._path, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)

    def _open(self, name: str) -> IO[bytes]:
        if name not in self._files:
            path, committed = self._path / f"{name}.bin", self.num_bytes.get(name, 0)
            path.touch()
            file = path.open("r+b")
            size = file.seek(0, os.SEEK_END)
            if size < committed:
                file.close()
                raise FileFormatError(
                    describe("column is damaged", where=str(path), expected=f"{committed} bytes", found=f"{size} bytes")
                )
            file.truncate(committed)  # what a killed writer left behind
            file.seek(committed)
            self._files[name] = file
        return self._files[name]

    def close(self) -> None:
        """Release the files and the lock; what was not committed is dropped."""
        for file in self._files.values():
            file.close()
        self._files.clear()
        self._lock.close()

    def __enter__(self) -> "ColumnWriter":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()
