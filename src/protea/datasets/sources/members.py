"""The files inside a folder, a .zip, a .tar or a .tar.zst, read in memory one after the other.

Nothing is unpacked to disk, so a member's name cannot lead anywhere; names are reported with forward slashes. Devices
and folders are passed over. A link that is not followed (in an archive any, in a folder one to a folder or to nothing)
is a member without bytes that says where it leads: what it stands for is not lost without a word.
"""

import os
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path, PurePosixPath
from typing import NamedTuple

from protea.datasets.sources.opened_tar import opened_tar
from protea.errors import FileFormatError, InputError, describe

__all__ = ["LARGEST_MEMBER", "Member", "members"]

LARGEST_MEMBER = 512 * 2**20
"""Bytes above which a member is refused: an archive can claim any size."""


class Member(NamedTuple):
    """One file of a folder or an archive: its name relative to the top, and its bytes.

    `link` says where a link leads that is not followed; it has no bytes.
    """

    name: str
    data: bytes
    link: str | None = None


def members(path: Path, *, is_recursive: bool = True) -> Iterator[Member]:
    """Yield every file and link of a folder (by name) or an archive (in its own order), subfolders too if asked.

    Raises InputError where the path is neither, FileFormatError where an archive is damaged or a member too large.
    """
    if path.is_dir():
        yield from _folder_members(path, is_recursive)
        return
    if not path.is_file():
        raise InputError(describe("no such file or folder", where=str(path), do="Check the path."))
    for member in _archive_members(path):
        if is_recursive or "/" not in member.name:
            yield member


def _archive_members(path: Path) -> Iterator[Member]:
    name = path.name.lower()
    try:
        if name.endswith(".zip"):
            yield from _zip_members(path)
        elif name.endswith((".tar", ".tar.gz", ".tgz", ".tar.zst", ".tzst")):
            yield from _tar_members(path)
        else:
            raise InputError(
                describe("not a kind of archive that is read here", where=str(path), found=path.name,
                         expected="a folder, .zip, .tar, .tar.gz or .tar.zst")
            )  # fmt: skip
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError) as error:
        raise FileFormatError(describe("the archive cannot be read", where=str(path), found=str(error))) from error


def _folder_members(path: Path, is_recursive: bool) -> Iterator[Member]:
    found = path.rglob("*") if is_recursive else path.glob("*")
    for item in sorted(found, key=lambda item: item.relative_to(path).as_posix()):
        if item.is_file():
            name = item.relative_to(path).as_posix()
            _check_size(path, name, item.stat().st_size)
            yield Member(name, item.read_bytes())
        elif item.is_symlink():
            yield Member(item.relative_to(path).as_posix(), b"", os.readlink(item))


def _zip_members(path: Path) -> Iterator[Member]:
    with zipfile.ZipFile(path) as archive:
        for info in archive.infolist():
            if not info.is_dir():
                _check_size(path, info.filename, info.file_size)
                yield Member(_plain(info.filename), archive.read(info))


def _tar_members(path: Path) -> Iterator[Member]:
    with opened_tar(path) as archive:
        for info in archive:
            if info.isfile():
                _check_size(path, info.name, info.size)
                file = archive.extractfile(info)
                assert file is not None  # a regular file
                yield Member(_plain(info.name), file.read())
            elif info.issym() or info.islnk():
                yield Member(_plain(info.name), b"", info.linkname)
            archive.members = []  # type: ignore[attr-defined]  # tarfile keeps every header: gigabytes for a million members


def _plain(name: str) -> str:
    return str(PurePosixPath(*(part for part in PurePosixPath(name).parts if part not in ("/", ".", ".."))))


def _check_size(path: Path, name: str, size: int) -> None:
    if size > LARGEST_MEMBER:
        raise FileFormatError(
            describe(f"member {name!r} is too large", where=str(path), expected=f"at most {LARGEST_MEMBER:,} bytes",
                     found=f"{size:,}")
        )  # fmt: skip
