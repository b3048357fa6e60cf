"""Append-only columns: what was committed is there, what was not is not, whatever happened in between."""

import os
from pathlib import Path

import numpy as np
import pytest

from protea.datasets.columns import MANIFEST, ColumnReader, ColumnWriter, read_manifest
from protea.errors import FileFormatError, InputError

HEAD = {"format": "test", "version": 1}


def written(path: Path, *pieces: bytes) -> dict[str, int]:
    for piece in pieces:
        before = read_manifest(path, "test", 1)["columns"] if (path / MANIFEST).exists() else {}
        with ColumnWriter(path, before) as writer:
            writer.append("a", piece)
            writer.commit(HEAD)
    return dict(read_manifest(path, "test", 1)["columns"])


def column(path: Path) -> bytes:
    return ColumnReader(path, read_manifest(path, "test", 1)["columns"]).column("a", np.dtype("u1")).whole().tobytes()


def test_pieces_follow_one_another(tmp_path: Path) -> None:
    assert written(tmp_path, b"one", b"two") == {"a": 6}
    assert column(tmp_path) == b"onetwo"


def test_what_was_not_committed_is_not_seen(tmp_path: Path) -> None:
    written(tmp_path, b"one")
    with ColumnWriter(tmp_path, {"a": 3}) as writer:
        writer.append("a", b"lost")
        assert writer.num_buffered() == 4
    assert column(tmp_path) == b"one"


def test_bytes_of_a_killed_writer_are_cut_off(tmp_path: Path) -> None:
    written(tmp_path, b"one")
    with (tmp_path / "a.bin").open("ab") as file:
        file.write(b"half a ro")  # written, but the manifest was never replaced
    assert column(tmp_path) == b"one"
    written(tmp_path, b"two")
    assert column(tmp_path) == b"onetwo"
    assert (tmp_path / "a.bin").stat().st_size == 6


def test_a_manifest_half_written_changes_nothing(tmp_path: Path) -> None:
    written(tmp_path, b"one")
    (tmp_path / f"{MANIFEST}.new").write_text('{"format": "te')
    assert column(tmp_path) == b"one"


@pytest.mark.parametrize("at", [1, 2, 3])
def test_a_commit_that_was_interrupted_writes_nothing_twice(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, at: int
) -> None:
    calls, real = [], os.fsync

    def interrupted(descriptor: int) -> None:
        calls.append(descriptor)
        if len(calls) == at:
            raise KeyboardInterrupt
        real(descriptor)

    with ColumnWriter(tmp_path, {}) as writer:
        writer.append("a", b"one")
        writer.append("b", b"1")
        monkeypatch.setattr("protea.datasets.columns.os.fsync", interrupted)
        with pytest.raises(KeyboardInterrupt):
            writer.commit(HEAD)
        writer.commit(HEAD)
        writer.append("a", b"two")
        writer.commit(HEAD)
    assert read_manifest(tmp_path, "test", 1)["columns"] == {"a": 6, "b": 1}
    assert column(tmp_path) == b"onetwo"


def test_a_shortened_column_is_refused(tmp_path: Path) -> None:
    written(tmp_path, b"one")
    (tmp_path / "a.bin").write_bytes(b"on")
    with pytest.raises(FileFormatError, match=r"a\.bin: column is damaged; expected 3 bytes"):
        column(tmp_path)
    with ColumnWriter(tmp_path, {"a": 3}) as writer:
        writer.append("a", b"x")
        with pytest.raises(FileFormatError, match="damaged"):
            writer.commit(HEAD)


def test_one_writer_at_a_time(tmp_path: Path) -> None:
    with ColumnWriter(tmp_path, {}), pytest.raises(InputError, match="another process is writing here"):
        ColumnWriter(tmp_path, {})
    ColumnWriter(tmp_path, {}).close()


def test_a_mapped_column_is_read_only(tmp_path: Path) -> None:
    written(tmp_path, b"one")
    view = ColumnReader(tmp_path, {"a": 3}).mapped("a", np.dtype("u1"))
    with pytest.raises(ValueError, match="read-only"):
        view[0] = 1


@pytest.mark.parametrize("text", ["{", "[]", '{"format": "test", "version": 2}', '{"format": "other", "version": 1}'])
def test_another_manifest_is_refused(tmp_path: Path, text: str) -> None:
    (tmp_path / MANIFEST).write_text(text)
    with pytest.raises(FileFormatError, match=MANIFEST):
        read_manifest(tmp_path, "test", 1)


def test_an_empty_folder_is_no_store(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no store here"):
        read_manifest(tmp_path, "test", 1)


def test_pieces_come_one_after_another(tmp_path: Path) -> None:
    values = np.arange(20, dtype="<i4")
    written(tmp_path, values.tobytes())
    found = ColumnReader(tmp_path, {"a": 80}).column("a", np.dtype("<i4"))
    start, stop = np.array([15, 0, 7, 15]), np.array([20, 3, 7, 16])
    assert len(found) == 20
    assert found.pieces(start, stop).tolist() == [15, 16, 17, 18, 19, 0, 1, 2, 15]
    assert found.pieces(start[:0], stop[:0]).tolist() == []
    assert found.whole().tolist() == values.tolist()


def test_pieces_are_memory_of_their_own(tmp_path: Path) -> None:
    written(tmp_path, b"one")
    found = ColumnReader(tmp_path, {"a": 3}).column("a", np.dtype("u1"))
    found.whole()[:] = 0
    assert found.whole().tobytes() == b"one"


def test_a_column_cut_off_while_it_is_open_is_noticed(tmp_path: Path) -> None:
    written(tmp_path, b"one")
    found = ColumnReader(tmp_path, {"a": 3}).column("a", np.dtype("u1"))
    (tmp_path / "a.bin").write_bytes(b"o")
    with pytest.raises(FileFormatError, match=r"a\.bin: column is damaged; expected 2 bytes at 1"):
        found.whole()


def test_a_column_gives_its_file_back(tmp_path: Path) -> None:
    written(tmp_path, b"one")
    if not Path("/proc/self/fd").exists():
        pytest.skip("the open files of a process are listed on Linux only")
    before = len(os.listdir("/proc/self/fd"))
    found = ColumnReader(tmp_path, {"a": 3}).column("a", np.dtype("u1"))
    assert len(os.listdir("/proc/self/fd")) == before + 1
    del found
    assert len(os.listdir("/proc/self/fd")) == before
