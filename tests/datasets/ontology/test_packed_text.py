"""Text is the same whatever packs it; what is broken is refused by its name."""

import gzip
from pathlib import Path

import pytest
import zstandard

from protea.datasets.ontology.packed_text import read_text
from protea.errors import FileFormatError

TEXT = "id: EC:1\nname: é\n"


@pytest.mark.parametrize(
    "data",
    [
        TEXT.encode(),
        b"\xef\xbb\xbf" + TEXT.encode(),
        gzip.compress(TEXT.encode()),
        zstandard.compress(TEXT.encode()),
        zstandard.compress(TEXT[:5].encode()) + zstandard.compress(TEXT[5:].encode()),
    ],
    ids=["plain", "byte order mark", "gzip", "zstd", "two frames"],
)
def test_text_of_every_packing(tmp_path: Path, data: bytes) -> None:
    (tmp_path / "a").write_bytes(data)
    assert read_text(tmp_path / "a") == TEXT


@pytest.mark.parametrize(
    "data",
    [gzip.compress(TEXT.encode())[:-9], zstandard.compress(TEXT.encode())[:3] + b"\xfdabc"],
    ids=["cut gzip", "wrong zstd"],
)
def test_broken_packing_is_refused(tmp_path: Path, data: bytes) -> None:
    (tmp_path / "a.obo.gz").write_bytes(data)
    with pytest.raises(FileFormatError, match=r"a\.obo\.gz.*cannot be unpacked"):
        read_text(tmp_path / "a.obo.gz")


def test_bytes_that_are_no_text_are_refused(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"id: \xff")
    with pytest.raises(FileFormatError, match=r"UTF-8.*byte 4"):
        read_text(tmp_path / "a")
