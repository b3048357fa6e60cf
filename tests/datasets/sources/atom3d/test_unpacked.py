"""LMDB files out of an archive: only the wanted ones, once, and anew when the archive changed."""

from pathlib import Path

import pytest

from protea.datasets.sources.atom3d.lmdb_records import LMDBRecords
from protea.datasets.sources.atom3d.unpacked import unpacked
from protea.errors import FileFormatError
from tests.datasets.sources.atom3d.made_lmdb import packed

WANTED = {"train": r"(^|/)data/train/data\.mdb$", "test": r"(^|/)data/test/data\.mdb$"}


def archive(folder: Path, letter: str) -> bytes:
    parts = {f"data/{part}": [{"id": f"{letter}{part}"}] for part in ("train", "val", "test")}
    return packed(folder / letter, parts, "split-by-year")


def ids(folders: dict[str, Path]) -> dict[str, tuple[str, ...]]:
    found = {}
    for name, folder in folders.items():
        with LMDBRecords(folder) as file:
            found[name] = file.ids
    return found


def test_wanted_members_once(tmp_path: Path) -> None:
    path = tmp_path / "set.tar.gz"
    path.write_bytes(archive(tmp_path, "a"))
    folders = unpacked(path, WANTED)
    assert ids(folders) == {"train": ("atrain",), "test": ("atest",)}
    names = sorted(item.relative_to(tmp_path / "set").as_posix() for item in (tmp_path / "set").rglob("*"))
    assert names == ["archive.sha256", "test", "test/data.mdb", "train", "train/data.mdb"]
    made = (tmp_path / "set/train/data.mdb").stat().st_mtime_ns
    assert unpacked(path, WANTED) == folders
    assert (tmp_path / "set/train/data.mdb").stat().st_mtime_ns == made
    path.write_bytes(archive(tmp_path, "b"))
    assert ids(unpacked(path, WANTED)) == {"train": ("btrain",), "test": ("btest",)}


def test_nothing_is_left_of_an_archive_that_cannot_be_read(tmp_path: Path) -> None:
    path = tmp_path / "set.tar.gz"
    whole = archive(tmp_path, "a")
    path.write_bytes(whole[: len(whole) // 2])
    with pytest.raises(FileFormatError, match="the archive cannot be read"):
        unpacked(path, WANTED)
    path.write_bytes(whole)
    with pytest.raises(FileFormatError, match="no LMDB file for other"):
        unpacked(path, {**WANTED, "other": "data/other"})
    with pytest.raises(FileFormatError, match="two members for 'any'"):
        unpacked(path, {"any": r"data\.mdb$"})
    assert sorted(item.name for item in tmp_path.iterdir()) == ["a", "set.tar.gz"]
