"""Sites from a structure's own ligands: the cutoff is inclusive, chains share an ion, buffers are no sites."""

from pathlib import Path

import pytest

from protea.datasets.sources.interface import SourceReport
from protea.datasets.sources.ligand_sites import ADDITIVES, METALS, LigandSitesConfig, SiteKind
from tests.datasets.sources.test_docking import pdb


def hetero(name: str, number: int, position: tuple[float, float, float], element: str, chain: str = "A") -> str:
    x, y, z = position
    atom = element if len(element) == 2 else f" {element}"
    return (
        f"HETATM 9{number:03d} {atom:<4} {name:>3} {chain}{900 + number:4d}    {x:8.3f}{y:8.3f}{z:8.3f}"
        f"  1.00  0.00          {element:>2}\n"
    )


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Two chains 9 angstrom apart; a zinc between their first residues, a molecule on B, and buffers on A."""
    chains = pdb("A", range(1, 6), (0, 0, 0)).replace("END\n", "TER\n") + pdb("B", range(1, 4), (0, 9, 0))
    ligands = (
        hetero("ZN", 1, (4, 3.5, 0), "ZN")
        + hetero("GOL", 2, (4, 0, 1), "C")
        + hetero("HOH", 3, (4, 0, 1), "O")
        + hetero("ATP", 4, (4, 9, 3), "P", "B")
    )
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "x.pdb").write_text(chains.replace("END\n", ligands + "END\n"))
    return tmp_path / "data"


def sites(folder: Path, site: SiteKind, cutoff: float) -> dict[str, list[int]]:
    found = LigandSitesConfig(path=folder, site=site, cutoff=cutoff).proteins()
    return {protein.id: protein.labels["site"].value.tolist() for protein in found}


def test_the_cutoff_is_inclusive_and_chains_without_a_site_are_left_out(folder: Path) -> None:
    assert sites(folder, "zinc", 3.4) == {}
    close = sites(folder, "zinc", 3.5)
    assert set(close) == {"x_A"}
    assert close["x_A"][0] == 1
    assert sum(close["x_A"]) == 1


def test_an_ion_between_two_chains_marks_both(folder: Path) -> None:
    assert set(sites(folder, "metal", 5.6)) == {"x_A", "x_B"}


def test_buffers_and_ions_are_no_molecules(folder: Path) -> None:
    assert set(sites(folder, "ligand", 3.5)) == {"x_B"}
    assert not METALS & ADDITIVES


def test_what_was_left_out_is_counted(folder: Path) -> None:
    report = SourceReport()
    config = LigandSitesConfig(path=folder, site="zinc", cutoff=3.5)
    assert len(list(config.proteins(report))) == report.num_proteins == 1
    assert report.counts == {"chains without a site": 1}
    prints = {LigandSitesConfig(path=folder, site=kind).fingerprint() for kind in ("zinc", "metal", "ligand")}
    assert len(prints) == 3


def test_the_real_structures_hold_sites_of_every_kind(shared_data: Path) -> None:
    archive = shared_data / "structures" / "chains.tar.zst"
    zinc = {p.id: p.labels["site"].value.sum() for p in LigandSitesConfig(path=archive, site="zinc").proteins()}
    # A structural or catalytic zinc has three or four ligands, often from residues of one chain.
    assert len(zinc) >= 21
    assert 2.5 <= sorted(zinc.values())[len(zinc) // 2] <= 8
