"""Labels land on the residue of their number, whose name is checked; what lands nowhere is counted."""

from collections import Counter
from pathlib import Path

import pytest

from protea.applications.properties.labels.catalogue import BUILT_IN
from protea.applications.properties.labels.cells import NumberCells
from protea.applications.properties.labels.numbered_residues import NumberedResidueTable
from tests.applications.properties.made_properties import write_table

_NAMES = ("ASP", "ALA", "GLU")


def write_structure(folder: Path, numbers: tuple[str, ...] = ("   5 ", "   6 ", "   7 ")) -> None:
    """Chain A of D, A, E with author numbers 5, 6, 7, or others with their insertion codes."""
    (folder / "files").mkdir()
    lines = []
    for i, name in enumerate(_NAMES):
        for j, atom in enumerate(("N", "CA", "C")):
            serial, x = 3 * i + j + 1, 3.8 * i + 1.3 * j
            lines.append(
                f"ATOM  {serial:5d}  {atom:<3s} {name} A{numbers[i]}   {x:8.3f}{0.3 * j:8.3f}{0:8.3f}"
                f"  1.00  0.00           {atom[0]}"
            )
    (folder / "files" / "1abc.pdb").write_text("\n".join([*lines, "END"]) + "\n")


def test_labels_land_on_their_residues(tmp_path: Path) -> None:
    write_structure(tmp_path)
    rows = [
        ("1ABC", "A", "5", "ASP", "3.0"), ("1ABC", "A", "5", "Asp", "4.0"), ("1ABC", "A", "7", "HIS", "6.0"),
        ("1ABC", "A", "9", "GLU", "4.0"), ("1ABC", "A", "7", "GLU", None), ("1ABC", "A", "5", "N-term", "8.0"),
        ("2XYZ", "A", "1", "ASP", "3.0"),
    ]  # fmt: skip
    names = ("pdb", "chain", "res_id", "res_name", "pka")
    write_table(tmp_path / "t.parquet", **{name: [row[i] for row in rows] for i, name in enumerate(names)})
    table = NumberedResidueTable(file="t.parquet", target=NumberCells(column="pka"), structures=("files",))
    left: Counter[str] = Counter()
    (found,) = table.examples(tmp_path, (), left)
    assert (found.id, found.sequence) == ("1abc_A", "DAE")
    assert found.value.tolist() == [3.5, 0.0, 0.0]
    assert found.is_known.tolist() == [True, False, False]
    assert +left == {
        "measured again, averaged": 1, "another residue in the structure": 1, "no such residue in the structure": 1,
        "no value": 1, "not a side chain: N-TERM": 1, "no structure of the entry": 1,
    }  # fmt: skip


def test_an_entry_that_looks_like_a_number_is_none(tmp_path: Path) -> None:
    write_structure(tmp_path)
    (tmp_path / "files" / "1abc.pdb").rename(tmp_path / "files" / "1e10.pdb")
    (tmp_path / "t.csv").write_text("pdb,chain,res_id,res_name,pka\n1E10,A,5,ASP,3.0\n1E10,A,7,GLU,4.5\n")
    table = NumberedResidueTable(file="t.csv", target=NumberCells(column="pka"), structures=("files",))
    left: Counter[str] = Counter()
    (found,) = table.examples(tmp_path, (), left)
    assert (found.id, found.value.tolist(), +left) == ("1e10_A", [3.0, 0.0, 4.5], Counter())


def test_a_number_with_an_insertion_code_is_another_residue(tmp_path: Path) -> None:
    write_structure(tmp_path, ("  52 ", "  52A", "  52B"))
    rows = [("1abc", "A", "52", "ASP", 3.0), ("1abc", "A", "52B", "GLU", 5.0), ("1abc", "A", "52C", "GLU", 6.0)]
    names = ("pdb", "chain", "res_id", "res_name", "pka")
    write_table(tmp_path / "t.parquet", **{name: [row[i] for row in rows] for i, name in enumerate(names)})
    table = NumberedResidueTable(file="t.parquet", target=NumberCells(column="pka"), structures=("files",))
    left: Counter[str] = Counter()
    (found,) = table.examples(tmp_path, (), left)
    assert found.value.tolist() == [3.0, 0.0, 5.0]
    assert +left == {"no such residue in the structure": 1}


def test_measured_pka_values_lie_near_their_references(shared_data: Path) -> None:
    pka = BUILT_IN["pka"]
    examples = pka.examples(shared_data)
    fitted = pka.fitted_transform(examples.examples)
    assert len(examples) == 70
    # The data's own description counts 801 of 1,309 rows with a file.
    assert examples.num_left_out["no structure of the entry"] == 508
    shift = fitted.steps[1]
    assert shift.kind == "z_score"
    assert shift.mean == pytest.approx(0.0, abs=0.5)
    assert 0.7 < shift.scale < 1.6
