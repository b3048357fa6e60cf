"""SKEMPI's table: rows as written, what is unknown counted, homologous complexes on one side; then the real one."""

from pathlib import Path

import pyarrow.parquet as pq
import pytest

from protea.datasets.interactions.skempi_table import (
    Measurement,
    Mutation,
    complex_groups,
    parse_mutations,
    read_skempi,
    skempi_split,
)
from protea.datasets.sources.interface import SourceReport
from protea.errors import FileFormatError, InputError

HEAD = (
    "#Pdb;Mutation(s)_PDB;Mutation(s)_cleaned;iMutation_Location(s);Hold_out_type;Hold_out_proteins;Affinity_mut (M);"
    "Affinity_mut_parsed;Affinity_wt (M);Affinity_wt_parsed;Reference;Protein 1;Protein 2;Temperature;Method"
)
ROWS = [
    "1ABC_A_B;LA45G;LA38G;COR;Pr/PI;Pr/PI;1E-08;;1E-09;;1;p;q;298;SPR",
    "1ABC_A_B;LA45G,RB9bK;LA38G,RB10K;COR,RIM;Pr/PI;Pr/PI;>1E-04;;3,00E-09;;1;p;q;298(assumed);ITC",
    "2DEF_HL_C;YC8A;YC8A;SUP;;2DEF_HL_C,3GHI_A_B;n.b;;1E-09;;1;p;q;298;SPR",
    "3GHI_A_B;YB8A;YB8A;SUP;;3GHI_A_B;2E-09;;1E-09;;1;p;q;;SPR",
    "4JKL_A_B;YB8A;YB8A;SUP;;Pr/PI,4JKL_A_B;1E-09;;1E-09;;1;p;q;298;SPR",
    "5MNO_A_B;YB8A;YB8A;SUP;;5MNO_A_B;1E-09;;1E-09;;1;p;q;298;SPR",
]


def written(folder: Path, rows: list[str]) -> Path:
    path = folder / "skempi_v2.csv"
    path.write_text("\n".join([HEAD, *rows, ""]))
    return path


def test_rows_as_written(tmp_path: Path) -> None:
    report = SourceReport()
    first, second, third, fourth, *_ = read_skempi(written(tmp_path, ROWS), report)
    assert first.id == "1ABC_A_B:0"
    assert first.sides == (("A",), ("B",))
    assert third.sides == (("H", "L"), ("C",))
    assert first.ddg == (pytest.approx(1.364, abs=0.001), "=")
    assert first.mutations == (Mutation("L", "A", 38, "", "G"),)
    assert second.pdb_mutations[1] == Mutation("R", "B", 9, "b", "K")
    assert (second.ddg.qualifier, second.temperature.is_assumed, second.places) == (">", True, ("COR", "RIM"))
    assert (third.ddg.qualifier, third.mutant.reason) == ("unknown", "no binding")
    assert (fourth.ddg.value, fourth.hold_out, fourth.method) == (None, (), "SPR")
    assert report.counts == {
        "rows_read": 6, "mutant_bound: >": 1, "mutant_without_value: no binding": 1, "temperature_assumed": 1,
        "without_temperature": 1, "ddg: =": 3, "ddg: >": 1, "ddg: unknown": 2,
    }  # fmt: skip


def test_a_repeated_row_is_named_and_left_out(tmp_path: Path) -> None:
    path = written(tmp_path, [ROWS[0], ROWS[2], ROWS[0]])
    report = SourceReport()
    assert [one.row for one in read_skempi(path, report)] == [0, 1]
    assert report.counts["rows_repeated"] == report.counts["repeated: row 2 (1ABC_A_B)"] == 1
    assert [one.row for one in read_skempi(path, with_repeats=True)] == [0, 1, 2]


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("1ABC_A_B", "1ABC", "row 1: not a complex"),
        ("LA38G", "A38G", "row 1: a mutation of a chain"),
        ("LA38G", "LA38", "row 1: not a mutation"),
        ("LA38G", "LA38G,LA38V", "row 1: two mutations of one residue"),
        ("1E-08", "tight", "row 1: not an affinity"),
        ("298", "warm", "row 1: not a temperature"),
    ],
)
def test_a_broken_row_is_named(tmp_path: Path, old: str, new: str, message: str) -> None:
    path = written(tmp_path, [ROWS[4], ROWS[0].replace(old, new), ROWS[5]])
    with pytest.raises(FileFormatError, match=message):
        read_skempi(path)
    report = SourceReport()
    assert [one.row for one in read_skempi(path, report)] == [0, 2]
    assert list(report.refused) == ["row 1"]


def test_what_is_no_such_table_is_refused(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("a;b\n1;2\n")
    with pytest.raises(FileFormatError, match=r"no column .*#Pdb.*Is it the table of SKEMPI"):
        read_skempi(tmp_path / "a.csv")
    with pytest.raises(InputError, match="no such file"):
        read_skempi(tmp_path / "b.csv")


def test_homologous_complexes_are_one_group(tmp_path: Path) -> None:
    rows = read_skempi(written(tmp_path, [*ROWS, ROWS[0].replace("1ABC_A_B", "1ABC_B_A")]))
    assert complex_groups(rows, "complex") == {
        "1ABC_A_B": "1ABC_A_B", "1ABC_B_A": "1ABC_A_B", "2DEF_HL_C": "2DEF_HL_C", "3GHI_A_B": "3GHI_A_B",
        "4JKL_A_B": "4JKL_A_B", "5MNO_A_B": "5MNO_A_B",
    }  # fmt: skip
    assert complex_groups(rows, "hold_out") == {
        "1ABC_A_B": "1ABC_A_B", "1ABC_B_A": "1ABC_A_B", "2DEF_HL_C": "2DEF_HL_C", "3GHI_A_B": "2DEF_HL_C",
        "4JKL_A_B": "1ABC_A_B", "5MNO_A_B": "5MNO_A_B",
    }  # fmt: skip
    split = skempi_split(rows, seed=0, fractions=(0.4, 0.3, 0.3))
    group_of = complex_groups(rows, "hold_out")
    part_of = split.part_of()
    assert len(part_of) == len(rows)
    assert len({(group_of[one.complex], part_of[one.id]) for one in rows}) == 3


def test_mutations_with_insertion_codes_and_negative_numbers() -> None:
    assert parse_mutations("RH100bA, KA-3E", "here") == (
        Mutation("R", "H", 100, "b", "A"),
        Mutation("K", "A", -3, "", "E"),
    )
    with pytest.raises(FileFormatError, match="not a mutation"):
        parse_mutations("", "here")


@pytest.fixture(scope="module")
def real(shared_data: Path) -> tuple[list[Measurement], SourceReport]:
    report = SourceReport()
    return read_skempi(shared_data / "properties" / "affinity_skempi_v2.parquet", report), report


def test_the_real_table(real: tuple[list[Measurement], SourceReport], shared_data: Path) -> None:
    rows, report = real
    assert report.counts["rows_repeated"] == 11
    assert report.counts["mutant_without_value: no binding"] + report.counts["mutant_without_value: unfolded"] == 285
    assert len(rows) == 7085 - 11 - 2
    # Two rows name a mutation of one chain twice, where the other chain's must be meant.
    assert list(report.refused) == ["row 6149", "row 6155"]
    assert len({one.complex for one in rows}) == 348
    # The table gives its own reading of each affinity, bounds taken for numbers.
    parsed = pq.read_table(shared_data / "properties" / "affinity_skempi_v2.parquet").column("Affinity_mut_parsed")
    theirs = [cell.replace(",", ".") for cell in parsed.to_pylist()]
    for one in rows:
        assert (one.mutant.kd is None) == (theirs[one.row] == "")
        assert one.mutant.kd is None or one.mutant.kd == float(theirs[one.row])


def test_the_sign_on_a_known_hot_spot(real: tuple[list[Measurement], SourceReport]) -> None:
    """Barnase and barstar: D39A of barstar costs about 7.7 kcal/mol (Schreiber and Fersht 1995)."""
    rows, _ = real
    found = [
        one.ddg.value
        for one in rows
        if one.complex == "1BRS_A_D" and one.mutations == (Mutation("D", "D", 39, "", "A"),)
    ]
    assert max(value for value in found if value is not None) == pytest.approx(7.65, abs=0.05)
    assert min(value for value in found if value is not None) > 5


def test_no_homologous_complex_on_two_sides_of_the_real_split(real: tuple[list[Measurement], SourceReport]) -> None:
    rows, _ = real
    part_of = skempi_split(rows, seed=0).part_of()
    parts: dict[str, set[str]] = {}
    for one in rows:
        for name in (one.complex, *one.hold_out, *one.held_out_with):
            parts.setdefault(name, set()).add(part_of[one.id])
    assert all(len(found) == 1 for found in parts.values())
