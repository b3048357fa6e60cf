"""The moving average of weights: its closed form, and that it is what a run judges, keeps and resumes."""

from pathlib import Path

import pytest
import torch

from protea.training import loop
from protea.training.averaging import WeightAverage
from protea.training.checkpoint import load_state
from tests.training.small import EGNN, small_model, trained, training


def test_the_average_has_its_closed_form() -> None:
    module = torch.nn.Linear(1, 1, bias=False, dtype=torch.float64)
    with torch.no_grad():
        module.weight.fill_(1.0)
    average = WeightAverage(module, 0.9)
    expected = 1.0
    for value in (2.0, -3.0, 0.5):
        with torch.no_grad():
            module.weight.fill_(value)
        average.update()
        expected = 0.9 * expected + 0.1 * value
    assert float(average.average["weight"]) == pytest.approx(expected, rel=1e-12)
    average.swap()
    assert float(module.weight.detach()) == pytest.approx(expected, rel=1e-12)
    average.swap()
    assert float(module.weight.detach()) == 0.5


def test_a_state_is_taken_up() -> None:
    one, other = (WeightAverage(torch.nn.Linear(2, 2), 0.5) for _ in range(2))
    other.load_state_dict(one.state_dict())
    assert torch.equal(one.average["weight"], other.average["weight"])


def test_the_kept_weights_are_the_average_and_training_goes_on_with_its_own(tmp_path: Path) -> None:
    plain = trained(small_model(), training(epochs=1), tmp_path / "plain")
    averaged = trained(small_model(), training(epochs=1, average_decay=0.5), tmp_path / "averaged")
    own = load_state(tmp_path / "averaged" / loop.CHECKPOINT)
    for name, value in plain.model.state_dict().items():
        assert torch.equal(own["model"][name], value)  # the average has no say in what is learnt
    kept = averaged.model.state_dict()
    assert all(torch.equal(kept[name], value) for name, value in own["average"].items())
    assert any(not torch.equal(kept[name], own["model"][name]) for name in own["average"])


def test_a_resumed_average_is_that_of_one_run(tmp_path: Path) -> None:
    settings = {"average_decay": 0.9, "plateau_patience": 5}
    whole = trained(small_model(encoder=EGNN), training(epochs=3, **settings), tmp_path / "whole")
    trained(small_model(encoder=EGNN), training(epochs=1, **settings), tmp_path / "parts")
    parts = trained(small_model(encoder=EGNN), training(epochs=3, **settings), tmp_path / "parts")
    one, other = (load_state(tmp_path / name / loop.CHECKPOINT)["average"] for name in ("whole", "parts"))
    assert all(torch.equal(one[name], other[name]) for name in one)
    assert whole.progress.best_metric == parts.progress.best_metric
