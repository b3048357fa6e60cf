"""Stretches of the input, joined, are the whole of it; a broken file is told once, in the stretch where it breaks."""

from pathlib import Path

import pytest

from protea.applications.embedding.embedding_folder import Place
from protea.applications.embedding.inputs import list_items
from protea.applications.embedding.passes import Passes, Reader
from protea.errors import FileFormatError
from tests.applications.embedding.made_sequences import RecordingEmbedder, recording_writer, write_sequences


def test_a_reader_goes_to_any_place(tmp_path: Path) -> None:
    reader = Reader(
        list_items([write_sequences(tmp_path / "a.fasta", 6), write_sequences(tmp_path / "b.fasta", 2)]).items
    )
    for number, first, last in ((0, 0, 2), (0, 4, 6), (1, 1, 2), (0, 2, 4)):
        ids = [f"{number}{protein.id}" for _, protein in reader.proteins(number, first, last)]
        assert ids == [f"{number}p{place}" for place in range(first, last)]


def test_a_break_is_raised_in_its_stretch_only(tmp_path: Path) -> None:
    path = write_sequences(tmp_path / "a.fasta", 3)
    path.write_text(path.read_text() + ">bad\nAC\0D\n>after\nACD\n")
    reader = Reader(list_items([path]).items)
    with pytest.raises(FileFormatError, match="zero bytes"):
        list(reader.proteins(0, 2, 4))
    assert list(reader.proteins(0, 4, 6)) == []
    assert [protein.id for _, protein in reader.proteins(0, 0, 2)] == ["p0", "p1"]


def test_a_record_that_is_refused_costs_no_other_and_repeats_are_kept(tmp_path: Path) -> None:
    path = tmp_path / "a.fasta"
    path.write_text(">p0\nACD\n>bad\nAC*D\n>p0\nACD\n>none\n>last\nAC\n")
    items, model = list_items([path]).items, RecordingEmbedder()
    for first, last, ids, refused in (
        (Place(0, 0), Place(1, 0), ["p0", "p0", "last"], ["a.fasta: bad, line 3", "a.fasta: none, line 7"]),
        (Place(0, 2), Place(0, 4), ["p0"], ["a.fasta: none, line 7"]),  # what is told does not depend on the stretch
        (Place(0, 4), Place(1, 0), ["last"], []),
    ):
        model.windows.clear()
        with recording_writer(tmp_path / f"{first}") as writer:
            Passes(model, writer, items, max_residues=50).run(first, last)
            assert [item.name for item in writer.refused] == refused
        assert model.windows == [ids]


def test_windows_end_with_blocks(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("protea.applications.embedding.blocks.BLOCK_PROTEINS", 4)
    items = list_items([write_sequences(tmp_path / "a.fasta", 10, length=5)]).items
    model, places = RecordingEmbedder(), []
    with recording_writer(tmp_path / "out") as writer:
        Passes(model, writer, items, max_residues=15).run(
            Place(0, 0), Place(1, 0), lambda place: places.append(place.proteins)
        )
    # Three of five residues fill a window of fifteen; the fourth stands alone at the end of its block.
    assert model.windows == [["p0", "p1", "p2"], ["p3"], ["p4", "p5", "p6"], ["p7"], ["p8", "p9"]]
    assert places == [3, 4, 7, 8]
