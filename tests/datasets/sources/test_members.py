"""Members of folders and archives: the same files whatever the wrapping, and no name that leads out."""

import io
import tarfile
import zipfile
from pathlib import Path

import pytest
import zstandard

from protea.datasets.sources import members as members_module
from protea.datasets.sources import opened_tar as opened_tar_module
from protea.datasets.sources.members import Member, members
from protea.errors import FileFormatError, InputError

FILES = {"a.txt": b"one", "b/c.txt": b"two", "b/d.txt": b""}


def packed(kind: str, folder: Path, files: dict[str, bytes] = FILES) -> Path:
    path = folder / f"archive{kind}"
    if kind == "":
        for name, data in files.items():
            (path / name).parent.mkdir(parents=True, exist_ok=True)
            (path / name).write_bytes(data)
    elif kind == ".zip":
        with zipfile.ZipFile(path, "w") as archive:
            archive.mkdir("b")
            for name, data in files.items():
                archive.writestr(name, data)
    else:
        buffer = io.BytesIO()
        with tarfile.open(fileobj=buffer, mode="w:gz" if kind == ".tar.gz" else "w") as archive:
            for name, data in files.items():
                info = tarfile.TarInfo(name)
                info.size = len(data)
                archive.addfile(info, io.BytesIO(data))
            link = tarfile.TarInfo("b/link")
            link.type, link.linkname = tarfile.SYMTYPE, "/etc/passwd"
            archive.addfile(link)
        data = buffer.getvalue()
        path.write_bytes(zstandard.ZstdCompressor().compress(data) if kind == ".tar.zst" else data)
    return path


KINDS = ["", ".zip", ".tar", ".tar.gz", ".tar.zst"]


@pytest.mark.parametrize("kind", KINDS)
def test_the_same_files_from_every_wrapping(kind: str, tmp_path: Path) -> None:
    path = packed(kind, tmp_path)
    links = [Member("b/link", b"", "/etc/passwd")] if ".tar" in kind else []
    assert list(members(path)) == [*(Member(name, data) for name, data in FILES.items()), *links]
    assert [member.name for member in members(path, is_recursive=False)] == ["a.txt"]


@pytest.mark.parametrize("kind", [".zip", ".tar"])
def test_names_never_lead_out(kind: str, tmp_path: Path) -> None:
    path = packed(kind, tmp_path, {"../../etc/x": b"1", "/abs/y": b"2", "./z": b"3"})
    assert [member.name for member in members(path) if member.link is None] == ["etc/x", "abs/y", "z"]


def test_a_link_that_is_not_followed_is_a_member_without_bytes(tmp_path: Path) -> None:
    folder = tmp_path / "in"
    (folder / "deep").mkdir(parents=True)
    (folder / "a.txt").write_bytes(b"one")
    (folder / "b.txt").hardlink_to(folder / "a.txt")  # tar writes the second of the two as a link to the first
    (folder / "c.txt").symlink_to("a.txt")
    (folder / "d.txt").symlink_to("absent.txt")
    (folder / "e").symlink_to("deep")
    expected = [Member("a.txt", b"one"), Member("b.txt", b"one"), Member("c.txt", b"one")]
    assert list(members(folder)) == [*expected, Member("d.txt", b"", "absent.txt"), Member("e", b"", "deep")]
    with tarfile.open(tmp_path / "archive.tar", "w") as archive:
        for path in sorted(folder.iterdir()):
            archive.add(path, path.name, recursive=False)
    links = [("b.txt", "a.txt"), ("c.txt", "a.txt"), ("d.txt", "absent.txt"), ("e", "deep")]
    found = list(members(tmp_path / "archive.tar"))
    assert found == [Member("a.txt", b"one"), *(Member(name, b"", target) for name, target in links)]


@pytest.mark.parametrize("kind", KINDS)
def test_large_members_are_refused_before_they_are_read(
    kind: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(members_module, "LARGEST_MEMBER", 2)
    with pytest.raises(FileFormatError, match=r"member 'a.txt' is too large; expected at most 2 bytes; found 3"):
        list(members(packed(kind, tmp_path)))


@pytest.mark.parametrize("kind", [".zip", ".tar.gz", ".tar.zst"])
def test_damaged_archives_are_named(kind: str, tmp_path: Path) -> None:
    path = packed(kind, tmp_path)
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    with pytest.raises(FileFormatError, match=path.name):
        list(members(path))


def test_other_paths_are_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no such file"):
        list(members(tmp_path / "none.zip"))
    (tmp_path / "a.rar").write_bytes(b"x")
    with pytest.raises(InputError, match="not a kind of archive"):
        list(members(tmp_path / "a.rar"))


def test_a_tar_of_any_number_of_members_is_a_stream(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    opened: list[tarfile.TarFile] = []
    whole = tarfile.open

    def noted(*args: object, **kwargs: object) -> tarfile.TarFile:
        opened.append(whole(*args, **kwargs))  # type: ignore[call-overload]
        return opened[-1]

    path = packed(".tar.gz", tmp_path, {f"{number}.txt": b"x" for number in range(50)})
    monkeypatch.setattr(opened_tar_module.tarfile, "open", noted)
    kept = [len(opened[0].members) for _ in members(path)]
    assert len(kept) == 50 + 1  # and the link
    assert max(kept) == 1
