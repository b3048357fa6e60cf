"""What follows from a collection: grids with their rates, starts and epochs; pretraining runs; refusals."""

from pathlib import Path

import pytest
from pydantic import ValidationError

from protea.benchmark.collection.config import (
    CollectionConfig,
    pretrained_grid,
    pretraining_folder,
    started_name,
)
from tests.benchmark.collection.made import made_collection


def test_a_grid_per_task_and_one_of_pretrained_rows(tmp_path: Path) -> None:
    grids = made_collection(tmp_path).grids(tmp_path)
    assert list(grids) == ["site", "fold", "site-pretrained-ca_angles"]
    assert grids["site"].training.epochs == 2
    assert grids["fold"].training.epochs == 1
    assert grids["fold"].folds == [0]
    assert grids["site"].auxiliaries == ["none", "sequence_denoising"]
    tuned = grids[pretrained_grid("site", "ca_angles")]
    row = started_name("schnet", "denoise")
    assert list(tuned.encoders) == [row]
    assert tuned.auxiliaries == ["none"]
    assert tuned.starts[row].weights == pretraining_folder(tmp_path, "schnet", "ca_angles", "denoise")
    # A pretrained row has the published rate of its encoder.
    assert tuned.rates_of((row, "ca_angles", "none")) == [1e-2]
    assert grids["site"].rates_of(("egnn", "ca_angles", "none")) == [1e-3]


def test_a_task_may_run_fewer_schemes_and_what_is_left_out_reaches_every_grid(tmp_path: Path) -> None:
    config = made_collection(tmp_path)
    fewer = config.tasks["fold"].model_copy(update={"schemes": ["ca_base"]})
    left_out = [("ca_angles", "sequence_denoising")]
    changed = config.model_copy(update={"tasks": {**config.tasks, "fold": fewer}, "left_out": left_out})
    grids = changed.grids(tmp_path)
    assert grids["fold"].schemes == ["ca_base"]
    assert grids["site"].schemes == config.schemes
    assert {grid.left_out == left_out for grid in grids.values()} == {True}


def test_a_pretraining_run_per_encoder_scheme_and_task(tmp_path: Path) -> None:
    runs = made_collection(tmp_path).pretraining_runs(tmp_path)
    assert [folder.name for folder in runs] == ["schnet-ca_angles-denoise"]
    (run,) = runs.values()
    assert run.training.schedule == "warmup_cosine"
    assert run.metric == "perplexity"
    without = made_collection(tmp_path).model_copy(update={"pretraining": None})
    assert without.pretraining_runs(tmp_path) == {}
    assert list(without.grids(tmp_path)) == ["site", "fold"]


def test_wrong_names_are_refused(tmp_path: Path) -> None:
    config = made_collection(tmp_path)
    pretraining = config.pretraining
    assert pretraining is not None
    with pytest.raises(ValidationError, match=r"pretraining names \['gearnet'\]"):
        CollectionConfig(**(dict(config) | {"pretraining": pretraining.model_copy(update={"encoders": ["gearnet"]})}))
    with pytest.raises(ValidationError, match="marks a pretrained one"):
        CollectionConfig(**(dict(config) | {"encoders": dict(config.encoders) | {"a+b": config.encoders["egnn"]}}))
