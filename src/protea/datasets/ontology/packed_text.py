"""The text of a file that is plain, gzip or zstd, told by its first bytes."""

import io
from pathlib import Path

from protea.errors import FileFormatError, describe
from protea.protein.readers.unpacked_stream import UNPACKING_ERRORS, unpacked_stream

__all__ = ["read_text"]


def read_text(path: Path) -> str:
    """Return the whole text of a UTF-8 file, unpacked; a byte order mark is dropped.

    Raises:
        FileFormatError: the packing is broken, or the content is not UTF-8.
        OSError: there is no such file.
    """
    packed = io.BytesIO(path.read_bytes())
    try:
        data = unpacked_stream(packed).read()
    except UNPACKING_ERRORS as error:
        raise FileFormatError(
            describe("cannot be unpacked to its end", where=str(path), found=str(error), do="Fetch the file again.")
        ) from error
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise FileFormatError(
            describe("not text", where=str(path), expected="UTF-8", found=f"byte {error.start}: {error.reason}")
        ) from error
