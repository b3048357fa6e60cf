"""Schedules: the analytic shape of warm-up and cosine, and that a run follows it, resumed or not."""

import math
from pathlib import Path

import pytest
import torch
from pydantic import ValidationError

from protea.errors import ConfigError
from protea.training import loop
from protea.training.schedules import PlateauSchedule, WarmupCosineSchedule, schedule_of, warmup_cosine
from tests.training.small import small_model, trained, training


def optimiser(rate: float = 0.1) -> torch.optim.SGD:
    return torch.optim.SGD([torch.nn.Parameter(torch.zeros(1))], lr=rate)


def test_the_share_rises_linearly_and_falls_along_half_a_cosine() -> None:
    assert [warmup_cosine(position, 2.0, 10.0) for position in (0.0, 0.5, 1.0, 2.0)] == [0.0, 0.25, 0.5, 1.0]
    assert warmup_cosine(6.0, 2.0, 10.0) == pytest.approx(0.5)
    assert warmup_cosine(4.0, 2.0, 10.0) == pytest.approx(0.5 * (1 + math.cos(math.pi / 4)))
    assert warmup_cosine(10.0, 2.0, 10.0) == pytest.approx(0.0)
    assert warmup_cosine(12.0, 2.0, 10.0) == pytest.approx(0.0)
    assert warmup_cosine(0.0, 0.0, 10.0) == 1.0
    assert warmup_cosine(3.0, 2.0, 2.0) == 1.0


def test_the_cosine_sets_the_rate_of_every_group_and_needs_no_state() -> None:
    inner = optimiser()
    inner.add_param_group({"params": [torch.nn.Parameter(torch.zeros(1))], "lr": 5.0})
    schedule = WarmupCosineSchedule(inner, 0.1, 1.0, 3)
    schedule.before_step(2.0)
    schedule.after_epoch(0.0)
    assert [group["lr"] for group in inner.param_groups] == [pytest.approx(0.05)] * 2
    assert schedule.state_dict() == {}


@pytest.mark.parametrize(("higher_is_better", "metrics"), [(True, (0.5, 0.4, 0.3)), (False, (0.5, 0.6, 0.7))])
def test_a_plateau_lowers_the_rate(higher_is_better: bool, metrics: tuple[float, ...]) -> None:
    inner = optimiser()
    schedule = schedule_of(training(plateau_patience=1, plateau_factor=0.5), inner, higher_is_better=higher_is_better)
    assert isinstance(schedule, PlateauSchedule)
    schedule.before_step(7.0)
    for metric in metrics[:2]:
        schedule.after_epoch(metric)
    assert inner.param_groups[0]["lr"] == 0.1
    schedule.after_epoch(metrics[2])
    assert inner.param_groups[0]["lr"] == pytest.approx(0.05)


@pytest.mark.parametrize(
    ("higher_is_better", "best", "no_gain", "gain"),
    [
        (True, -0.5, -0.50001, -0.499),
        (False, -5.0, -4.9999, -5.01),
        (True, 0.5, 0.50001, 0.501),
        (False, 5.0, 4.9999, 4.99),
        (True, 0.0, 0.0, 0.1),
        (False, 0.0, 0.0, -0.1),
    ],
)
def test_below_0_an_epoch_without_gain_is_none_that_improved(
    higher_is_better: bool, best: float, no_gain: float, gain: float
) -> None:
    for second, is_lowered in ((best, True), (no_gain, True), (gain, False)):
        inner = optimiser()
        settings = training(plateau_patience=0, plateau_factor=0.5)
        schedule = schedule_of(settings, inner, higher_is_better=higher_is_better)
        schedule.after_epoch(best)
        assert inner.param_groups[0]["lr"] == 0.1
        schedule.after_epoch(second)
        assert (inner.param_groups[0]["lr"] == pytest.approx(0.05)) == is_lowered


def test_a_run_ends_near_rate_zero_and_logs_the_rate(tmp_path: Path) -> None:
    config = training(schedule="warmup_cosine", warmup_epochs=0.5, epochs=3)
    history = trained(small_model(), config, tmp_path).progress.history
    # Eight proteins in batches of two: four steps an epoch; the rate of an epoch is that of its last step.
    expected = [1e-2 * warmup_cosine(epoch + 0.75, 0.5, 3.0) for epoch in range(3)]
    assert [record.learning_rate for record in history] == pytest.approx(expected)


def test_the_cosine_binds_the_number_of_epochs_and_the_plateau_does_not(tmp_path: Path) -> None:
    cosine = {"schedule": "warmup_cosine", "warmup_epochs": 0.5}
    trained(small_model(), training(**cosine, epochs=2), tmp_path / "cosine")
    with pytest.raises(ConfigError, match=r"training\.epochs"):
        trained(small_model(), training(**cosine, epochs=3), tmp_path / "cosine")
    trained(small_model(), training(epochs=1), tmp_path / "plateau")
    assert trained(small_model(), training(epochs=2), tmp_path / "plateau").progress.epoch == 2
    assert (tmp_path / "plateau" / loop.CHECKPOINT).exists()


def test_a_warm_up_without_an_end_is_refused() -> None:
    with pytest.raises(ValidationError, match="leave nothing of the 2 epochs"):
        training(schedule="warmup_cosine", warmup_epochs=2)
