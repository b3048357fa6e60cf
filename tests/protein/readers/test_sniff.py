"""Formats by content, packing by magic bytes, and names without suffixes."""

import gzip

import pytest
import zstandard

from protea.errors import FileFormatError
from protea.protein.readers import sniff
from protea.protein.readers.sniff import stem_of, unpack

PDB = b"ATOM      1  N   GLY A   1\n"


@pytest.mark.parametrize(
    ("name", "stem"),
    [("a/1ABC.CIF.GZ", "1ABC"), ("a\\x.bcif.zst", "x"), ("v1.2.ent", "v1.2"), ("n.txt", "n.txt"), (".pdb", ".pdb")],
)
def test_stem(name: str, stem: str) -> None:
    assert stem_of(name) == stem


@pytest.mark.parametrize(
    ("data", "file_format"),
    [
        (PDB, "pdb"),
        (b"\r\nREMARK x\r\n", "pdb"),
        (b"HET    ZN  A 201\n", "pdb"),
        (b"# a comment\n\ndata_1ABC\n", "mmcif"),
        (b"DATA_x\n", "mmcif"),
        (b"; old style\n>one\nACD\n", "fasta"),
        (b"\x83\xa7version\xaadataBlocks", "binarycif"),
        (b"FCMP....", "foldcomp"),
    ],
)
def test_the_content_tells_the_format_whatever_the_name(data: bytes, file_format: str) -> None:
    content = unpack("x.txt", data)
    assert (content.data, content.file_format, content.notes) == (data, file_format, ())


def test_packing_is_undone_and_noted_where_the_name_hides_it() -> None:
    packed, zstd = gzip.compress(PDB, mtime=0), zstandard.compress(PDB)
    for name, data, note in (
        ("x.pdb.gz", packed, None),
        ("x.pdb.zst", zstd, None),
        ("x.pdb", packed, "packed although the name"),
        ("x.pdb.gz", PDB, "named as packed but is not"),
        ("x.pdb.gz", gzip.compress(zstd, mtime=0), "packed twice"),
        ("x.pdb", b"\xef\xbb\xbf" + PDB, "byte order mark dropped"),
    ):
        content = unpack(name, data)
        assert (content.data, content.file_format, len(content.notes)) == (PDB, "pdb", int(note is not None))
        assert all(text.startswith(note) for text in content.notes)


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b" \n", "empty"),
        (b"hello world\n", "unknown format.*hello world"),
        (b"\x81\xa4mmtf", "MMTF was retired"),
        (gzip.compress(PDB, mtime=0)[:-6], "broken gzip"),
        (zstandard.compress(PDB)[:4] + 30 * b"\xff", "broken zstd"),
        (gzip.compress(gzip.compress(gzip.compress(PDB, mtime=0), mtime=0), mtime=0), "packed more than twice"),
    ],
)
def test_what_cannot_be_told_is_refused_with_its_name(data: bytes, message: str) -> None:
    with pytest.raises(FileFormatError, match=rf"x\.pdb: .*{message}"):
        unpack("x.pdb", data)


def test_a_zstd_stream_that_is_cut_off_is_refused() -> None:
    packer = zstandard.ZstdCompressor().compressobj()
    first_block = packer.compress(PDB) + packer.flush(zstandard.COMPRESSOBJ_FLUSH_BLOCK)
    with pytest.raises(FileFormatError, match="broken zstd"):
        unpack("x.pdb.zst", first_block)


@pytest.mark.parametrize("pack", [gzip.compress, zstandard.compress])
def test_more_than_the_limit_is_refused(monkeypatch, pack) -> None:
    monkeypatch.setattr(sniff, "MAX_UNPACKED", len(PDB) - 1)
    with pytest.raises(FileFormatError):
        unpack("x.pdb", pack(PDB))
