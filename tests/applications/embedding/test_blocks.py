"""Blocks cover the input once, in order, and their ends are those of the keys."""

from pathlib import Path

import pytest

from protea.applications.embedding import blocks
from protea.applications.embedding.blocks import block_key, blocks_of
from protea.applications.embedding.embedding_folder import Place
from protea.applications.embedding.inputs import list_items


@pytest.fixture(autouse=True)
def small_blocks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(blocks, "BLOCK_PROTEINS", 2)


def test_files_of_many_and_of_one(tmp_path: Path) -> None:
    for name in ("a", "b", "c"):
        (tmp_path / f"{name}.pdb").write_text("no structure\n")
    (tmp_path / "d.fasta").write_text("".join(f">{number}\nACD\n" for number in range(5)))
    (tmp_path / "e.pdb").write_text("no structure\n")
    (tmp_path / "f.fasta").write_text(">one\n")
    found = blocks_of(list_items([tmp_path]).items)
    starts = [(0, 0), (2, 0), (3, 0), (3, 2), (3, 4), (4, 0), (5, 0)]
    assert [tuple(block.first) for block in found] == starts
    assert [tuple(block.last) for block in found] == [*starts[1:], (6, 0)]
    assert found[0].first == Place(0, 0)


def test_keys_change_where_blocks_end() -> None:
    assert [block_key(7, index, is_one=False) for index in range(4)] == [(7, 0), (7, 0), (7, 1), (7, 1)]
    assert [block_key(number, 0, is_one=True) for number in range(4)] == [(-1, 0), (-1, 0), (-1, 1), (-1, 1)]
