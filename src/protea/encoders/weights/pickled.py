"""Files that torch wrote, read without running anything that they say.

Tensors and plain values are read by torch's restricted reader (`weights_only`); of foreign objects only those with an
inert stand-in. Everything else, and so every file that wants to run something, is refused.
"""

import pickle
import re
import struct
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Lock
from typing import Any

import torch
from torch.serialization import add_safe_globals, clear_safe_globals, get_safe_globals

from protea.encoders.weights.stand_ins import STAND_INS
from protea.errors import FileFormatError, describe

__all__ = ["read_pickled"]

_ONE_AT_A_TIME = Lock()  # the names that torch lets pass are a setting of the process
_DAMAGED = (
    RuntimeError, EOFError, ValueError, KeyError, IndexError, AttributeError, AssertionError, TypeError, struct.error,
    MemoryError,
)  # fmt: skip
"""What torch's reader raises on bytes that are no file of its own."""


def read_pickled(path: Path, *, shapes_only: bool = False) -> Any:
    """Return the content of a torch file, tensors on the CPU; with `shapes_only` on the meta device, without values.

    Raises:
        FileFormatError: if the file is damaged, or holds an object that is not read.
    """
    if not _may_be_torch(path):
        raise FileFormatError(
            describe("no file of weights", where=str(path), expected="safetensors, or a file that torch wrote")
        )
    device = "meta" if shapes_only else "cpu"
    with _ONE_AT_A_TIME, warnings.catch_warnings(), _only_stand_ins():
        warnings.simplefilter("ignore")  # what torch warns of here is an error a moment later, or of no concern
        try:
            return torch.load(path, map_location=device, weights_only=True, mmap=_is_zip(path))
        except pickle.UnpicklingError as error:
            raise _refusal(path, str(error)) from error
        except _DAMAGED as error:
            raise FileFormatError(
                describe("not a file of torch, or damaged", where=str(path), found=f"{type(error).__name__}: {error}",
                         do="Fetch it again.")
            ) from error  # fmt: skip


@contextmanager
def _only_stand_ins() -> Iterator[None]:
    """Let pass our stand-ins and nothing that another library allowed in this process."""
    before = get_safe_globals()
    clear_safe_globals()
    try:
        add_safe_globals(list(STAND_INS))
        yield
    finally:
        clear_safe_globals()
        add_safe_globals(before)


def _is_zip(path: Path) -> bool:
    """Return whether a file is of the newer form, which need not be read into memory."""
    with path.open("rb") as file:
        return file.read(4) == b"PK\x03\x04"


def _may_be_torch(path: Path) -> bool:
    """Return whether a file begins as a zip, a tar or a pickle does."""
    with path.open("rb") as file:
        head = file.read(512)
    return head[:4] == b"PK\x03\x04" or head[:1] == b"\x80" or head[257:262] == b"ustar"


def _refusal(path: Path, reason: str) -> FileFormatError:
    named = re.search(r"(?:GLOBAL |whose module |class |function )<?([\w.]+)", reason)
    return FileFormatError(
        describe(
            "holds an object that is not read, because reading it could run code", where=str(path),
            expected="tensors and plain values", found=named[1] if named else " ".join(reason.split())[:200],
            do="Ask its publisher for a .safetensors file, or convert it in a process that you trust it with.",
        )
    )  # fmt: skip
