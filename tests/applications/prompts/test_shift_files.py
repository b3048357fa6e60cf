"""A shift map as table, page and structure."""

import csv
from pathlib import Path

import numpy as np
import pytest

from protea.applications.prompts.moved_residues import TraitTest
from protea.applications.prompts.shift import Shift
from protea.applications.prompts.shift_files import shift_page, shift_rows, write_shifts
from protea.protein.readers.read import read_protein
from protea.protein.record import protein_from_sequence
from tests.datasets.made_proteins import made_protein


def shift(length: int = 8) -> Shift:
    protein = made_protein("made", length, is_plain=True)
    distance = np.arange(length) * 1.25
    return Shift(protein, ("ic",), distance, distance / 10, distance + 1)


TESTS = [TraitTest("surface", 0.625, 0.5, 0.75, 0.04, 3, 90)]


def test_files_say_the_same(tmp_path: Path) -> None:
    one, bare = shift(), protein_from_sequence("bare", "MKV")
    other = Shift(bare, ("ic",), np.ones(3), np.zeros(3), np.ones(3))
    files = write_shifts([one, other], TESTS, [tmp_path / "made.pdb", tmp_path / "bare.fasta"], tmp_path / "out",
                         "Shift map of ic", "a note")  # fmt: skip
    assert [path.name for path in files] == ["shift.csv", "shift.html", "made.cif"]
    with files[0].open() as handle:
        rows = list(csv.DictReader(handle))
    assert [float(row["shift"]) for row in rows] == [*one.distance.tolist(), 1.0, 1.0, 1.0]
    assert {row["is_surface"] for row in rows[:8]} <= {"True", "False", ""}
    assert rows[-1]["protein"] == "bare"
    found = read_protein(files[2])
    first = np.unique(found.residue_of_atom(), return_index=True)[1]
    assert found.b_factor is not None
    assert found.b_factor[first].tolist() == pytest.approx(one.distance.tolist())


def test_the_page_holds_everything_and_fetches_nothing() -> None:
    page = shift_page([shift()], TESTS, "Shift map of ic", "under <ic>")
    assert "under &lt;ic&gt;" in page
    assert "0.625" in page
    assert "0.500 to 0.750" in page
    assert page.count("<rect") == 8
    assert "http://" not in page.replace("http://www.w3.org", "")
    assert "#0b62a4" in page  # the residue that moved most
    assert "#f3f0e8" in page  # and the one that did not
    assert "No structure" in shift_page([shift()], [], "t", "n")


def test_a_sequence_has_no_traits() -> None:
    bare = Shift(protein_from_sequence("b", "MK"), ("ic",), np.zeros(2), np.zeros(2), np.zeros(2))
    assert set(shift_rows(bare)[0]) == {
        "protein", "chain", "number", "insertion_code", "residue", "shift", "turn", "size",
    }  # fmt: skip
