"""An archive is read to its end or refused: at every cut, and with any byte of a header changed."""

import gzip
import io
import tarfile
from pathlib import Path

import pytest
import zstandard

from protea.datasets.sources.opened_tar import opened_tar
from protea.errors import FileFormatError

CONTENT = {f"{letter}.txt": letter.encode() * 1500 for letter in "abc"}


def tar() -> bytes:
    file = io.BytesIO()
    with tarfile.open(fileobj=file, mode="w") as archive:
        for name, data in CONTENT.items():
            info = tarfile.TarInfo(name)
            info.size = len(data)
            archive.addfile(info, io.BytesIO(data))
    return file.getvalue()


def read(path: Path) -> dict[str, bytes]:
    found = {}
    with opened_tar(path) as archive:
        for info in archive:
            file = archive.extractfile(info)
            assert file is not None
            found[info.name] = file.read()
    return found


@pytest.mark.parametrize("pack", [bytes, gzip.compress, zstandard.compress])
def test_every_member_of_a_whole_archive(pack, tmp_path: Path) -> None:
    (tmp_path / "x.tar").write_bytes(pack(tar()))
    assert read(tmp_path / "x.tar") == CONTENT


@pytest.mark.parametrize("end", [0, 100, 512, 900, 2048, 2049, 3 * 2048 - 1, 3 * 2048])
@pytest.mark.parametrize("pack", [bytes, gzip.compress, zstandard.compress])
def test_a_cut_before_the_end_of_the_archive_is_refused(end: int, pack, tmp_path: Path) -> None:
    """Every third of 2,048 bytes is one member, header and content: tarfile alone ends quietly at such a cut."""
    (tmp_path / "x.tar").write_bytes(pack(tar()[:end]))
    with pytest.raises(FileFormatError, match=r"x\.tar: the archive cannot be read.*Fetch it again"):
        read(tmp_path / "x.tar")


@pytest.mark.parametrize("pack", [gzip.compress, zstandard.compress])
def test_a_cut_of_the_packing_is_refused_wherever_it_falls(pack, tmp_path: Path) -> None:
    packed = pack(tar())
    for end in range(len(packed)):
        (tmp_path / "x.tar").write_bytes(packed[:end])
        with pytest.raises(FileFormatError, match="the archive cannot be read"):
            read(tmp_path / "x.tar")


@pytest.mark.parametrize("member", [0, 1, 2])
def test_a_damaged_header_is_no_end(member: int, tmp_path: Path) -> None:
    data = bytearray(tar())
    data[member * 2048 + 3] ^= 1
    (tmp_path / "x.tar").write_bytes(bytes(data))
    with pytest.raises(FileFormatError, match="bad checksum"):
        read(tmp_path / "x.tar")


def test_a_damaged_check_sum_behind_the_last_member_is_told(tmp_path: Path) -> None:
    packed = bytearray(gzip.compress(tar()))
    packed[-6] ^= 1
    (tmp_path / "x.tar.gz").write_bytes(bytes(packed))
    with pytest.raises(FileFormatError, match="CRC check failed"):
        read(tmp_path / "x.tar.gz")
