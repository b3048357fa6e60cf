"""What is to be fetched: an address, the name that it gets here, and what is known of its content beforehand."""

import re
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from urllib.parse import urlsplit

from protea.errors import InputError, describe

__all__ = ["RemoteFile"]

_HEX_DIGITS = {"sha256": 64, "md5": 32}


@dataclass(frozen=True)
class RemoteFile:
    """One file of the network.

    `name` is a path below the folder that it is fetched into. `sha256` or `md5`, where its publisher states one, is
    checked; `size` (bytes) likewise. `is_verified` says whether the address was seen to work, or was only taken from a
    publication.
    """

    url: str
    name: str
    size: int | None = None
    sha256: str | None = None
    md5: str | None = None
    is_verified: bool = True

    def __post_init__(self) -> None:
        parts = urlsplit(self.url)
        if parts.scheme not in ("http", "https") or not parts.netloc:
            raise InputError(describe("not an address that is fetched", where=self.url, expected="http:// or https://"))
        path = PurePosixPath(self.name)
        if not path.name or path.is_absolute() or ".." in path.parts or "\\" in self.name or "\0" in self.name:
            raise InputError(describe("not a name below a folder", where=self.url, found=repr(self.name)))
        for kind, digits in _HEX_DIGITS.items():
            stated = getattr(self, kind)
            # A checksum that cannot be one (31 digits have been published) would refuse every download.
            if stated is not None and not re.fullmatch(f"[0-9a-f]{{{digits}}}", stated):
                raise InputError(
                    describe(f"not an {kind.upper()} checksum", where=self.url, expected=f"{digits} hex digits",
                             found=stated)
                )  # fmt: skip

    def path_in(self, folder: Path) -> Path:
        """Return where the file lies below a folder once it was fetched."""
        return folder.joinpath(*PurePosixPath(self.name).parts)
