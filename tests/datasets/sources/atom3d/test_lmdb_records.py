"""Items of LMDB files: JSON and MessagePack alike, no pickle ever, and no file that would end the process."""

import gzip
import pickle
from pathlib import Path

import lmdb
import pytest

from protea.datasets.sources.atom3d import lmdb_records
from protea.datasets.sources.atom3d.lmdb_records import LMDBRecords
from protea.errors import FileFormatError, MissingExtraError
from tests.datasets.sources.atom3d.made_lmdb import table, write_lmdb

ITEMS = [{"id": "b", "atoms": table(["x"], [[1.5], [None]]), "label": "1"}, {"id": "a", "rows": [[0, 2], []]}]


def changed(folder: Path, key: bytes, value: bytes) -> Path:
    with lmdb.open(str(folder), map_size=1 << 24) as file, file.begin(write=True) as writer:
        writer.put(key, value)
    return folder


@pytest.mark.parametrize("form", ["json", "msgpack"])
def test_items_are_what_was_written_in_their_order(tmp_path: Path, form: str) -> None:
    with LMDBRecords(write_lmdb(tmp_path / "made", ITEMS, form=form)) as file:
        assert file.ids == ("b", "a")
        assert [file.item(number) for number in range(len(file))] == ITEMS


def test_a_pickle_is_never_read(tmp_path: Path) -> None:
    class Trap:
        def __reduce__(self) -> tuple[object, tuple[str]]:
            return Path.touch, (Path(tmp_path / "sprung"),)

    folder = write_lmdb(tmp_path / "made", ITEMS)
    for key in (b"0", b"1"):
        changed(folder, key, gzip.compress(pickle.dumps(Trap())))
    changed(folder, b"id_to_idx", pickle.dumps(Trap()))
    changed(folder, b"serialization_format", b"pkl")
    with pytest.raises(FileFormatError, match=r"pickle can run any program; expected json or msgpack; found 'pkl'"):
        LMDBRecords(folder)
    # Also where it is passed off as another form.
    with pytest.raises(FileFormatError, match="not json"):
        LMDBRecords(changed(folder, b"serialization_format", b"json"))
    assert not (tmp_path / "sprung").exists()


def test_a_cut_file_is_refused_before_it_is_read(tmp_path: Path) -> None:
    many = [{"id": str(number), "text": [str(place * number) for place in range(3000)]} for number in range(40)]
    folder = write_lmdb(tmp_path / "made", many)
    whole = (folder / "data.mdb").read_bytes()
    (folder / "data.mdb").write_bytes(whole[: len(whole) // 2])
    with pytest.raises(FileFormatError, match="the file was cut"):
        LMDBRecords(folder)
    (folder / "data.mdb").write_bytes(b"text" * 5000)
    with pytest.raises(FileFormatError, match="not an LMDB file"):
        LMDBRecords(folder)
    with pytest.raises(FileFormatError, match="not an LMDB file"):
        LMDBRecords(tmp_path / "none")


def test_damaged_items_are_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = write_lmdb(tmp_path / "made", [*ITEMS, {"id": "c"}, {"id": "d"}])
    changed(folder, b"0", b"no gzip")
    changed(folder, b"1", gzip.compress(b'{"id": 1}'))
    changed(folder, b"2", gzip.compress(b'{"id": "c", "text": "' + b"x" * 5000 + b'"}'))
    changed(folder, b"num_examples", b"5")
    monkeypatch.setattr(lmdb_records, "MAX_ITEM", 4000)
    with LMDBRecords(folder) as file:
        for number, message in enumerate(("damaged item", "not an item", "too large", None, "no entry '4'")):
            if message is None:
                assert file.item(number) == {"id": "d"}
                continue
            with pytest.raises(FileFormatError, match=message):
                file.item(number)
    for key, value, message in (
        (b"num_examples", b"-3", "not a number of items"),
        (b"id_to_idx", b"[1]", "not a table of ids"),
    ):
        with pytest.raises(FileFormatError, match=message):
            LMDBRecords(changed(write_lmdb(tmp_path / message, ITEMS), key, value))


def test_the_extra_is_named_where_it_is_missing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = write_lmdb(tmp_path / "whole", ITEMS)
    with LMDBRecords(folder) as file:
        assert len(file) == len(ITEMS)
    monkeypatch.setattr(lmdb_records, "find_spec", lambda name: None)
    with pytest.raises(MissingExtraError, match=r"pip install 'protea\[atom3d\]'"):
        LMDBRecords(folder)
