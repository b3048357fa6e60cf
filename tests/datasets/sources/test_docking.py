"""Docking complexes: labels from the bound form on the residues of the form asked for, nothing read silently past."""

import zipfile
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from protea.datasets.sources.docking import DockingConfig, has_variable_domain, read_categories
from protea.datasets.sources.interface import SourceReport
from protea.errors import FileFormatError, InputError
from protea.protein.record import protein_from_sequence

NAMES = ("ALA", "GLY", "SER", "LEU", "VAL", "THR", "LYS", "GLU", "ASP", "ILE", "PRO", "ARG")


def pdb(chain: str, numbers: Sequence[int], shift: tuple[float, float, float], skip: Sequence[int] = ()) -> str:
    """CA atoms along the x axis, 4 angstrom apart, residue n at x = 4 n."""
    lines = [
        f"ATOM  {serial:5d}  CA  {NAMES[number % 12]} {chain}{number:4d}    "
        f"{4.0 * number + shift[0]:8.3f}{shift[1]:8.3f}{shift[2]:8.3f}  1.00 20.00           C  "
        for serial, number in enumerate(numbers, 1)
        if number not in skip
    ]
    return "\n".join([*lines, "END", ""])


def complex_files(name: str = "1ABC") -> dict[str, str]:
    """Receptor residues 1-10 and ligand residues 8-14, which in the bound form lie 3.2 angstrom above 8, 9, 10."""
    return {
        f"{name}/{name}_r_u.pdb": pdb("A", range(1, 13), (50.0, 0, 0)),
        f"{name}/{name}_r_b.pdb": pdb("A", range(1, 11), (0, 0, 0)),
        f"{name}/{name}_l_u.pdb": pdb("B", range(8, 15), (0, 70.0, 0), skip=[9]),
        f"{name}/{name}_l_b.pdb": pdb("B", range(8, 15), (0, 3.2, 0)),
    }


def written(folder: Path, files: dict[str, str]) -> Path:
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text)
    return folder


def test_labels_are_carried_to_the_unbound_form(tmp_path: Path) -> None:
    report = SourceReport()
    receptor, ligand = DockingConfig(path=written(tmp_path, complex_files())).proteins(report)
    assert (receptor.id, ligand.id) == ("1ABC_r", "1ABC_l")
    label = receptor.labels["interface"]
    assert label.is_known.tolist() == [True] * 10 + [False] * 2
    assert np.flatnonzero(label.value).tolist() == [7, 8, 9]
    assert label.value.dtype == np.uint8
    assert ligand.author_number.tolist() == [8, 10, 11, 12, 13, 14]
    assert ligand.labels["interface"].value.tolist() == [1, 1, 0, 0, 0, 0]
    assert report.counts == {
        "residues": 18, "residues_known": 16, "residues_unmatched": 2, "residues_of_another_type": 0,
        "residues_at_interface": 5, "residues_at_interface_lost": 1,
    }  # fmt: skip
    assert {"complex=1ABC", "role=receptor", "state=unbound", "category=unlisted"} <= set(receptor.provenance.notes)


def test_the_bound_form_on_request(tmp_path: Path) -> None:
    path = written(tmp_path, complex_files())
    receptor, ligand = DockingConfig(path=path, state="bound").proteins()
    assert len(receptor) == 10
    assert receptor.labels["interface"].is_known.all()
    assert np.flatnonzero(ligand.labels["interface"].value).tolist() == [0, 1, 2]
    assert DockingConfig(path=path, state="bound").fingerprint() != DockingConfig(path=path).fingerprint()
    far = DockingConfig(path=path, state="bound", contact_cutoff=3.1)
    assert not any(protein.labels["interface"].value.any() for protein in far.proteins())


def test_an_archive_gives_the_same_as_the_folder(tmp_path: Path) -> None:
    files = {**complex_files("1ABC"), "README.md": "x", **complex_files("2DEF")}
    written(tmp_path / "folder", files)
    with zipfile.ZipFile(tmp_path / "all.zip", "w") as archive:
        for name, text in files.items():
            archive.writestr(f"deep/er/{name}", text)
    report = SourceReport()
    one = list(DockingConfig(path=tmp_path / "folder").proteins(report))
    two = list(DockingConfig(path=tmp_path / "all.zip").proteins())
    assert report.ignored == ["README.md"]
    assert (
        [protein.id for protein in one] == ["1ABC_r", "1ABC_l", "2DEF_r", "2DEF_l"] == [protein.id for protein in two]
    )
    for first, second in zip(one, two, strict=True):
        assert np.array_equal(first.labels["interface"].value, second.labels["interface"].value)


def test_incomplete_and_broken_complexes_are_refused_by_name(tmp_path: Path) -> None:
    files = {**complex_files("1ABC"), **complex_files("2DEF"), **complex_files("3GHI")}
    del files["2DEF/2DEF_l_b.pdb"]
    files["3GHI/3GHI_r_b.pdb"] = "ATOM    what is this\n"
    config = DockingConfig(path=written(tmp_path, files))
    report = SourceReport()
    assert [protein.id for protein in config.proteins(report)] == ["1ABC_r", "1ABC_l"]
    assert set(report.refused) == {"2DEF", "3GHI"}
    assert "no 2DEF_l_b.pdb" in report.refused["2DEF"]
    with pytest.raises(FileFormatError, match="3GHI_r_b"):
        list(config.proteins())


def test_a_place_without_complexes_is_refused(tmp_path: Path) -> None:
    (tmp_path / "a.pdb").write_text("END\n")
    with pytest.raises(InputError, match="no docking complex found"):
        list(DockingConfig(path=tmp_path).proteins())


def test_antibodies_by_category_and_by_motif(tmp_path: Path) -> None:
    table = tmp_path / "table.csv"
    table.write_text("complex,category,other\n1ABC_HL:A,AA,x\n2DEF_A:B,OX,y\n")
    assert read_categories(table) == {"1ABC": "AA", "2DEF": "OX"}
    files = {**complex_files("1ABC"), **complex_files("2DEF"), **complex_files("3GHI")}
    config = DockingConfig(path=written(tmp_path / "data", files), table=table)
    flags = {
        protein.id: (int(protein.labels["is_antibody_complex"].value), int(protein.labels["is_antibody"].value))
        for protein in config.proteins()
    }
    assert flags["1ABC_r"] == (1, 1)
    assert flags["1ABC_l"] == (1, 0)
    assert {flags[name] for name in ("2DEF_r", "2DEF_l", "3GHI_r", "3GHI_l")} == {(0, 0)}
    table.write_text("name,kind\n1ABC,AA\n")
    with pytest.raises(FileFormatError, match="columns complex and category"):
        list(config.proteins())


def test_the_motif_of_a_variable_domain() -> None:
    domain = "C" + "A" * 12 + "W" + "A" * 60 + "C" + "A" * 10 + "WGQGTLV"
    assert has_variable_domain(protein_from_sequence("h", "EVQL" + domain))
    assert not has_variable_domain(protein_from_sequence("t", "EVQL" + domain.replace("WGQGT", "WGSGC")))


@pytest.fixture(scope="module")
def benchmark(shared_data: Path) -> tuple[list[tuple[str, int, int]], SourceReport]:
    """Id, antibody-complex flag and antibody flag of each partner, and the report, over all 195 complexes."""
    folder = shared_data / "structures"
    report = SourceReport()
    config = DockingConfig(path=folder / "bm5.tar.zst", table=folder / "bm5_table.csv")
    flags = [
        (protein.id, int(protein.labels["is_antibody_complex"].value), int(protein.labels["is_antibody"].value))
        for protein in config.proteins(report)
    ]
    return flags, report


def test_all_195_complexes_map_by_chain_and_number(benchmark: tuple[list[tuple[str, int, int]], SourceReport]) -> None:
    flags, report = benchmark
    assert len(flags) == 390
    assert not report.refused
    counts = report.counts
    assert counts["residues_known"] / counts["residues"] == pytest.approx(0.96, abs=0.005)
    assert counts["residues_at_interface"] / counts["residues_known"] == pytest.approx(0.0453, abs=0.0005)
    # One chain of the 390 is numbered differently in its two forms: it alone is masked as a whole.
    assert [name for name in counts if name.startswith("misnumbered")] == ["misnumbered_chains: 1OPH_l B"]
    assert counts["residues_of_another_type"] == 159
    assert counts["residues_at_interface_lost"] == 9


def test_antibody_complexes_of_the_benchmark(benchmark: tuple[list[tuple[str, int, int]], SourceReport]) -> None:
    flags, _ = benchmark
    antibodies = [name for name, _, is_antibody in flags if is_antibody]
    assert len(antibodies) == 35  # 24 that the table lists as A., 11 unlisted ones by the motif
    assert sum(is_complex for _, is_complex, _ in flags) == 70
    assert {name for name in antibodies if name.endswith("_l")} == {"1I9R_l", "1KXQ_l", "2HMI_l"}
