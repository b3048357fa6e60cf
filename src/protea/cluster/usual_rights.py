"""Who may read a file: whoever may read other new files of this user, also where a library says otherwise."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

__all__ = ["usual_rights"]


@contextmanager
def usual_rights(path: Path) -> Iterator[None]:
    """Give a file that is written inside the rights of any new file, or those that the file there had.

    safetensors 0.8 leaves its files to their owner alone: nobody else of a team could read a model that was trained.
    """
    is_new = not path.exists()
    path.touch()
    rights = path.stat().st_mode & 0o777
    is_written = False
    try:
        yield
        is_written = True
    finally:
        if is_written:
            path.chmod(rights)
        elif is_new:
            path.unlink(missing_ok=True)
