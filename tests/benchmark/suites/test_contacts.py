"""Contacts within chains, asked of bare sequences: maps are of single chains, controls and a row run end to end."""

from pathlib import Path

import numpy as np
import pytest

from protea.benchmark.controls.running import run_controls
from protea.benchmark.predictions import load_predictions
from protea.benchmark.report.build import report_on
from protea.benchmark.runner import GridRun
from protea.benchmark.suites.catalogue import parse_suite
from protea.objectives.interface import EncoderWidth
from protea.protein.writers.mmcif import format_mmcif
from tests.benchmark.suites.interaction_tables import pair_grid
from tests.protein.readers.foldcomp.made_chain import full_chain


@pytest.fixture
def made_chains(tmp_path: Path) -> dict[str, object]:
    folder = tmp_path / "chains"
    folder.mkdir()
    for place in range(9):
        (folder / f"chain{place}.cif").write_text(format_mmcif(full_chain(place, length=40 + place)))
    structures = {"kind": "folder", "path": str(folder)}
    return {
        "kind": "contacts", "split": "components", "num_folds": 3,
        "source": {"kind": "positioned_chains", "structures": structures},
    }  # fmt: skip


def test_contacts_are_those_of_the_places(made_chains: dict[str, object], tmp_path: Path) -> None:
    suite = parse_suite(made_chains)
    data = suite.prepare(tmp_path / "cache")
    ((name, task),) = suite.tasks(data).items()
    assert (name, task.metric, task.watched) == ("contacts", "precision_at_l5_medium_long", "auprc")
    rows = data.rows(data.ids[:2])
    batch = rows.load(rows.rows.tolist())
    assert not len(batch.atom_position)  # the structure is left behind
    objective = task.objective.build(EncoderWidth(4))
    value, is_known = objective.targets(batch)
    assert is_known.all()
    start, expected = 0, []
    for length in batch.lengths().tolist():
        place = batch.extra["residue_position"].value[start : start + length].double().numpy()
        distance = np.linalg.norm(place[:, None] - place[None], axis=-1)
        expected.append((distance <= 8.0)[np.triu_indices(length, 6)])
        start += length
    assert value.tolist() == np.concatenate(expected).astype(int).tolist()


def test_an_encoder_and_the_controls_run_on_bare_sequences(made_chains: dict[str, object], tmp_path: Path) -> None:
    run = GridRun(pair_grid(made_chains), tmp_path / "run", tmp_path / "cache")
    run_controls(run, lambda line: None)
    (cell,) = run.missing()
    run.run_cell(cell)
    cells = tmp_path / "run" / "cells"
    names = {path.name.split("-")[0] for path in cells.iterdir()}
    assert names == {"identity", "prior", "chain_separation", "type_pair"}
    by_separation = load_predictions(
        cells / "chain_separation-none-none-fold0-seed0" / "predictions-contacts-sequence.npz"
    )
    assert by_separation.separation is not None
    per_separation: dict[int, set[float]] = {}
    for apart, score in zip(by_separation.separation.tolist(), by_separation.score.tolist(), strict=True):
        per_separation.setdefault(apart, set()).add(score)
    assert {len(scores) for scores in per_separation.values()} == {1}  # of the separation alone
    assert len(set.union(*per_separation.values())) > 1
    stored = load_predictions(cells / cell.name / "predictions-contacts-sequence.npz")
    assert stored.ids.tolist() == list(run.data.folds[0].test)
    assert stored.map_length is not None
    lengths = dict(zip(run.data.ids, run.data.lengths.tolist(), strict=True))
    assert stored.map_length.tolist() == [lengths[name] for name in stored.ids]
    report = report_on(tmp_path / "run", pair_grid(made_chains), run.data, 20)
    assert {row.key[0] for row in report.rows} == names
