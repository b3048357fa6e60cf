"""Rows become examples, checked against their sequences; a file of another digest is refused."""

from collections import Counter
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from protea.applications.properties.labels.cells import LetterCells, NumberCells
from protea.applications.properties.labels.examples import Example, Mutation
from protea.applications.properties.labels.tables import ComplexTable, MutantTable, ScanTable, SequenceTable, Table
from protea.datasets.sources.interface import file_digest
from protea.errors import FileFormatError, InputError
from tests.applications.properties.made_properties import write_table

NUMBER = NumberCells(column="y")


def read(table: Table, folder: Path, left: Counter[str] | None = None) -> list[Example]:
    return list(table.examples(folder, (), Counter() if left is None else left))


def test_sequences_with_parts_filters_and_what_is_left_out(tmp_path: Path) -> None:
    write_table(
        tmp_path / "t.parquet", id=["a", "b", "c", "d", "e"], sequence=["mk", None, "MR", "ML", "MV"],
        y=[1.0, 2.0, None, 3.0, 4.0], condition=["lysate"] * 4 + ["cell"], set=["x", "x", "x", "none", "x"],
    )  # fmt: skip
    left: Counter[str] = Counter()
    table = SequenceTable(
        file="t.parquet", target=NUMBER, id_column="id", keep={"condition": "lysate"}, part_columns=("set",),
        part_of={"x": "train", "none": ""},
    )  # fmt: skip
    found = read(table, tmp_path, left)
    assert [(item.id, item.sequence, item.part, float(item.value)) for item in found] == [("a", "MK", "train", 1.0)]
    assert left == {"no sequence": 1, "no value": 1, "part left out: none": 1, "condition is not lysate": 1}
    with pytest.raises(FileFormatError, match="no part is given for 'none'"):
        read(table.model_copy(update={"part_of": {"x": "train"}}), tmp_path)
    with pytest.raises(FileFormatError, match=r"no column \['z'\]"):
        read(table.model_copy(update={"target": NumberCells(column="z")}), tmp_path)


def test_labels_of_digits_in_a_csv_keep_their_first_zeros(tmp_path: Path) -> None:
    (tmp_path / "t.csv").write_text("id,sequence,sites\n007,MKVL,0011\n")
    cells = LetterCells(column="sites", letters=("0", "1"))
    (found,) = read(SequenceTable(file="t.csv", id_column="id", target=cells), tmp_path)
    assert (found.id, found.value.tolist()) == ("007", [0, 0, 1, 1])


def test_a_cell_that_is_no_sequence_is_placed_and_spaces_around_it_are_none_of_it(tmp_path: Path) -> None:
    (tmp_path / "t.csv").write_text("sequence,y\nMK,1\n mkv ,2\n")
    assert [item.sequence for item in read(SequenceTable(file="t.csv", target=NUMBER), tmp_path)] == ["MK", "MKV"]
    (tmp_path / "t.csv").write_text("sequence,y\nMK,1\nMK*V,2\n")
    with pytest.raises(FileFormatError, match=r"t\.csv, row 2: no sequence; found position 3"):
        read(SequenceTable(file="t.csv", target=NUMBER), tmp_path)


def test_the_digest_is_checked(tmp_path: Path) -> None:
    write_table(tmp_path / "t.parquet", sequence=["MK"], y=[1.0])
    digest = file_digest(tmp_path / "t.parquet")
    right = SequenceTable(file="t.parquet", target=NUMBER, sha256=digest)
    assert [item.id for item in read(right, tmp_path)] == ["t_0"]
    with pytest.raises(FileFormatError, match="another file than the property was made for"):
        read(right.model_copy(update={"sha256": "0" * 64}), tmp_path)


def test_mutants_fit_their_wild_type(tmp_path: Path) -> None:
    columns: dict[str, Any] = {"pdb": ["1abc"], "sequence": ["MKV"], "wild_type": ["K"], "mutant": ["A"], "y": [0.5]}
    write_table(tmp_path / "good.parquet", position0=[1], **columns)
    write_table(tmp_path / "bad.parquet", position0=[2], **columns)
    found = read(MutantTable(file="good.parquet", target=NUMBER), tmp_path)
    assert (found[0].id, found[0].mutations, found[0].mutant_sequence) == ("1abc:K2A", (Mutation(1, "K", "A"),), "MAV")
    with pytest.raises(FileFormatError, match="does not fit the sequence; expected K at 2; found V"):
        read(MutantTable(file="bad.parquet", target=NUMBER), tmp_path)


def test_rows_that_tell_no_mutant_are_left_out_or_refused(tmp_path: Path) -> None:
    # Taken by its words, an empty sequence was the protein "None", and an empty mutant a chain with "None" inside.
    head = "pdb,sequence,wild_type,position0,mutant,y"
    (tmp_path / "m.csv").write_text(f"{head}\n1E10,MKV,K,1,A,1\n1E10,,N,0,A,1\n1E10,MKV,K,1,,1\n1E10,MKV,K,,A,1\n")
    left: Counter[str] = Counter()
    (found,) = read(MutantTable(file="m.csv", target=NUMBER), tmp_path, left)
    assert (found.id, found.mutant_sequence) == ("1E10:K2A", "MAV")
    assert left == {"no sequence": 1, "no mutant": 1, "no position0": 1}
    for cells, message in (
        ("MKV,K,1.5,A", "not a position; expected a whole number; found 1.5"),
        ("MKV,K,one,A", "column 'position0': not a number"),
        ("MKV,K,1,AL", "not a mutant; expected one letter, or \\* for a stop; found 'AL'"),
    ):
        (tmp_path / "m.csv").write_text(f"{head}\n1E10,{cells},1\n")
        with pytest.raises(FileFormatError, match=f"row 1.*{message}"):
            read(MutantTable(file="m.csv", target=NUMBER), tmp_path)


def test_the_mutant_of_asparagine_and_alanine_is_no_empty_cell(tmp_path: Path) -> None:
    (tmp_path / "wild.csv").write_text("set,sequence,number_of_first_residue\nmade,MKVW,5\n")
    (tmp_path / "sites.csv").write_text("variant,y\nNA,1\nKA,2\n")
    table = ScanTable(file="sites.csv", target=NUMBER, wild_types="wild.csv", wild_type="made", sites=(6, 7))
    assert [item.mutant_sequence for item in read(table, tmp_path)] == ["MNAW", "MKAW"]
    with pytest.raises(FileFormatError, match="row 1: not the letters of all sites; expected 1; found 'NA'"):
        read(table.model_copy(update={"sites": (6,)}), tmp_path)


def test_scans_by_names_and_by_the_letters_at_sites(tmp_path: Path) -> None:
    (tmp_path / "wild.csv").write_text("set,sequence,number_of_first_residue\nmade,MKVW,5\n")
    write_table(tmp_path / "names.parquet", variant=["V7A,K6R", "W8*"], y=[1.0, 2.0])
    write_table(tmp_path / "sites.parquet", variant=["KV", "AV"], y=[1.0, 2.0])
    table = ScanTable(file="names.parquet", target=NUMBER, wild_types="wild.csv", wild_type="made")
    first, second = read(table, tmp_path)
    assert first.mutations == (Mutation(1, "K", "R"), Mutation(2, "V", "A"))
    assert second.mutant_sequence == "MKV"
    assert first.links == ("made",)
    sites = read(table.model_copy(update={"file": "sites.parquet", "sites": (6, 7)}), tmp_path)
    assert [item.mutations for item in sites] == [(), (Mutation(1, "K", "A"),)]
    with pytest.raises(InputError, match="no wild type 'other'"):
        read(table.model_copy(update={"wild_type": "other"}), tmp_path)
    write_table(tmp_path / "names.parquet", variant=["A7V"], y=[1.0])
    with pytest.raises(FileFormatError, match="does not fit the wild type"):
        read(table, tmp_path)


def test_affinities_become_free_energies_with_their_sign(tmp_path: Path) -> None:
    columns = {
        "#Pdb": ["1ABC_A_B"] * 3, "Mutation(s)_cleaned": ["LI38E", "LI38G,KA9R", "LI38D"],
        "Affinity_mut_parsed": ["1E-7", "1,0E-9", ""], "Affinity_wt_parsed": ["1E-8", "1E-8", "1E-8"],
        "Temperature": ["298", "298(assumed)", "298"], "Protein 1": ["one"] * 3, "Protein 2": ["two"] * 3,
    }  # fmt: skip
    write_table(tmp_path / "s.parquet", **columns)
    left: Counter[str] = Counter()
    found = read(ComplexTable(file="s.parquet", target=NumberCells(column="Affinity_mut_parsed")), tmp_path, left)
    tenfold = 1.987204e-3 * 298 * np.log(10)
    np.testing.assert_allclose([float(item.value) for item in found], [tenfold, -tenfold], rtol=1e-12)
    assert found[1].mutations == (Mutation(38, "L", "G"), Mutation(9, "K", "R"))
    assert found[0].links == ("entry 1ABC", "protein one", "protein two")
    assert left == {"no affinity": 1}
