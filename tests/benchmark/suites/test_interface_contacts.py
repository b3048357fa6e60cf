"""Contacts of interfaces: maps of the bound form asked of the unbound one; made complexes, then some real ones."""

import json
import tarfile
from pathlib import Path

import numpy as np
import pytest
import zstandard

from protea.benchmark.controls.running import run_controls
from protea.benchmark.predictions import load_predictions
from protea.benchmark.report.build import report_on
from protea.benchmark.runner import GridRun
from protea.benchmark.suites.catalogue import parse_suite
from protea.benchmark.suites.interface import SuiteData
from protea.objectives.interface import EncoderWidth
from tests.benchmark.suites.interaction_tables import pair_grid

WANTED = ("1AY7", "1SYX", "1J2J", "1KTZ", "7CEI", "1R6Q")


@pytest.fixture(scope="module")
def real_complexes(shared_data: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """Six small ones of the real complexes as files."""
    folder = tmp_path_factory.mktemp("complexes")
    with (shared_data / "structures" / "bm5.tar.zst").open("rb") as file:
        stream = zstandard.ZstdDecompressor().stream_reader(file)
        with tarfile.open(fileobj=stream, mode="r|") as archive:
            for member in archive:
                if member.name.rpartition("/")[2][:4] in WANTED and member.isfile():
                    archive.extract(member, folder, filter="data")
    return {"kind": "docking", "path": str(folder), "table": str(shared_data / "structures" / "bm5_table.csv")}


def truth(data: SuiteData, task_objective: object, name: str, variant: str) -> tuple[np.ndarray, np.ndarray]:
    rows = data.rows((name,), variant)
    found = task_objective.build(EncoderWidth(4)).targets(rows.load(rows.rows.tolist()))  # type: ignore[attr-defined]
    return found.value.numpy(), found.is_supervised.numpy()


def test_made_complexes_touch_where_they_were_set_to(small_docking: dict[str, str], docking_cache: Path) -> None:
    # The made partners have no CB: only glycine, of which CA counts, has a place.
    suite = parse_suite({"kind": "interface_contacts", "source": small_docking, "num_folds": 3})
    data = suite.prepare(docking_cache)
    assert data.ids == tuple(f"1{letter * 3}_r\t1{letter * 3}_l" for letter in "ABCD")
    assert list(data.inputs) == ["unbound", "bound"]
    # The receptors of the first and the last complex are one protein.
    assert data.unit_of[0] == data.unit_of[3]
    assert len(set(data.unit_of.tolist())) == 3
    assert data.in_subset("antibody complexes", 0, data.ids).tolist() == [True, False, False, False]
    for variant in data.inputs:
        rows = data.rows(data.ids[:1], variant)
        batch = rows.load(rows.rows.tolist())
        glycine = np.array([letter == 5 for letter in batch.residue_type.tolist()])
        known = batch.extra["complex_position.is_known"].value.numpy()
        assert known.sum() > 0
        assert len({batch.residue_type[row].item() for row in np.flatnonzero(known)}) == 1
        assert glycine.shape == known.shape


def test_real_complexes_run_with_their_controls(real_complexes: dict[str, str], tmp_path: Path) -> None:
    suite = {"kind": "interface_contacts", "source": real_complexes, "num_folds": 3}
    grid = pair_grid(suite)
    run = GridRun(grid, tmp_path / "run", tmp_path / "cache")
    assert len(run.data.ids) == len(WANTED)
    between, within = (task.objective for task in run.tasks.values())
    # Both forms ask for the same contacts, but for residues that one form lacks.
    for name in run.data.ids[:2]:
        of = {variant: truth(run.data, between, name, variant) for variant in ("unbound", "bound")}
        counts = {variant: int(value[known].sum()) for variant, (value, known) in of.items()}
        assert 10 < counts["unbound"] <= counts["bound"] < 300
        value, known = truth(run.data, within, name, "bound")
        assert 0.005 < value[known].mean() < 0.1
    run_controls(run, lambda line: None)
    (cell,) = run.missing()
    run.run_cell(cell)
    folder = tmp_path / "run" / "cells"
    found = {
        name: json.loads((folder / f"{name}-none-none-fold0-seed0" / "metrics.json").read_text())["metrics"]["unbound"]
        for name in ("prior", "chain_separation", "type_pair")
    }
    assert "between" not in found["chain_separation"]
    # Near residues touch more often, which four training chains just tell.
    assert found["chain_separation"]["within"]["auprc"] > found["prior"]["within"]["auprc"]
    assert found["type_pair"]["between"]["precision_at_l5"] is not None
    stored = load_predictions(folder / cell.name / "predictions-within-unbound.npz")
    tested = [member for name in run.data.folds[0].test for member in name.split("\t")]
    assert stored.ids.tolist() == tested
    assert stored.map_length is not None
    assert stored.map_length.tolist() == [run.data.proteins.lengths[run.data.proteins.ids.index(one)] for one in tested]  # type: ignore[union-attr]
    report = report_on(tmp_path / "run", grid, run.data, 20)
    assert {row.key[0] for row in report.rows} == {"prior", "chain_separation", "type_pair", "identity"}
