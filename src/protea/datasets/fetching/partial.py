"""The unfinished file on disk, and which version of the remote file its bytes belong to.

`<name>.part` holds the bytes so far, `<name>.part.json` the address and the validator (entity tag or date) of the
version that they came from. Bytes are only added while the validator is the same. The file is locked: two processes
that fetch the same file do not write into each other.
"""

import fcntl
import json
import os
from pathlib import Path
from types import TracebackType
from typing import BinaryIO

from protea.errors import InputError, describe

__all__ = ["Partial"]


class Partial:
    """The unfinished download of one file; a context manager that holds its lock."""

    def __init__(self, target: Path, url: str) -> None:
        self.target = target
        self.url = url
        self.path = target.with_name(target.name + ".part")
        self._note = target.with_name(target.name + ".part.json")
        self._file: BinaryIO | None = None

    def __enter__(self) -> "Partial":
        self.path.parent.mkdir(parents=True, exist_ok=True)
        self._file = self.path.open("ab")
        try:
            fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            self._file.close()
            raise InputError(
                describe("another process is fetching this file", where=str(self.target), do="Wait until it is done.")
            ) from error
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.file.close()
        if self.path.exists() and self.path.stat().st_size == 0:
            self.discard()

    @property
    def file(self) -> BinaryIO:
        """The open file, at its end."""
        assert self._file is not None, "used outside `with`"
        return self._file

    @property
    def size(self) -> int:
        """Bytes so far."""
        self.file.flush()
        return self.path.stat().st_size

    def validator(self) -> str | None:
        """Return the validator of the bytes so far; None where they are of another address or of unknown origin."""
        if not self._note.exists():
            return None
        try:
            note = json.loads(self._note.read_text(encoding="utf-8"))
        except (json.JSONDecodeError, UnicodeDecodeError):
            return None  # a note cut by a crash: the bytes are fetched anew
        is_ours = isinstance(note, dict) and note.get("url") == self.url
        return note.get("validator") if is_ours else None

    def restart(self, validator: str | None) -> None:
        """Forget all bytes; those that follow belong to the version with this validator."""
        self.file.truncate(0)
        self._note.write_text(json.dumps({"url": self.url, "validator": validator}) + "\n", encoding="utf-8")

    def finish(self) -> None:
        """Make the bytes durable and put the file in place in one step."""
        self.file.flush()
        os.fsync(self.file.fileno())
        os.replace(self.path, self.target)
        self._note.unlink(missing_ok=True)

    def discard(self) -> None:
        """Remove the bytes and their note."""
        self.path.unlink(missing_ok=True)
        self._note.unlink(missing_ok=True)
