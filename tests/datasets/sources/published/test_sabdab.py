"""SAbDab: pairs with an affinity, in kcal/mol, from the summary in its published layout."""

from pathlib import Path

import pytest

from protea.datasets.interactions.affinity import Temperature
from protea.datasets.sources.interface import SourceReport
from protea.datasets.sources.published.sabdab import SAbDabConfig
from protea.errors import FileFormatError, InputError
from tests.datasets.sources.published.made_site import entry, fetched, list_files, structure_files

HEAD = (
    "pdb\tHchain\tLchain\tmodel\tantigen_chain\tantigen_type\tantigen_het_name\taffinity\tdelta_g\taffinity_method\t"
    "temperature\tpmid"
)
ROWS = [
    "1aaa\tA\tB\t0\tC\tprotein\tNA\t1e-09\t-12.28\tSPR\t25\t1",
    "1aaa\tA\tB\t0\tC\tprotein\tNA\t1e-09\t-12.28\tSPR\t25\t1",
    "1bbb\tA\tNA\t0\tB | C\tprotein | peptide\tNA\t5.00E-08\tNone\tBLI\tNone\t1",
    "1ccc\tA\tB\t0\tC\tHapten\tX\t1e-06\tNone\tITC\t20\t1",
    "1ddd\tA\tB\t0\tC\tprotein\tNA\tNone\tNone\tNone\tNone\t1",
    "1eee\tA\tB\t0\tZ\tprotein\tNA\t1e-08\tNone\tITC\t20\t1",
]


def source_in(folder: Path, rows: list[str] = ROWS, **settings: object) -> SAbDabConfig:
    files = list_files("sabdab", {"sabdab_summary_all.tsv": "\n".join([HEAD, *rows, ""])})
    files |= structure_files("1aaa 1bbb 1ccc 1eee")
    source, _ = fetched(SAbDabConfig(folder=folder, **settings), files)  # type: ignore[arg-type]
    assert isinstance(source, SAbDabConfig)
    return source


@pytest.fixture(autouse=True)
def _three_chains(monkeypatch: pytest.MonkeyPatch) -> None:
    module = "tests.datasets.sources.published.made_site"
    monkeypatch.setattr(f"{module}.entry", lambda key: entry(key, "ABC"))


def test_pairs_with_an_affinity(tmp_path: Path) -> None:
    report = SourceReport()
    first, second, _ = source_in(tmp_path).complexes(report)
    assert (first.id, first.antibody, first.antigen) == ("1aaa_AB_C", ("A", "B"), ("C",))
    assert first.energy.value == pytest.approx(-12.28, abs=0.01)  # as the summary itself says
    assert first.temperature == Temperature(298.15, False)
    assert (second.id, second.light, second.temperature) == ("1bbb_A_BC", None, Temperature(298.15, True))
    assert report.counts == {
        "rows_of_a_pair_again": 1, "rows_of_another_antigen: Hapten": 1, "rows_without_affinity": 1,
        "temperature_assumed": 1,
    }  # fmt: skip


def test_records_hold_the_chains_and_the_energy(tmp_path: Path) -> None:
    source = source_in(tmp_path)
    report = SourceReport()
    first, second = source.proteins(report)
    assert (first.id, first.chain_ids) == ("1aaa_AB_C", ("A", "B", "C"))
    assert float(first.labels["binding_energy"].value) == pytest.approx(-12.28, abs=0.01)
    assert {"antibody=A", "method=BLI"} <= set(second.provenance.notes)
    assert list(report.refused) == ["1eee_AB_Z"]
    assert "no protein chain ['Z']" in report.refused["1eee_AB_Z"]
    haptens = source.model_copy(update={"antigen_types": ("Hapten",)})
    assert [one.id for one in haptens.complexes()] == ["1ccc_AB_C"]
    assert haptens.fingerprint() != source.fingerprint()


@pytest.mark.parametrize(
    ("row", "message"),
    [
        ("1aaa\tNA\tNA\t0\tC\tprotein\tNA\t1e-9\t\tSPR\t25\t1", "line 2: a pair without its chains"),
        ("1aaa\tA\tB\t0\tC\tprotein\tNA\thigh\t\tSPR\t25\t1", "line 2: not an affinity"),
        ("1aaa\tA\tB\t0\tC\tprotein\tNA\t1e-9\t\tSPR\t298\t1", "line 2: not a temperature; expected degrees Celsius"),
    ],
)
def test_a_broken_row_is_named(tmp_path: Path, row: str, message: str) -> None:
    source = SAbDabConfig(folder=tmp_path)
    (tmp_path / "sabdab_summary_all.tsv").write_text("\n".join([HEAD, row, ROWS[0], ""]))
    with pytest.raises(FileFormatError, match=message):
        source.complexes()
    report = SourceReport()
    assert len(source.complexes(report)) == 1
    assert list(report.refused) == ["line 2"]


def test_another_table_is_refused(tmp_path: Path) -> None:
    (tmp_path / "sabdab_summary_all.tsv").write_text("a\tb\n1\t2\n")
    with pytest.raises(FileFormatError, match=r"no column .*Hchain"):
        SAbDabConfig(folder=tmp_path).complexes()
    with pytest.raises(InputError, match="was not fetched"):
        SAbDabConfig(folder=tmp_path / "none").complexes()
