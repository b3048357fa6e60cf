"""A .tar, .tar.gz or .tar.zst read from begin to end, with an error wherever it is cut or damaged.

tarfile alone takes a header that is damaged or missing for the end of the archive, and stops reading the packing there.
"""

import tarfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from protea.errors import FileFormatError, describe
from protea.protein.readers.unpacked_stream import UNPACKING_ERRORS, unpacked_stream

__all__ = ["opened_tar"]

_PIECE = 1 << 20


@contextmanager
def opened_tar(path: Path) -> Iterator[tarfile.TarFile]:
    """Yield the archive for one pass over its members, each to be read before the next is asked for.

    Raises:
        FileFormatError: if the archive cannot be read to its end.
    """
    try:
        with path.open("rb") as file:
            stream = unpacked_stream(file)
            with tarfile.open(fileobj=stream, mode="r|", tarinfo=_Member) as archive:
                yield archive
            while stream.read(_PIECE):
                pass  # the check sum of the packing lies behind the last member
    except (tarfile.TarError, *UNPACKING_ERRORS) as error:
        raise FileFormatError(
            describe("the archive cannot be read", where=str(path), found=str(error), do="Fetch it again.")
        ) from error


class _Member(tarfile.TarInfo):
    """A header; one that is damaged or missing is an error, since only two empty blocks end an archive."""

    @classmethod
    def fromtarfile(cls, tarfile_: tarfile.TarFile) -> "_Member":
        try:
            return super().fromtarfile(tarfile_)
        except tarfile.EOFHeaderError:  # type: ignore[attr-defined]  # its stub lacks it
            raise
        except tarfile.HeaderError as error:
            raise tarfile.ReadError(f"at byte {tarfile_.offset}: {error}") from error
