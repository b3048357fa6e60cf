"""The items of one LMDB file as ATOM3D writes them: numbered, gzip over JSON or MessagePack. Pickles are refused."""

import gzip
import io
import json
import zlib
from importlib.util import find_spec
from pathlib import Path
from types import TracebackType
from typing import Any

import msgpack

from protea.errors import FileFormatError, MissingExtraError, describe

__all__ = ["MAX_ITEM", "LMDBRecords"]

MAX_ITEM = 1 << 30
"""Most bytes that an item may unpack to: beyond it the item is refused, not the memory filled."""
_FORMATS = ("json", "msgpack")


class LMDBRecords:
    """An open file, to be used in a `with` statement.

    Raises:
        MissingExtraError: if lmdb is not installed.
        FileFormatError: if the folder holds no LMDB file of ATOM3D, one that was cut, or one of pickles.
    """

    def __init__(self, folder: Path) -> None:
        if find_spec("lmdb") is None:
            raise MissingExtraError(describe("lmdb is not installed", do="pip install 'protea[atom3d]'"))
        import lmdb

        self._path = folder / "data.mdb"
        try:
            self._file = lmdb.open(str(folder), readonly=True, lock=False, readahead=False, create=False)
        except lmdb.Error as error:
            raise FileFormatError(describe("not an LMDB file", where=str(self._path), found=str(error))) from error
        try:
            self._require_whole()
            self.format = self._value("serialization_format").decode("ascii", "replace")
            if self.format not in _FORMATS:
                raise FileFormatError(
                    describe("items in a form that is not read: what is in a pickle can run any program",
                             where=str(self._path), expected=" or ".join(_FORMATS), found=repr(self.format),
                             do="Write the file again as json where you trust it.")
                )  # fmt: skip
            self._num = self._number()
            self.ids = self._ids()
        except FileFormatError:
            self._file.close()
            raise

    def __enter__(self) -> "LMDBRecords":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._file.close()

    def __len__(self) -> int:
        return self._num

    def item(self, number: int) -> dict[str, Any]:
        """Return one item: tables and labels by name; raise FileFormatError where it is absent or damaged."""
        where = f"{self._path}, item {number}"
        packed = self._value(str(number))
        try:
            with gzip.GzipFile(fileobj=io.BytesIO(packed)) as stream:
                data = stream.read(MAX_ITEM + 1)
        except (OSError, EOFError, zlib.error) as error:
            raise FileFormatError(describe("a damaged item", where=where, found=str(error))) from error
        if len(data) > MAX_ITEM:
            raise FileFormatError(describe("an item is too large", where=where, expected=f"at most {MAX_ITEM:,} bytes"))
        tree = self._parsed(data, where)
        if not isinstance(tree, dict) or not isinstance(tree.get("id"), str):
            raise FileFormatError(describe("not an item", where=where, expected="names with values, and an id"))
        return tree

    def _parsed(self, data: bytes, where: str) -> Any:
        try:
            return json.loads(data) if self.format == "json" else msgpack.unpackb(data)
        except (ValueError, RecursionError, msgpack.UnpackException) as error:
            raise FileFormatError(describe(f"not {self.format}", where=where, found=str(error)[:200])) from error

    def _value(self, key: str) -> bytes:
        with self._file.begin() as view:
            value = view.get(key.encode())
        if value is None:
            raise FileFormatError(describe(f"no entry {key!r}", where=str(self._path), expected="a file of ATOM3D"))
        return bytes(value)

    def _number(self) -> int:
        text = self._value("num_examples").decode("ascii", "replace")
        if not text.isdecimal():
            raise FileFormatError(
                describe("not a number of items", where=str(self._path), expected="digits", found=repr(text))
            )
        return int(text)

    def _ids(self) -> tuple[str, ...]:
        tree = self._parsed(self._value("id_to_idx"), f"{self._path}, id_to_idx")
        if not isinstance(tree, dict) or not all(isinstance(place, int) for place in tree.values()):
            raise FileFormatError(describe("not a table of ids", where=str(self._path), expected="id: number"))
        return tuple(sorted(tree, key=lambda name: tree[name]))

    def _require_whole(self) -> None:
        """Refuse a file that ends before its last page: reading there would end the whole process."""
        expected = (self._file.info()["last_pgno"] + 1) * self._file.stat()["psize"]
        found = self._path.stat().st_size
        if found < expected:
            raise FileFormatError(
                describe("the file was cut", where=str(self._path), expected=f"at least {expected:,} bytes",
                         found=f"{found:,}", do="Delete the folder: it is unpacked again from the archive.")
            )  # fmt: skip
