"""The receipt beside a fetched file: where it came from and its SHA-256, so that it need not be read again."""

import hashlib
import json
from dataclasses import asdict, dataclass
from pathlib import Path

from protea.cluster.whole_file import write_json
from protea.errors import FileFormatError, InputError, describe

__all__ = ["Receipt", "digest_of_fetched", "read_receipt", "receipt_path", "write_receipt"]

_SUFFIX = ".receipt.json"
_BLOCK = 1 << 20


@dataclass(frozen=True)
class Receipt:
    """What was fetched; `modified_ns` is the file's time on this disk, which shows whether it was touched since."""

    url: str
    size: int
    sha256: str
    modified_ns: int
    fetched_on: str

    def is_of(self, path: Path) -> bool:
        """Return whether the file is there and untouched since it was fetched."""
        if not path.is_file():
            return False
        state = path.stat()
        return state.st_size == self.size and state.st_mtime_ns == self.modified_ns


def receipt_path(path: Path) -> Path:
    """Return where the receipt of a file lies."""
    return path.with_name(path.name + _SUFFIX)


def read_receipt(path: Path) -> Receipt | None:
    """Return the receipt of a file, None where it has none; raise FileFormatError where it cannot be read."""
    place = receipt_path(path)
    if not place.exists():
        return None
    try:
        return Receipt(**json.loads(place.read_text(encoding="utf-8")))
    except (json.JSONDecodeError, UnicodeDecodeError, TypeError) as error:
        raise FileFormatError(
            describe("not a receipt", where=str(place), found=str(error), do="Delete it and fetch the file again.")
        ) from error


def write_receipt(path: Path, receipt: Receipt) -> None:
    """Write the receipt of a file in one step."""
    write_json(asdict(receipt), receipt_path(path))


def digest_of_fetched(path: Path) -> str:
    """Return the SHA-256 of a file: from its receipt where the file is untouched since, else from its bytes."""
    receipt = read_receipt(path)
    if receipt is not None and receipt.is_of(path):
        return receipt.sha256
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        raise InputError(describe("cannot be read", where=str(path), found=str(error.strerror))) from error
