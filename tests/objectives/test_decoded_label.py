"""The objective: its loss is that of its labels, its scores are those of the head that it stands for, and it learns."""

import math

import pytest
import torch

from protea.encoders.interface import Encoding
from protea.objectives.decoded_label import DecodedLabel, DecodedLabelConfig, PackedStates
from protea.objectives.interface import EncoderWidth
from protea.objectives.token_decoder.grammar import Frame
from protea.objectives.token_decoder.likelihood import label_log_probs
from protea.protein.batch import Extra
from tests.objectives.made import built, made_batch

DECODER = {
    "tasks": {
        "fold": {"kind": "one_class", "num_classes": 3},
        "terms": {"kind": "class_set", "num_classes": 4},
        "weight": {"kind": "number", "lower": -2.0, "upper": 2.0, "decimals": 1},
        "site": {"kind": "residue_positions"},
        "state": {"kind": "residue_labels", "num_classes": 2},
    },
    "width": 16, "layers": 1, "heads": 2, "dropout": 0.0,
}  # fmt: skip
SHAPES = {"fold": (3, 3), "terms": (3, 4), "weight": (3,), "site": (12,), "state": (12, 2)}
LENGTHS = (6, 1, 5)


def config_of(label: str, **changes: object) -> DecodedLabelConfig:
    return DecodedLabelConfig.model_validate({"label": label, "decoder": DECODER} | changes)


def labelled(*lengths: int):  # type: ignore[no-untyped-def]
    batch = made_batch(*lengths)
    site, known = batch.extra["site"].value, batch.extra["site.is_known"].value
    return batch.with_extra(**{"state": Extra("residue", site), "state.is_known": Extra("residue", known)})


@pytest.mark.parametrize("label", SHAPES)
def test_the_loss_is_that_of_each_protein(label: str) -> None:
    batch = labelled(*LENGTHS)
    found = built(config_of(label), batch)
    objective, prediction, targets = found.objective, found.predict(), found.objective.targets(batch)
    assert isinstance(objective, DecodedLabel)
    keep = targets.is_supervised
    memory = objective.decoder.remember(found.encoding.residue, batch.residue_ptr)
    total = 0.0
    for protein, length in enumerate(LENGTHS):
        rows = batch.residue_ptr[protein] + torch.arange(length)
        is_open = keep[rows] if objective.level == "residue" else None
        if is_open is not None and not is_open.any():
            continue
        value = targets.value[rows] if objective.level == "residue" else targets.value[protein]
        if label == "weight":
            value = value.clamp(-2.0, 2.0)
        written = objective.grammar.write(value, Frame(length, is_open))
        frame = Frame(length, is_open)
        total -= float(label_log_probs(objective.decoder, memory, [label], [written], [frame], [protein]).detach())
    loss = objective.loss_sum(prediction[keep], targets.value[keep])
    assert float(loss.detach()) == pytest.approx(total, rel=1e-9)


@pytest.mark.parametrize("label", SHAPES)
def test_scores_have_the_form_of_a_head(label: str) -> None:
    batch = labelled(*LENGTHS)
    found = built(config_of(label, beam=2), batch)
    score = found.objective.score(found.predict())
    assert score.shape == SHAPES[label]
    assert torch.isfinite(score).all()
    if label in ("fold", "state"):
        assert torch.allclose(score.exp().sum(-1), torch.ones(score.shape[:-1], dtype=score.dtype))
    if label in ("terms", "site"):
        assert ((score >= 0) & (score <= 1)).all()


def test_a_mean_number_lies_between_the_strings_of_the_beam() -> None:
    batch = labelled(*LENGTHS)
    found = built(config_of("weight", beam=50, answer="mean"), batch)
    objective, prediction = found.objective, found.predict()
    assert isinstance(objective, DecodedLabel)
    for mean, strings in zip(objective.score(prediction).tolist(), objective.decoded(prediction), strict=True):
        assert len(strings) == 41
        values = [float(objective.grammar.parse(one.tokens, Frame(1))) for one in strings]
        expected = sum(math.exp(one.log_prob) * value for one, value in zip(strings, values, strict=True))
        assert mean == pytest.approx(expected, abs=1e-9)


@pytest.mark.parametrize("label", SHAPES)
def test_what_cannot_be_read_is_judged_worst(label: str) -> None:
    batch = labelled(*LENGTHS)
    found = built(config_of(label, judged_freely=True), batch)
    objective, prediction = found.objective, found.predict()
    assert isinstance(objective, DecodedLabel)
    value = objective.targets(batch).value
    score, is_answered = objective.judged(prediction, value)
    strings = objective.decoded(prediction, is_legal=False)
    assert not all(one[0].is_parsed for one in strings)  # nothing was trained
    assert score.shape == SHAPES[label]
    parts = value.split(list(LENGTHS)) if objective.level == "residue" else value
    scores = score.split(list(LENGTHS)) if objective.level == "residue" else score
    marks = is_answered.split(list(LENGTHS)) if objective.level == "residue" else is_answered
    for part, own, mark, one in zip(parts, scores, marks, strings, strict=True):
        assert (mark == one[0].is_parsed).all()
        if not one[0].is_parsed:
            assert torch.equal(own, objective.grammar.worst(part).to(own))
    # What is handed out is a label all the same.
    assert torch.isfinite(objective.score(prediction)).all()


def test_equal_settings_share_one_decoder() -> None:
    width = EncoderWidth(6)
    first, second = config_of("fold").build(width), config_of("site").build(width)
    other = config_of("weight", decoder=DECODER | {"layers": 2}).build(width)
    second.share_with([other, first])
    other.share_with([first, second])
    assert second.decoder is first.decoder
    assert second.grammar is first.decoder.grammar("site")
    assert other.decoder is not first.decoder


def test_items_are_chosen_by_a_mask_or_a_slice() -> None:
    states = PackedStates(torch.zeros(5, 2), torch.tensor([0, 3, 5]), torch.arange(5))
    assert states[torch.tensor([True, False, True, True, False])][1:].item.tolist() == [2, 3]
    assert len(states[:0]) == 0


def test_a_task_that_the_decoder_lacks_is_refused() -> None:
    with pytest.raises(ValueError, match="no task 'depth'"):
        config_of("depth")


def test_three_tasks_are_learned_beyond_the_trivial_answer() -> None:
    # One decoder over one-hot residues: is A more frequent than B, the share of A, and where C stands.
    draw = torch.Generator().manual_seed(0)
    tasks = {
        "fold": {"kind": "one_class", "num_classes": 2},
        "weight": {"kind": "number", "lower": 0.0, "upper": 1.0, "decimals": 1},
        "site": {"kind": "residue_positions"},
    }
    decoder = {"tasks": tasks, "width": 32, "layers": 1, "heads": 2, "dropout": 0.0}
    objectives = [config_of(label, decoder=decoder).build(EncoderWidth(3)) for label in tasks]
    for objective in objectives[1:]:
        objective.share_with(objectives[:1])

    def drawn(number: int) -> tuple[PackedStates, dict[str, torch.Tensor]]:
        share = torch.rand(number, generator=draw) * 0.8
        letters = (torch.rand(number, 10, generator=draw) > share[:, None]).long()
        letters[torch.rand(number, 10, generator=draw) < 0.15] = 2
        of_a = (letters == 0).double().mean(1)
        labels = {"fold": (of_a > 0.4).long(), "weight": of_a, "site": (letters == 2).long().flatten()}
        ptr = 10 * torch.arange(number + 1)
        return PackedStates(
            torch.nn.functional.one_hot(letters.flatten(), 3).float(), ptr, torch.arange(number)
        ), labels

    def asked(states: PackedStates, level: str) -> PackedStates:
        number = len(states.state) if level == "residue" else len(states.residue_ptr) - 1
        return PackedStates(states.state, states.residue_ptr, torch.arange(number))

    parameters = list(objectives[0].parameters())
    optimizer = torch.optim.Adam(parameters, lr=1e-2)
    for _ in range(45):
        states, labels = drawn(16)
        loss = sum(
            (one.loss_sum(asked(states, one.level), labels[one.label]) / 16 for one in objectives), torch.zeros(())
        )
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    states, labels = drawn(40)
    fold, weight, site = (one.score(asked(states, one.level)) for one in objectives)
    shares = torch.bincount(labels["fold"], minlength=2) / 40
    assert float((fold.argmax(1) == labels["fold"]).double().mean()) > float(shares.max()) + 0.1
    error = (weight - labels["weight"]).abs().mean()
    assert float(error) < 0.6 * float((labels["weight"].median() - labels["weight"]).abs().mean())
    is_named, is_site = site > 0.5, labels["site"] == 1
    overlap = 2 * float((is_named & is_site).sum()) / float(is_named.sum() + is_site.sum())
    assert overlap > 0.8  # naming all residues gives about 0.26


def test_the_prediction_reads_residues_whatever_the_label_is_of() -> None:
    batch = labelled(*LENGTHS)
    found = built(config_of("fold"), batch)
    changed = Encoding(found.encoding.residue, found.encoding.protein + 1.0)
    first, second = found.predict(), found.objective.predict(changed, found.inputs)
    assert torch.equal(first.state, second.state)
    assert torch.equal(found.objective.score(first), found.objective.score(second))
