"""The text of a file that is plain, gzip or zstd, told by its first bytes."""

import gzip
import zlib
from pathlib import Path

import zstandard

from protea.errors import FileFormatError, describe

__all__ = ["read_text"]


def read_text(path: Path) -> str:
    """Return the whole text of a UTF-8 file, unpacked; a byte order mark is dropped.

    Raises:
        FileFormatError: the packing is broken, or the content is not UTF-8.
        OSError: there is no such file.
    """
    data = path.read_bytes()
    try:
        if data[:2] == b"\x1f\x8b":
            data = gzip.decompress(data)
        elif data[:4] == b"\x28\xb5\x2f\xfd":
            data = _unzstd(data)
    except (OSError, EOFError, zlib.error, zstandard.ZstdError) as error:
        raise FileFormatError(
            describe("cannot be unpacked to its end", where=str(path), found=str(error), do="Fetch the file again.")
        ) from error
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise FileFormatError(
            describe("not text", where=str(path), expected="UTF-8", found=f"byte {error.start}: {error.reason}")
        ) from error


def _unzstd(data: bytes) -> bytes:
    """Return all frames unpacked; a stream reader would take the end of a cut file for the end of its text."""
    pieces = []
    while data:
        unpacker = zstandard.ZstdDecompressor(max_window_size=1 << 31).decompressobj()
        pieces.append(unpacker.decompress(data))
        if not unpacker.eof:
            raise EOFError("it ends within a frame")
        data = unpacker.unused_data
    return b"".join(pieces)
