"""Items stand in the order in which they were named, twice where they were named twice."""

from pathlib import Path

import pytest

from protea.applications.embedding.inputs import list_items, parse_shard
from protea.datasets.store import StoreWriter
from protea.errors import ConfigError, InputError
from tests.applications.embedding.made_inputs import write_structures
from tests.datasets.made_proteins import made_protein


def test_files_folders_and_duplicates(tmp_path: Path) -> None:
    folder = write_structures(tmp_path / "in")
    found = list_items([folder / "e.pdb", folder, folder / "a.pdb"])
    names = [item.name for item in found.items]
    assert names == ["e.pdb", "a.pdb", "b.pdb", "c.pdb", "d.pdb", "e.pdb", "f.pdb", "seq.fasta", "a.pdb"]
    assert found.ignored == ("notes.txt",)
    assert [protein.id for protein in found.items[0].proteins()] == ["e"]
    assert sum(item.count() for item in found.items) == 9  # a record of FASTA is one too
    assert [(protein.id, protein.sequence) for protein in found.items[7].proteins()] == [("one", "ACDE")]


def test_a_link_to_nothing_is_an_item_that_cannot_be_read(tmp_path: Path) -> None:
    folder = write_structures(tmp_path / "in")
    (folder / "aa.pdb").symlink_to("absent.pdb")
    (folder / "more").symlink_to(tmp_path)
    found = list_items([folder])
    assert found.ignored == ("more", "notes.txt")
    item = found.items[1]
    assert (item.name, item.size, item.count(), item.content()) == ("aa.pdb", 0, 1, "unreadable")
    with pytest.raises(InputError, match="cannot be opened"):
        next(item.proteins())


def test_rows_of_a_store(tmp_path: Path) -> None:
    with StoreWriter(tmp_path / "store") as writer:
        for name in ("x", "y"):
            writer.append(made_protein(name, 6))
    found = list_items([tmp_path / "store"])
    assert [(item.name, item.size) for item in found.items] == [("x@0", 6), ("y@1", 6)]
    assert next(found.items[1].proteins()).id == "y"


def test_nothing_and_half_a_store_are_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no such file"):
        list_items([tmp_path / "absent"])
    (tmp_path / "empty").mkdir()
    with pytest.raises(InputError, match="no structure"):
        list_items([tmp_path / "empty"])
    writer = StoreWriter(tmp_path / "store")
    writer.append(made_protein("x", 6))
    writer.commit()
    writer._columns.close()
    with pytest.raises(InputError, match="not complete"):
        list_items([tmp_path / "store"])


def test_shards_part_the_input_and_nothing_else_is_one() -> None:
    shards = [parse_shard(f"{number}/3") for number in (1, 2, 3)]
    for item in range(4):
        for protein in range(5):
            assert sum(shard.has(item, protein) for shard in shards) == 1
    for text in ("", "3", "0/3", "4/3", "1/0", "-1/3", "a/b", "1/3/5"):
        with pytest.raises(ConfigError, match="no shard"):
            parse_shard(text)
