"""A packed file is read to its end, in pieces of any size; a cut is an error wherever it falls."""

import gzip
import io

import pytest
import zstandard

from protea.protein.readers.unpacked_stream import UNPACKING_ERRORS, unpacked_stream

TEXT = b"".join(f">a{number}\nMKV\n".encode() for number in range(40_000))
FRAMES = zstandard.compress(TEXT[:100_000]) + zstandard.compress(b"") + zstandard.compress(TEXT[100_000:])
PACKED = {"plain": TEXT, "gzip": gzip.compress(TEXT, mtime=0), "zstd": zstandard.compress(TEXT), "frames": FRAMES}


@pytest.mark.parametrize("kind", PACKED)
@pytest.mark.parametrize("size", [-1, 1 << 20, 1000])
def test_whole_files_are_read_in_any_pieces(kind: str, size: int) -> None:
    file = io.BytesIO(PACKED[kind])
    stream = unpacked_stream(file)
    pieces = []
    while piece := stream.read(size):
        pieces.append(piece)
    assert b"".join(pieces) == TEXT
    assert stream.read() == b""
    assert not file.closed


@pytest.mark.parametrize("kind", ["gzip", "zstd"])
def test_a_cut_is_an_error_wherever_it_falls(kind: str) -> None:
    packed = PACKED[kind]
    for end in [5, len(packed) // 2, *range(len(packed) - 12, len(packed))]:
        with pytest.raises(UNPACKING_ERRORS):
            unpacked_stream(io.BytesIO(packed[:end])).read()


def test_a_cut_between_frames_leaves_whole_frames() -> None:
    first = zstandard.compress(TEXT[:100_000])
    assert unpacked_stream(io.BytesIO(first)).read() == TEXT[:100_000]
    with pytest.raises(EOFError, match="within a zstd frame"):
        unpacked_stream(io.BytesIO(FRAMES[: len(first) + 3])).read()


@pytest.mark.parametrize("kind", ["gzip", "zstd"])
def test_what_follows_a_packing_is_refused(kind: str) -> None:
    with pytest.raises(UNPACKING_ERRORS):
        unpacked_stream(io.BytesIO(PACKED[kind] + b"garbage")).read()


def test_a_file_of_nothing_is_nothing() -> None:
    assert unpacked_stream(io.BytesIO()).read() == b""
