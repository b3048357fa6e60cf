"""Predictions over a whole data set: in evaluation mode, under their ids, whatever the batches."""

import numpy as np
import pytest
import torch

from protea.encoders.language.encoder import LanguageEncoderConfig
from protea.encoders.language.esm2 import ESM2Config
from protea.encoders.prompts import PromptsConfig
from protea.errors import ConfigError, InputError
from protea.features.schemes import SchemeConfig
from protea.metrics.catalogue import metric_named
from protea.objectives.binary import BinaryConfig
from protea.objectives.interface import Corruption
from protea.objectives.multiclass import MultiClassConfig
from protea.objectives.sequence_denoising import SequenceDenoisingConfig
from protea.objectives.structure_denoising import StructureDenoisingConfig
from protea.protein.batch import Extra, ProteinBatch
from protea.training.config import BatchConfig
from protea.training.data import evaluation_batches
from protea.training.evaluation import (
    EVALUATION_EPOCH,
    Predictions,
    evaluate_metric,
    is_higher_better,
    metric_inputs,
    predict,
    predict_all,
)
from protea.training.model import ModelConfig, ProteinModel, initialised
from tests.encoders.proteins import shake
from tests.training.small import EGNN, proteins, rows_of, small_model

CPU = torch.device("cpu")


def model_of(config: ModelConfig) -> ProteinModel:
    model = initialised(config, 0, torch.float64)
    shake(model)
    return model


def predicted(model: ProteinModel, batch: ProteinBatch, size: int = 3, rows: list[int] | None = None) -> Predictions:
    batches = evaluation_batches(rows_of(batch, rows), BatchConfig(max_proteins=size))
    return predict(model, batches, "main", seed=0, device=CPU)


def test_dropout_is_off_and_statistics_are_those_of_training() -> None:
    model, batch = model_of(small_model(encoder=EGNN)), proteins()
    model.train()
    before = {name: value.clone() for name, value in model.named_buffers()}
    one, other = predicted(model, batch), predicted(model, batch)
    assert np.array_equal(one.score, other.score)
    assert all(torch.equal(value, before[name]) for name, value in model.named_buffers())
    assert model.training  # as it was found
    with torch.no_grad():
        in_evaluation = model.eval()(model.featurise(batch))["main"].sigmoid().numpy()
        in_training = model.train()(model.featurise(batch))["main"].sigmoid().numpy()
    assert np.abs(one.score - in_evaluation).max() < 1e-12
    assert np.abs(one.score - in_training).max() > 1e-3


@pytest.mark.parametrize(
    "main", [None, SequenceDenoisingConfig(), MultiClassConfig(label="fold", level="protein", num_classes=3)]
)
def test_predictions_do_not_depend_on_batches(main: object) -> None:
    # The second takes a corruption, which must be the protein's own.
    model, batch = model_of(small_model(encoder=EGNN, main=main)), proteins()  # type: ignore[arg-type]
    one, other = predicted(model, batch, 1), predicted(model, batch, 12)
    assert np.abs(one.score - other.score).max() < 1e-12
    assert np.array_equal(one.target, other.target)
    assert one.loss == pytest.approx(other.loss, rel=1e-12)


def test_order_maps_to_ids_and_rows() -> None:
    model, batch = model_of(small_model()), proteins()
    whole = predicted(model, batch)
    chosen = [9, 3, 0, 11, 5]
    some = predicted(model, batch, 2, chosen)
    assert some.ids == tuple(f"p{row}" for row in chosen)
    assert some.rows.tolist() == chosen
    for place, row in enumerate(chosen):
        own = slice(some.item_ptr[place], some.item_ptr[place + 1])
        there = slice(whole.item_ptr[row], whole.item_ptr[row + 1])
        assert np.abs(some.score[own] - whole.score[there]).max() < 1e-12
        assert np.array_equal(some.target[own], whole.target[there])
        assert np.array_equal(some.is_supervised[own], whole.is_supervised[there])
    assert some.protein_of_item().tolist() == np.repeat(np.arange(5), batch.lengths()[chosen]).tolist()


def test_only_the_asked_objective_corrupts() -> None:
    batch = proteins()
    with_auxiliary, alone = model_of(small_model(auxiliary=0.5)), model_of(small_model())
    alone.load_state_dict({n: v for n, v in with_auxiliary.state_dict().items() if not n.startswith("objectives.aux")})
    assert np.array_equal(predicted(with_auxiliary, batch).score, predicted(alone, batch).score)
    corrupted = with_auxiliary.corrupt(batch, Corruption(0, EVALUATION_EPOCH))
    assert not torch.equal(corrupted.residue_type, batch.residue_type)


def several() -> ModelConfig:
    """Two supervised objectives of different levels and two that corrupt, each in a way of its own."""
    fold = MultiClassConfig(label="fold", level="protein", num_classes=3)
    added = {"fold": fold, "noise": StructureDenoisingConfig()}
    config = small_model(encoder=EGNN, auxiliary=0.5)
    return config.model_copy(
        update={"objectives": {**config.objectives, **added}, "weights": {**config.weights, "fold": 1.0, "noise": 1.0}}
    )


def test_all_objectives_at_once_give_the_numbers_of_one_at_a_time() -> None:
    model, batch, sizes = model_of(several()), proteins(), BatchConfig(max_proteins=5)
    names = ["noise", "main", "auxiliary", "fold"]
    found = predict_all(model, evaluation_batches(rows_of(batch), sizes), names, 3, CPU)
    assert list(found) == names
    for name in names:
        alone = predict(model, evaluation_batches(rows_of(batch), sizes), name, 3, CPU)
        for field, value in vars(alone).items():
            assert np.array_equal(getattr(found[name], field), value), (name, field)


def test_objectives_that_leave_the_batch_as_it_is_share_one_encoding() -> None:
    model, batches = model_of(several()), list(evaluation_batches(rows_of(proteins()), BatchConfig(max_proteins=5)))
    calls: list[int] = []
    model.encoder.register_forward_hook(lambda *_: calls.append(1))
    predict_all(model, batches, ["main", "fold"], 0, CPU)
    assert len(calls) == len(batches) == 3
    calls.clear()
    predict_all(model, batches, ["auxiliary", "main", "noise", "fold"], 0, CPU)
    assert len(calls) == 3 * len(batches)


def test_losses_alone_are_the_same_losses() -> None:
    model, batches = model_of(several()), list(evaluation_batches(rows_of(proteins()), BatchConfig(max_proteins=5)))
    whole = predict_all(model, batches, ["main", "fold"], 0, CPU)
    bare = predict_all(model, batches, ["main", "fold"], 0, CPU, scores=False)
    for name in whole:
        assert bare[name].loss == whole[name].loss
        assert bare[name].score.shape == (len(whole[name].target), 0)
        assert np.array_equal(bare[name].target, whole[name].target)
        assert whole[name].share_answered() == 1.0


def test_the_share_answered_is_of_supervised_items() -> None:
    one = Predictions(
        ("a",), np.array([0]), np.array([0, 4]), np.zeros(4), np.zeros(4), np.array([True, True, True, False]), 0.0,
        is_answered=np.array([True, False, True, False]),
    )  # fmt: skip
    assert one.share_answered() == pytest.approx(2 / 3)
    assert made([1], [0.5], [True]).share_answered() == 1.0


def made(target: list[int], score: list[float], is_supervised: list[bool]) -> Predictions:
    ptr = np.array([0, len(target)])
    return Predictions(("a",), np.array([0]), ptr, np.array(score), np.array(target), np.array(is_supervised), 0.0)


def test_a_metric_is_of_the_whole_set_and_not_a_mean_over_batches() -> None:
    # Within each batch the order is perfect; over both it is not.
    target, score = [1, 0, 1, 0], [0.9, 0.8, 0.2, 0.1]
    found = made(target, score, [True] * 4)
    halves = [
        metric_named("auroc").function(np.array(target[s]), np.array(score[s]), None) for s in (slice(2), slice(2, 4))
    ]
    assert halves == [1.0, 1.0]
    assert evaluate_metric("auroc", found) == 0.75
    assert evaluate_metric("auprc", found) == pytest.approx((1 + 2 / 3) / 2)


def test_unsupervised_items_do_not_count() -> None:
    assert evaluate_metric("auroc", made([1, 0, 1, 0], [0.9, 0.8, 0.2, 0.1], [True, True, False, True])) == 1.0
    with pytest.raises(ConfigError, match="no supervised item"):
        evaluate_metric("auroc", made([1, 0], [0.9, 0.1], [False, False]))


def test_an_unknown_label_may_hold_anything() -> None:
    model, batch = model_of(small_model()), proteins()
    known = batch.extra["site.is_known"].value
    spoiled = torch.where(known, batch.extra["site"].value, torch.full_like(batch.extra["site"].value, 255))
    one = predicted(model, batch)
    other = predicted(model, batch.with_extra(site=Extra("residue", spoiled)))
    assert one.loss == other.loss
    assert evaluate_metric("auroc", one) == evaluate_metric("auroc", other)


def test_classes_are_read_off_scores() -> None:
    assert metric_inputs("accuracy", np.array([[0.1, 0.9], [0.8, 0.2]])).tolist() == [1, 0]
    assert metric_inputs("accuracy", np.array([0.4, 0.6])).tolist() == [0, 1]
    score = np.array([0.4, 0.6])
    assert metric_inputs("auroc", score) is score


def test_distributions_are_read_by_their_columns() -> None:
    score, columns = np.array([[1.0, 2.0], [3.0, 4.0]]), ("value", "sigma")
    assert metric_inputs("rmse", score, columns).tolist() == [1.0, 3.0]
    assert metric_inputs("crps", score, columns).tolist() == score.tolist()
    low, high = metric_inputs("interval_score", score, columns)[0]
    assert (low, high) == pytest.approx((1.0 - 2 * 1.6449, 1.0 + 2 * 1.6449), abs=1e-3)
    with pytest.raises(InputError, match="states no 'value'"):
        metric_inputs("crps", np.zeros(2))


def test_an_empty_set_is_refused() -> None:
    with pytest.raises(ConfigError, match="no protein to predict"):
        predicted(model_of(small_model()), proteins(), rows=[])


def test_the_loss_stands_for_a_metric_and_less_of_it_is_better() -> None:
    one = Predictions(("a",), np.array([0]), np.array([0, 1]), np.zeros(1), np.zeros(1), np.array([True]), 0.75)
    assert evaluate_metric("loss", one) == 0.75
    assert [is_higher_better(name) for name in ("loss", "perplexity", "auroc")] == [False, False, True]
    with pytest.raises(InputError, match="aurok"):
        is_higher_better("aurok")


def test_each_objective_is_judged_under_its_own_prompts(monkeypatch: pytest.MonkeyPatch) -> None:
    language = LanguageEncoderConfig(
        model=ESM2Config(num_layers=1, width=16, num_heads=2), prompts=PromptsConfig(names=("seq", "ic"))
    )
    label = {name: BinaryConfig(label="site", level="residue") for name in ("main", "other", "third")}
    config = ModelConfig(
        scheme=SchemeConfig(kind="sequence"), encoder=language, objectives=label, weights=dict.fromkeys(label, 1.0),
        prompts={"main": ("seq",), "other": ("ic",), "third": ("seq",)},
    )  # fmt: skip
    model, batch = model_of(config), proteins(2)
    asked: list[tuple[str, ...]] = []
    forward = model.encoder.forward
    monkeypatch.setattr(model.encoder, "forward", lambda inputs: asked.append(inputs.prompts) or forward(inputs))
    batches = evaluation_batches(rows_of(batch, None), BatchConfig(max_proteins=2))
    found = predict_all(model, batches, list(label), 0, CPU)
    assert asked == [("seq",), ("ic",)]  # one batch; two objectives share an encoding
    with torch.no_grad():
        inputs = model.eval().featurise(batch)
        for name, prompts in config.prompts.items():
            encoding = model.encoder(inputs.with_prompts(prompts))
            expected = model.objective(name).score(model.objective(name).predict(encoding, inputs))
            np.testing.assert_allclose(found[name].score, expected.numpy(), rtol=1e-12)
