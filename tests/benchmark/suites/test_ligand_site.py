"""Ligand sites: the suite asks only chains with a site, shows no ligand, and keeps relatives together."""

from pathlib import Path

import numpy as np
import pytest

from protea.benchmark.named_grids import named_grid
from protea.benchmark.suites.catalogue import parse_suite
from protea.protein.writers.pdb import write_pdb
from tests.benchmark.suites.docking_files import partner, random_sequence
from tests.benchmark.suites.test_ppi_site import assert_folds_are_apart
from tests.datasets.sources.test_ligand_sites import hetero


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Five chains, of which two are one protein; the last has no ion."""
    folder = tmp_path_factory.mktemp("sites")
    sequences = [random_sequence(seed) for seed in (1, 2, 3, 1, 4)]
    for index, sequence in enumerate(sequences):
        file = folder / f"p{index}.pdb"
        write_pdb(partner(sequence, 0.0), file)
        if index < 4:  # three angstrom above the CA of the third residue
            text = file.read_text().replace("END", hetero("ZN", 1, (41.5, 0.0, 3.0), "ZN") + "END")
            file.write_text(text)
    return folder


def test_labels_folds_and_inputs(folder: Path, tmp_path: Path) -> None:
    suite = parse_suite(
        {"kind": "ligand_site", "source": {"kind": "ligand_sites", "path": str(folder), "site": "zinc"}, "num_folds": 3}
    )
    data = suite.prepare(tmp_path)
    assert set(data.ids) == {"p0_A", "p1_A", "p2_A", "p3_A"}
    unit_of = dict(zip(data.ids, data.unit_of.tolist(), strict=True))
    assert unit_of["p0_A"] == unit_of["p3_A"]
    assert_folds_are_apart(data, 3)
    rows = data.rows(("p1_A",))
    batch = rows.load(rows.rows.tolist())
    assert np.flatnonzero(batch.extra["site"].value.numpy()).tolist() == [2]
    assert batch.extra["site.is_known"].value.all()
    assert next(iter(suite.tasks(data).values())).metric == "auprc"
    assert "- chains without a site: 1" in data.notes


def test_ready_grids_ask_for_each_kind_of_site() -> None:
    found = {site: named_grid("ligand_site", site).suite for site in ("zinc", "metal", "pocket")}
    assert {site: suite.source.site for site, suite in found.items()} == {  # type: ignore[attr-defined]
        "zinc": "zinc", "metal": "metal", "pocket": "ligand"
    }  # fmt: skip


def test_the_real_chains(shared_data: Path, tmp_path: Path) -> None:
    source = {"kind": "ligand_sites", "path": str(shared_data / "structures" / "chains.tar.zst"), "site": "metal"}
    data = parse_suite({"kind": "ligand_site", "source": source}).prepare(tmp_path)
    assert len(data.ids) >= 80
    assert len(set(data.unit_of.tolist())) >= 40
    assert_folds_are_apart(data, 5)
