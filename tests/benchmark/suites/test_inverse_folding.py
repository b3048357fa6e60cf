"""Inverse folding: the same chains and folds as the interaction sites, and no feature that tells the residue."""

from pathlib import Path
from typing import get_args

import pytest
import torch

from protea.benchmark.grid import GridConfig
from protea.benchmark.runner import model_config
from protea.benchmark.suites.catalogue import parse_suite
from protea.benchmark.suites.interface import SchemeKind, Suite
from protea.errors import LeakError
from tests.training.small import SCHNET


@pytest.fixture(scope="module")
def suite(small_docking: dict[str, str]) -> Suite:
    return parse_suite({"kind": "inverse_folding", "source": small_docking, "num_folds": 3})


def test_chains_folds_and_units_are_those_of_the_interaction_sites(
    suite: Suite, small_docking: dict[str, str], docking_cache: Path
) -> None:
    own = suite.prepare(docking_cache)
    other = parse_suite({"kind": "ppi_site", "source": small_docking, "num_folds": 3}).prepare(docking_cache)
    assert own.ids == other.ids
    assert own.folds == other.folds
    assert own.unit_of.tolist() == other.unit_of.tolist()
    rows = own.rows(own.ids)
    assert not rows.load(rows.rows.tolist()).extra  # no label is read


def test_no_scheme_shows_the_residue_type(suite: Suite) -> None:
    for kind in get_args(SchemeKind):
        scheme = suite.scheme(kind).build()
        assert "residue_type" not in {what for feature in scheme.features for what in feature.reveals}


def test_side_chains_are_refused_when_the_model_is_built(suite: Suite, docking_cache: Path) -> None:
    tasks = suite.tasks(suite.prepare(docking_cache))
    grid = GridConfig(suite=suite, encoders={"schnet": SCHNET}, schemes=["ca_bb", "ca_sc"])
    allowed, refused = (model_config(grid, tasks, cell) for cell in grid.cells())
    allowed.build()
    with pytest.raises(LeakError, match="side_chain"):
        refused.build()


def test_the_target_is_the_residue_type_and_lower_perplexity_is_better(suite: Suite, docking_cache: Path) -> None:
    data = suite.prepare(docking_cache)
    tasks = suite.tasks(data)
    assert {name: task.metric for name, task in tasks.items()} == {"residue_type": "perplexity"}
    assert not suite.higher_is_better(data)
    grid = GridConfig(suite=suite, encoders={"schnet": SCHNET}, schemes=["ca_bb"])
    model = model_config(grid, tasks, next(grid.cells())).build()
    rows = data.rows(data.ids[:2])
    batch = rows.load(rows.rows.tolist())
    targets = model.targets(batch)["residue_type"]
    assert torch.equal(targets.value, batch.residue_type)
    assert bool(targets.is_supervised.all())


def test_the_real_chains(real_docking: dict[str, str], docking_cache: Path) -> None:
    data = parse_suite({"kind": "inverse_folding", "source": real_docking}).prepare(docking_cache)
    assert len(data.ids) == 390
    rows = data.rows(data.folds[0].test)
    residue_type = rows.load(rows.rows.tolist()).residue_type
    share = torch.bincount(residue_type, minlength=21) / len(residue_type)
    assert float(share[20]) < 0.01
    assert 0.06 < float(share[:20].max()) < 0.12
