"""A packed file as a stream of its content: plain, gzip or zstd, told by its first bytes.

A file that was cut ends with an error, wherever the cut fell: the end of a cut file is never taken for the end of its
content, and what a packing says of its content (length, check sum) is checked where it ends.
"""

import gzip
import io
import zlib
from typing import Any

import zstandard

__all__ = ["UNPACKING_ERRORS", "unpacked_stream"]

UNPACKING_ERRORS = (OSError, EOFError, zlib.error, zstandard.ZstdError)
"""What reading such a stream may raise: the packing is broken or ends too soon, or the system cannot read the file."""

_PIECE = 1 << 13
"""Packed bytes that are unpacked at once: 8 KiB may hold 256 MiB."""
_ZSTD_WINDOW = 1 << 31


def unpacked_stream(file: io.BufferedIOBase) -> io.BufferedIOBase:
    """Return the content of an open file: the file itself where it is plain; `file` stays the caller's to close."""
    magic = file.read(4)
    file.seek(0)
    if magic[:2] == b"\x1f\x8b":
        return gzip.GzipFile(fileobj=file)
    if magic == b"\x28\xb5\x2f\xfd":
        return io.BufferedReader(_Frames(file))
    return file


class _Frames(io.RawIOBase):
    """All frames of a zstd file; zstandard's own reader takes the end of a cut file for the end of its content."""

    def __init__(self, file: io.BufferedIOBase) -> None:
        super().__init__()
        self._file = file
        self._frame = _new_frame()
        self._is_begun = False
        self._ready = memoryview(b"")

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        while not self._ready and (packed := self._packed()):
            self._ready = memoryview(self._frame.decompress(packed))
            self._is_begun = not self._frame.eof
        size = min(len(buffer), len(self._ready))
        buffer[:size] = self._ready[:size]
        self._ready = self._ready[size:]
        return size

    def _packed(self) -> bytes:
        """Return the next bytes of the frame that is being read, which is a new one where the last has ended."""
        rest = b""
        if self._frame.eof:
            rest, self._frame = self._frame.unused_data, _new_frame()
        packed = rest or self._file.read(_PIECE)
        if not packed and self._is_begun:
            raise EOFError("it ends within a zstd frame")
        return packed


def _new_frame() -> Any:
    return zstandard.ZstdDecompressor(max_window_size=_ZSTD_WINDOW).decompressobj()
