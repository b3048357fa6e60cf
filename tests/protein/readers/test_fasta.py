import gzip
from pathlib import Path

import pytest
import zstandard

from protea.errors import FileFormatError
from protea.protein.readers.fasta import RefusedRecord, num_records, read_fasta, read_records
from protea.protein.readers.read import read_protein, read_proteins
from protea.protein.record import Protein


def read(folder, data: bytes, name: str = "x.fasta"):
    (folder / name).write_bytes(data)
    return list(read_proteins(folder / name))


def test_records_are_read_whatever_the_packing(tmp_path) -> None:
    plain = b">a first\nMKT\nAYI\n>b\nGG\n"
    for name, data in (
        ("x.fa", plain),
        ("x.fa.gz", gzip.compress(plain, mtime=0)),
        ("x.fa.zst", zstandard.compress(plain)),
    ):
        assert [(p.id, p.sequence) for p in read(tmp_path, data, name)] == [("a", "MKTAYI"), ("b", "GG")]


@pytest.mark.parametrize(
    ("data", "sequence", "note"),
    [
        (b">a\r\nMK\r\nTA\r\n", "MKTA", None),
        (b">a\rMK\rTA\r", "MKTA", None),
        (b">a\nmkTA\n", "MKTA", "lower case"),
        (b">a\nM-K.T\n", "MKT", "gaps"),
        (b">a\nMKT*\n", "MKT", "final *"),
        (b">a\nMK T\tA\n", "MKTA", "blanks"),
        (b">a\n   1 MKTAYI\n  61 GG\n", "MKTAYIGG", "line numbers"),
        (b"; comment\n>a\n;x\nMKT\n", "MKT", None),
        (b"\xef\xbb\xbf>a\nMKT", "MKT", "byte order mark"),
        (b">> a\nMKT\n", "MKT", "more than one >"),
        (b">a caf\xe9\nMKT\n", "MKT", "Latin-1"),
        (b">a\nMUXBZJO\n", "MUXBZJO", None),
    ],
)
def test_what_is_certain_is_read_and_noted(tmp_path, data: bytes, sequence: str, note: str | None) -> None:
    (protein,) = read(tmp_path, data)
    assert (protein.id, protein.sequence, protein.seqres) == ("a", sequence, (sequence,))
    assert len(protein.provenance.notes) == (note is not None)
    assert note is None or note in protein.provenance.notes[0]


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b">a\nMKT\n>a\nGG\n", "line 3.*used twice"),
        (b">a\n>b\nGG\n", "line 1.*empty"),
        (b">\nGG\n", "line 1.*without id"),
        (b">a\nM*T\n", "no residue letter.*'\\*'"),
        (b">a\nM1T\n", "no residue letter.*'1'"),
        (b">a\nM\0T\n", "line 2.*zero bytes"),
        (b"MKT\n>a\nMKT\n", "unknown format"),
        (b"\n\n", "empty"),
        (gzip.compress(b">a\nMKT\n" * 500, mtime=0)[:-9], "gzip|end-of-stream"),
    ],
)
def test_what_is_not_is_refused_with_its_line(tmp_path, data: bytes, message: str) -> None:
    with pytest.raises(FileFormatError, match=message):
        read(tmp_path, data)


def test_one_protein_is_one_record(tmp_path) -> None:
    (tmp_path / "x.fasta").write_bytes(b">a OS=Homo sapiens OX=9606\nMKT\n")
    protein = read_protein(tmp_path / "x.fasta")
    assert (protein.sequence, protein.provenance.organism) == ("MKT", "Homo sapiens")
    (tmp_path / "x.fasta").write_bytes(b">a\nMKT\n>b\nGG\n")
    with pytest.raises(FileFormatError, match="more than one record"):
        read_protein(tmp_path / "x.fasta")


def test_a_long_file_is_read_as_a_stream(tmp_path) -> None:
    (tmp_path / "x.fasta").write_bytes(b"".join(b">p%d\nMKT\n" % i for i in range(300)))
    stream = read_proteins(tmp_path / "x.fasta")
    assert next(stream).id == "p0"
    assert sum(1 for _ in stream) == 299


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_records_are_counted_without_being_read(tmp_path: Path, end: str) -> None:
    text = "".join(f">p{number} a>b{end}ACD{end}EF{end}" for number in range(300_000 // 20))
    (tmp_path / "a.fasta").write_bytes(text.encode())
    (tmp_path / "a.fasta.gz").write_bytes(gzip.compress(text.encode() * 9))
    assert num_records(tmp_path / "a.fasta") == 15_000
    assert num_records(tmp_path / "a.fasta.gz") == 135_000  # more than one block
    (tmp_path / "cut.fasta.gz").write_bytes(gzip.compress(text.encode())[:-20])
    with pytest.raises(FileFormatError, match="cannot be read to its end"):
        num_records(tmp_path / "cut.fasta.gz")


def test_a_record_that_is_refused_is_told_in_its_place(tmp_path: Path) -> None:
    (tmp_path / "a.fasta").write_bytes(b">a\nMK\n>b c\nM*K\n>a\nGG\n>\nMK\n>c\nV\n")
    refused = [("b, line 3", "no residue letter"), ("a, line 5", "used twice"), ("no id, line 7", "without id")]
    for keeps, names in ((False, ["a", *refused[:3], "c"]), (True, ["a", refused[0], "a", refused[2], "c"])):
        found = list(read_records(tmp_path / "a.fasta", keeps_repeats=keeps))
        for one, expected in zip(found, names, strict=True):
            if isinstance(expected, str):
                assert isinstance(one, Protein)
                assert one.id == expected
            else:
                assert isinstance(one, RefusedRecord)
                assert one.name == expected[0]
                assert expected[1] in one.reason
    (tmp_path / "b.fasta").write_bytes(b">a\nMK\n>b\nM\0K\n>c\nV\n")
    stream = read_records(tmp_path / "b.fasta")
    assert isinstance(next(stream), Protein)
    with pytest.raises(FileFormatError, match="zero bytes"):
        next(stream)


def test_a_cut_zstd_file_is_refused_not_read_in_part(tmp_path) -> None:
    text = "".join(f">a{number}\nMKV\n" for number in range(50_000))
    packed = zstandard.compress(text.encode())
    (tmp_path / "cut.fasta.zst").write_bytes(packed[: len(packed) // 2])
    with pytest.raises(FileFormatError, match=r"cut\.fasta\.zst: cannot be read to its end.*within a zstd frame"):
        list(read_fasta(tmp_path / "cut.fasta.zst"))
    with pytest.raises(FileFormatError, match=r"cut\.fasta\.zst: cannot be read to its end"):
        num_records(tmp_path / "cut.fasta.zst")
