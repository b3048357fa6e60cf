"""The training loop: what a step divides by, which weights are kept, when it stops, what it refuses."""

import math
from dataclasses import replace
from pathlib import Path
from typing import Any, get_args

import numpy as np
import pytest
import torch
from torch import Tensor

from protea.errors import ConfigError, ContractError, FileFormatError
from protea.metrics.undefined import UndefinedMetric
from protea.objectives.catalogue import LabelFreeKind, label_free_objective
from protea.objectives.interface import Corruption
from protea.objectives.inverse_folding import InverseFoldingConfig
from protea.objectives.regression import RegressionConfig
from protea.objectives.sequence_denoising import SequenceDenoisingConfig
from protea.protein.batch import Extra, ProteinBatch
from protea.training import loop
from protea.training.checkpoint import load_state, save_state
from protea.training.config import BatchConfig, TrainingConfig
from protea.training.evaluation import Predictions
from protea.training.model import ModelConfig, ProteinModel, initialised
from tests.training.small import EGNN, SURE_HEAD, proteins, rows_of, small_model, trained, training

ONE_STEP = {"epochs": 1, "precision": "64-true", "clip_norm": 1e9}


def gradients(model: ModelConfig, config: TrainingConfig, folder: Path) -> list[Tensor]:
    """The gradient of the first step, read from Adam's state: after one step its mean is a tenth of it."""
    trained(model, config, folder, num=8)
    state = load_state(folder / loop.CHECKPOINT)["optimizer"]["state"]
    return [10 * state[number]["exp_avg"] for number in sorted(state)]


def is_close(one: list[Tensor], other: list[Tensor], tolerance: float) -> bool:
    scale = max(float(value.abs().max()) for value in other)
    return all(float((a - b).abs().max()) <= tolerance * scale for a, b in zip(one, other, strict=True))


@pytest.mark.parametrize("weight", [0.0, 0.1, 1.0])
def test_a_step_follows_the_gradient_of_the_weighted_mean_losses(weight: float, tmp_path: Path) -> None:
    config = small_model(head=SURE_HEAD, auxiliary=weight)
    found = gradients(config, training(batch=BatchConfig(max_proteins=4), **ONE_STEP), tmp_path)
    model = initialised(config, 0, torch.float64)
    batch = model.corrupt(proteins(8).select([0, 1, 2, 3]), Corruption(0, 0))
    targets, predictions = model.targets(batch), model(model.featurise(batch))
    main = torch.nn.functional.binary_cross_entropy_with_logits(
        predictions["main"][targets["main"].is_supervised],
        targets["main"].value[targets["main"].is_supervised].double(),
    )
    chosen = targets["auxiliary"].is_supervised
    auxiliary = torch.nn.functional.cross_entropy(predictions["auxiliary"][chosen], targets["auxiliary"].value[chosen])
    (main + weight * auxiliary).backward()
    # The count of supervised items of the auxiliary task differs from that of the main one.
    assert int(chosen.sum()) != int(targets["main"].is_supervised.sum())
    assert is_close(found, [parameter.grad for parameter in model.parameters()], 1e-10)  # type: ignore[misc]


def test_accumulated_batches_are_one_batch(tmp_path: Path) -> None:
    model = small_model(head=SURE_HEAD, auxiliary=0.1)
    whole = gradients(model, training(batch=BatchConfig(max_proteins=4), **ONE_STEP), tmp_path / "whole")
    for size, accumulate in ((2, 2), (1, 4), (1, 6), (3, 2)):
        settings = ONE_STEP | {"batch": BatchConfig(max_proteins=size), "accumulate": accumulate}
        parts = gradients(model, training(**settings), tmp_path / f"{size}-{accumulate}")
        assert is_close(parts, whole, 1e-10)
    # Batches of one protein differ in length: a mean of batch means would be another gradient.
    assert len(set(proteins(8).lengths()[:4].tolist())) > 1


def test_the_reported_loss_is_the_mean_over_all_supervised_items(tmp_path: Path) -> None:
    settings = {"learning_rate": 1e-12, "epochs": 1, "precision": "64-true"}
    one, other = (
        trained(
            small_model(head=SURE_HEAD), training(batch=BatchConfig(max_proteins=size), **settings), tmp_path / name
        )
        for size, name in ((1, "one"), (8, "all"))
    )
    losses = [result.progress.history[0].train_loss for result in (one, other)]
    assert losses[0] == pytest.approx(losses[1], rel=1e-9)


@pytest.fixture
def scripted(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """Metric values that the epochs shall have, instead of what the model reaches."""
    values: list[float] = []
    monkeypatch.setattr(loop, "evaluate_metric", lambda metric, predictions: values.pop(0))
    return values


@pytest.mark.parametrize(
    ("metric", "values"),
    [("perplexity", [9.0, 8.0, 8.5, 8.4, 8.3, 1.0]), ("accuracy", [0.1, 0.2, 0.15, 0.16, 0.17, 0.9])],
)
def test_it_stops_in_the_direction_of_the_metric(
    metric: str, values: list[float], scripted: list[float], tmp_path: Path
) -> None:
    scripted.extend(values)
    config = training(epochs=6, stop_patience=3, plateau_patience=1, plateau_factor=0.5)
    result = trained(small_model(), config, tmp_path, metric)
    progress = result.progress
    assert progress.best_epoch == 1
    assert progress.best_metric == values[1]
    assert len(progress.history) == 5  # three epochs without a better one, and the sixth never comes
    # One bad epoch leaves the rate, the second lowers it, and it counts anew from there.
    assert [record.learning_rate for record in progress.history] == [1e-2, 1e-2, 1e-2, 1e-2, 5e-3]


def test_the_weights_of_the_best_epoch_are_given_back(scripted: list[float], tmp_path: Path) -> None:
    scripted.extend([0.5])
    best = trained(small_model(), training(epochs=1), tmp_path / "one").model.state_dict()
    scripted.extend([0.5, 0.4, 0.3])
    result = trained(small_model(), training(epochs=3), tmp_path / "three")
    assert all(torch.equal(value, best[name]) for name, value in result.model.state_dict().items())
    last = load_state(tmp_path / "three" / loop.CHECKPOINT)["model"]
    assert any(not torch.equal(value, best[name]) for name, value in last.items())


def test_of_epochs_that_tie_the_one_with_the_lowest_loss_is_kept(scripted: list[float], tmp_path: Path) -> None:
    scripted.extend([0.5] * 4 + [0.4])
    progress = trained(small_model(), training(epochs=5), tmp_path).progress
    losses = [record.validation_loss for record in progress.history]
    assert progress.best_epoch == losses[:4].index(min(losses[:4])) > 0
    assert progress.best_metric == 0.5


def test_an_epoch_without_a_value_is_never_the_best(scripted: list[float], tmp_path: Path) -> None:
    scripted.extend([math.nan, 0.5, math.nan, 0.4])
    progress = trained(small_model(), training(epochs=4), tmp_path).progress
    assert (progress.best_epoch, progress.best_metric) == (1, 0.5)
    scripted.extend([math.nan, math.nan])
    with pytest.raises(loop.TrainingFailed, match="no epoch has a value of the validation metric 'auroc'"):
        trained(small_model(), training(), tmp_path / "none")


def test_a_constant_answer_without_a_rank_is_an_epoch_without_a_value(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    predict, epochs = loop.predict_in_stretches, iter(range(3))

    def constant_at_first(*arguments: Any, **named: Any) -> dict[str, Predictions]:
        found = predict(*arguments, **named)
        if next(epochs):
            return found
        return {name: replace(own, score=np.full_like(own.score, 0.3)) for name, own in found.items()}

    monkeypatch.setattr(loop, "predict_in_stretches", constant_at_first)
    model = small_model(main=RegressionConfig(label="depth", level="residue"))
    progress = trained(model, training(epochs=3), tmp_path, "spearman").progress
    values = [record.validation_metric for record in progress.history]
    assert math.isnan(values[0])
    assert progress.best_metric == max(values[1:])


def test_data_of_which_no_answer_has_a_value_are_refused_at_once(tmp_path: Path) -> None:
    batch = proteins()
    none = Extra("residue", torch.zeros_like(batch.extra["site"].value))
    with pytest.raises(UndefinedMetric, match="AUPRC is not defined"):
        loop.fit(small_model(), training(), rows_of(batch), rows_of(batch.with_extra(site=none)), "auprc", tmp_path,
                 fingerprint="made")  # fmt: skip


def test_a_frozen_encoder_stays_as_it_was_and_the_head_learns(tmp_path: Path) -> None:
    config = small_model(encoder=EGNN, is_frozen=True)
    before = initialised(config, 0).state_dict()
    trained(config, training(), tmp_path)
    after = load_state(tmp_path / loop.CHECKPOINT)["model"]
    same = {name: torch.equal(value, before[name]) for name, value in after.items()}
    assert any(name.endswith("running_mean") for name in same)  # an encoder with something to betray it
    assert all(same[name] for name in same if name.startswith("encoder."))
    assert not any(same[name] for name in same if name.startswith("objectives."))


def test_an_encoder_that_is_not_frozen_learns_with_its_statistics(tmp_path: Path) -> None:
    config = small_model(encoder=EGNN)
    before = initialised(config, 0).state_dict()
    trained(config, training(), tmp_path)
    after = load_state(tmp_path / loop.CHECKPOINT)["model"]
    moved = [name for name, value in after.items() if not torch.equal(value, before[name])]
    assert any(name.endswith("running_mean") for name in moved)
    assert any("mlp_msg.0.weight" in name for name in moved)


@pytest.mark.parametrize(
    ("precision", "dtype"), [("bf16-mixed", torch.float32), ("64-true", torch.float64), ("32-true", torch.float32)]
)
def test_every_precision_trains(precision: str, dtype: torch.dtype, tmp_path: Path) -> None:
    config = training(precision=precision, epochs=4, learning_rate=3e-2)
    result = trained(small_model(encoder=EGNN, auxiliary=0.1), config, tmp_path)
    assert {value.dtype for value in result.model.parameters()} == {dtype}
    losses = [record.train_loss for record in result.progress.history]
    assert all(torch.isfinite(torch.tensor([loss, record.validation_loss])).all()
               for loss, record in zip(losses, result.progress.history, strict=True))  # fmt: skip
    assert losses[-1] < losses[0]


def test_training_that_diverges_is_refused(tmp_path: Path) -> None:
    batch = proteins()
    depth = batch.extra["depth"].value.clone()
    depth[3] = float("inf")
    data = rows_of(batch.with_extra(depth=Extra("residue", depth)))
    model = small_model(main=RegressionConfig(label="depth", level="residue"))
    with pytest.raises(ContractError, match=r"epoch 0, step \d: training diverged.*found loss sum inf"):
        loop.fit(model, training(), data, data, "rmse", tmp_path, fingerprint="made")


def test_a_checkpoint_of_other_settings_is_refused_and_the_setting_named(tmp_path: Path) -> None:
    trained(small_model(), training(), tmp_path)
    with pytest.raises(ConfigError, match=r"other settings.*training.learning_rate \(0.01 there, 0.02 here\)"):
        trained(small_model(), training(learning_rate=2e-2), tmp_path)
    model = small_model(main=InverseFoldingConfig())
    model = model.model_copy(update={"scheme": model.scheme.model_copy(update={"without_residue_type": True})})
    with pytest.raises(ConfigError, match=r"model.objectives.main.kind \('binary' there, 'inverse_folding' here\)"):
        trained(model, training(), tmp_path)


def test_a_folder_of_other_data_is_refused(tmp_path: Path) -> None:
    trained(small_model(), training(), tmp_path)
    with pytest.raises(ConfigError, match=r"other settings or data.*data.fingerprint \('made' there, 'changed' here\)"):
        trained(small_model(), training(), tmp_path, data="changed")
    with pytest.raises(ConfigError, match=r"other settings or data.*data.train.*data.validation"):
        trained(small_model(), training(), tmp_path, num=13)
    with pytest.raises(ConfigError, match=r"other settings or data.*metric \('auroc' there, 'auprc' here\)"):
        trained(small_model(), training(), tmp_path, metric="auprc")


def test_more_epochs_are_no_other_settings(tmp_path: Path) -> None:
    trained(small_model(), training(epochs=2), tmp_path)
    result = trained(small_model(), training(epochs=3, checkpoint_steps=1), tmp_path)
    assert [record.epoch for record in result.progress.history] == [0, 1, 2]  # it goes on to what was asked


def test_a_damaged_checkpoint_is_refused(tmp_path: Path) -> None:
    (tmp_path / loop.CHECKPOINT).write_bytes(b"no checkpoint")
    with pytest.raises(FileFormatError, match=loop.CHECKPOINT):
        trained(small_model(), training(), tmp_path)


def test_an_old_checkpoint_without_settings_still_counts(tmp_path: Path) -> None:
    trained(small_model(), training(), tmp_path)
    state = load_state(tmp_path / loop.CHECKPOINT)
    del state["identity"], state["format_version"]
    save_state(state, tmp_path / loop.CHECKPOINT)
    assert trained(small_model(), training(), tmp_path).progress.is_finished


@pytest.mark.parametrize("kind", get_args(LabelFreeKind))
def test_every_objective_without_labels_can_be_the_main_task(kind: str, tmp_path: Path) -> None:
    # The joint one answers in two parts, of which no metric speaks: the loss stands for one.
    config = small_model(main=label_free_objective(kind))  # type: ignore[arg-type]
    scheme = config.scheme.model_copy(update={"without_residue_type": kind == "inverse_folding"})
    result = trained(config.model_copy(update={"scheme": scheme}), training(epochs=1), tmp_path, metric="loss")
    (record,) = result.progress.history
    assert 0 < record.validation_metric == record.validation_loss < 100
    assert 0 < record.train_loss < 100


@pytest.mark.parametrize("epoch_steps", [None, 6])
def test_no_two_visits_of_a_protein_have_the_same_noise(
    epoch_steps: int | None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    visits: list[tuple[str, Corruption]] = []
    corrupt = ProteinModel.corrupt

    def noted(self: ProteinModel, batch: ProteinBatch, corruption: Corruption, *asked: Any) -> ProteinBatch:
        visits.extend((name, corruption) for name in batch.ids)
        return corrupt(self, batch, corruption, *asked)

    monkeypatch.setattr(ProteinModel, "corrupt", noted)
    model = small_model(main=SequenceDenoisingConfig(head=SURE_HEAD))
    # A pass is two steps of two proteins: with six, an epoch holds three passes.
    trained(model, training(epoch_steps=epoch_steps), tmp_path, metric="loss", num=8)
    assert len(visits) == 2 * (4 if epoch_steps is None else 12)
    assert len(set(visits)) == len(visits)
    assert {corruption.epoch for _, corruption in visits} == set(range(2 if epoch_steps is None else 6))
