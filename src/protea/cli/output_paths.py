"""What a command is asked to write: each file another one, none of what is read, and all where they can be written.

Asked before the work: hours of it would end in a file that the next one takes the place of, or in none.
"""

import os
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

__all__ = ["require_apart", "require_folder", "require_table_with_facts"]


def require_apart(outputs: Mapping[str, Path | None], inputs: Sequence[Path | str | None] = ()) -> None:
    """Return if every file that is asked for, by its option, can stand beside the others and beside what is read.

    An input may be a name or letters, as options take them; those are no file.

    Raises:
        ConfigError: if two are one file, one is a file that is read, a folder stands in the place of one, or its
            folder cannot be made.
    """
    from protea.errors import ConfigError, describe

    option_of: dict[Path, str] = {}
    for option, path in outputs.items():
        if path is None:
            continue
        place = path.resolve()
        if any(_is_one(path, Path(item)) for item in inputs if item is not None):
            raise ConfigError(describe("a file that is read would be written over", where=f"{option} {path}",
                                       do="Name another file."))  # fmt: skip
        if place in option_of:
            raise ConfigError(describe("two outputs in one file", where=f"{option_of[place]} and {option}",
                                       expected="a file each", found=str(path)))  # fmt: skip
        if place.is_dir():
            raise ConfigError(describe("a folder stands where a file is to be written", where=f"{option} {path}",
                                       do="Name a file."))  # fmt: skip
        if not path.exists():
            _require_made(option, path.parent)
        option_of[place] = option


def require_folder(
    option: str, folder: Path | None, inputs: Sequence[Path | str | None] = (), names: Iterable[str] = ()
) -> None:
    """Return if a folder can be made and written into, and no file that is read gets another content there.

    Args:
        option: how the folder is asked for.
        folder: None where it is not asked for.
        inputs: what is read: files, and folders whose files are not to stand beside what is written.
        names: files that are written into it, so far as they are known.

    Raises:
        ConfigError: if it cannot be made, is one that is read, or one of its files is.
    """
    from protea.errors import ConfigError, describe

    if folder is None:
        return
    _require_made(option, folder)
    if any(_is_one(folder, Path(item)) for item in inputs if item is not None):
        raise ConfigError(describe("a folder that is read would be written into", where=f"{option} {folder}",
                                   do="Name another folder."))  # fmt: skip
    require_apart({f"{name} of {option}": folder / name for name in names}, inputs)


def require_table_with_facts(out: Path | None, inputs: Sequence[Path | str | None]) -> None:
    """Return if a table of variants and the file of facts beside it can be written; nothing where none is asked for.

    Raises:
        ConfigError: as `require_apart`.
        InputError: if the table is no .csv, or the facts beside it are not those of a table of this name.
    """
    from protea.applications.variants.scoring_files import facts_file, require_own_facts

    if out is not None:
        require_apart({"--out": out, ".json beside --out": facts_file(out)}, inputs)
        require_own_facts(out)


def _require_made(option: str, folder: Path) -> None:
    """Return if the folder is there or can be made, and something can be written into it; ConfigError otherwise."""
    from protea.errors import ConfigError, describe

    there = next(path for path in (folder.absolute(), *folder.absolute().parents) if os.path.lexists(path))
    if not there.is_dir():
        raise ConfigError(describe("a file stands where a folder is to be made", where=f"{option} {folder}",
                                   found=str(there), do="Name another folder."))  # fmt: skip
    if not os.access(there, os.W_OK | os.X_OK):
        raise ConfigError(describe("nothing may be written into this folder", where=f"{option} {folder}",
                                   found=str(there), do="Name another folder, or change its permissions."))  # fmt: skip


def _is_one(first: Path, second: Path) -> bool:
    """Return whether two paths lead to one file, by links or by letters that the file system takes for the same."""
    if first.resolve() == second.resolve():
        return True
    return os.path.exists(first) and os.path.exists(second) and os.path.samefile(first, second)
