"""The table of addresses (addresses.toml): the files of each data set, and templates for files fetched one by one."""

import tomllib
from functools import cache
from importlib.resources import files
from typing import Any
from urllib.parse import quote, urlsplit

from protea.datasets.fetching.remote_file import RemoteFile
from protea.errors import InputError, describe

__all__ = ["address_table", "file_from_template", "files_of", "mirrored"]


@cache
def address_table() -> dict[str, tuple[RemoteFile, ...]]:
    """Return the files of every data set in the table."""
    return {name: tuple(RemoteFile(**row) for row in rows) for name, rows in _tree()["files"].items()}


def files_of(name: str) -> tuple[RemoteFile, ...]:
    """Return the files of a data set; raise InputError where the table does not list it."""
    if name not in address_table():
        raise InputError(describe(f"no addresses of {name!r}", expected=f"one of {', '.join(address_table())}"))
    return address_table()[name]


def file_from_template(template: str, key: str, name: str, *, version: str = "") -> RemoteFile:
    """Return one file of a large collection (`pdb`, `alphafold`, `foldcomp`, `string_...`) by its key.

    `version` goes where the address of the collection names one.
    """
    row = _tree()["templates"][template]
    url = row["url"].format(key=quote(key, safe="._-"), version=quote(version, safe="._-"))
    return RemoteFile(url, name, is_verified=row["is_verified"])


def mirrored(remote: RemoteFile, mirror: str | None) -> RemoteFile:
    """Return the same file at a mirror, which holds it at `<mirror>/<host>/<path>`; unchanged where there is none."""
    if mirror is None:
        return remote
    parts = urlsplit(remote.url)
    url = f"{mirror.rstrip('/')}/{parts.netloc}{parts.path}"
    return RemoteFile(url, remote.name, remote.size, remote.sha256, remote.md5, remote.is_verified)


@cache
def _tree() -> dict[str, Any]:
    return tomllib.loads(files(__package__).joinpath("addresses.toml").read_text(encoding="utf-8"))
