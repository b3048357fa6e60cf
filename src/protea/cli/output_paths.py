"""Files that a command is asked to write: each another one, none of what is read, and none where a folder stands.

Asked before the work: hours of it would end in a file that the next one takes the place of.
"""

from collections.abc import Mapping, Sequence
from pathlib import Path

__all__ = ["require_apart"]


def require_apart(outputs: Mapping[str, Path | None], inputs: Sequence[Path | None] = ()) -> None:
    """Return if every file that is asked for, by its option, can stand beside the others and beside what is read.

    Raises:
        ConfigError: if two are one file, one is a file that is read, or a folder stands in the place of one.
    """
    from protea.errors import ConfigError, describe

    read = {path.resolve() for path in inputs if path is not None}
    option_of: dict[Path, str] = {}
    for option, path in outputs.items():
        if path is None:
            continue
        place = path.resolve()
        if place in read:
            raise ConfigError(describe("a file that is read would be written over", where=f"{option} {path}",
                                       do="Name another file."))  # fmt: skip
        if place in option_of:
            raise ConfigError(describe("two outputs in one file", where=f"{option_of[place]} and {option}",
                                       expected="a file each", found=str(path)))  # fmt: skip
        if place.is_dir():
            raise ConfigError(describe("a folder stands where a file is to be written", where=f"{option} {path}",
                                       do="Name a file."))  # fmt: skip
        option_of[place] = option
