"""Files that many processes need and one of them makes, while the others wait."""

import time
from collections.abc import Callable
from pathlib import Path

from protea.cluster.claims import Claims
from protea.cluster.whole_file import whole_file

__all__ = ["cached_file", "made_once"]

_LOOK_SECONDS = 2.0


def made_once(name: str, make: Callable[[], None], is_made: Callable[[], bool], claims: Claims) -> bool:
    """Have one process make a thing, and return whether it was this one; the others return when it is there.

    Where making fails, or the process dies, another one tries.
    """
    while not is_made():
        if not claims.take(name):
            time.sleep(_LOOK_SECONDS)
            continue
        try:
            if not is_made():  # it may have ended between the look and the claim
                with claims.kept():
                    make()
                return True
        finally:
            claims.release(name)
    return False


def cached_file(path: Path, make: Callable[[Path], object]) -> Path:
    """Return a file that `make` writes to the path that it is given, unless it is there; its folder is made.

    It is there whole or not at all, and of several processes one makes it.
    """

    def write() -> None:
        with whole_file(path) as draft:
            make(draft)

    made_once(path.name, write, path.exists, Claims(path.parent / "claims"))
    return path
