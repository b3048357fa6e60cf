"""A run that was killed goes on to the same weights, bit for bit, wherever it was and with loader processes."""

import multiprocessing
import os
import signal
from dataclasses import asdict
from pathlib import Path
from typing import Any

import pytest
import torch

from protea.training import loop
from protea.training.checkpoint import load_state
from protea.training.config import TrainingConfig
from protea.training.progress import EpochRecord
from tests.training.small import EGNN, small_model, trained, training

# Dropout, corruption, normalisation statistics, a falling rate: whatever could differ the second time is on.
MODEL = small_model(encoder=EGNN, auxiliary=0.5)
EPOCHS = 4  # of four steps each, with checkpoints after the second, the fourth and the end


def settings(num_workers: int = 0) -> TrainingConfig:
    return training(
        epochs=EPOCHS, num_workers=num_workers, plateau_patience=0, plateau_factor=0.5, learning_rate=0.1, seed=2
    )


def run_and_die(folder: Path, last_save: int, num_workers: int) -> None:
    """Train; the process kills itself the moment that its checkpoint was written so many times, or while writing."""
    written = 0
    save = loop.save_state

    def save_then_die(state: dict[str, Any], path: Path) -> None:
        nonlocal written
        written += 1
        if written > last_save:
            path.with_suffix(".partial").write_bytes(b"half a checkpoint")
            os.kill(os.getpid(), signal.SIGKILL)
        save(state, path)

    loop.save_state = save_then_die
    trained(MODEL, settings(num_workers), folder)


def killed(folder: Path, last_save: int, num_workers: int = 0) -> None:
    process = multiprocessing.get_context("fork").Process(target=run_and_die, args=(folder, last_save, num_workers))
    process.start()
    process.join()
    assert process.exitcode == -signal.SIGKILL


def log_of(history: tuple[EpochRecord, ...]) -> list[dict[str, float]]:
    return [{name: value for name, value in asdict(record).items() if name != "seconds"} for record in history]


def flat(tree: Any, place: str = "") -> dict[str, Any]:
    """Every leaf of a checkpoint by its place."""
    items = tree.items() if isinstance(tree, dict) else enumerate(tree) if isinstance(tree, list) else None
    if items is None:
        return {place: tree}
    return {name: leaf for key, value in items for name, leaf in flat(value, f"{place}/{key}").items()}


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> tuple[loop.FitResult, dict[str, Any]]:
    """A run that nobody disturbed."""
    folder = tmp_path_factory.mktemp("whole")
    result = trained(MODEL, settings(), folder)
    return result, load_state(folder / loop.CHECKPOINT)


def assert_same(result: loop.FitResult, folder: Path, whole: tuple[loop.FitResult, dict[str, Any]]) -> None:
    assert log_of(result.progress.history) == log_of(whole[0].progress.history)
    assert result.progress.best_epoch == whole[0].progress.best_epoch
    for name, value in result.model.state_dict().items():
        assert torch.equal(value, whole[0].model.state_dict()[name]), name
    expected = flat(whole[1])
    for place, value in flat(load_state(folder / loop.CHECKPOINT)).items():
        if place.endswith("/seconds"):
            continue
        is_tensor = isinstance(value, torch.Tensor)
        assert torch.equal(value, expected[place]) if is_tensor else value == expected[place], place


def test_the_whole_run_moves_its_schedule(whole: tuple[loop.FitResult, dict[str, Any]]) -> None:
    rates = [record.learning_rate for record in whole[0].progress.history]
    assert len(set(rates)) > 1  # else a lost schedule would go unnoticed


@pytest.mark.parametrize(
    ("last_save", "num_workers"),
    [(1, 2), (2, 0), (3, 0), (7, 2)],
    ids=["middle of the first epoch", "end of the first epoch", "border of epochs", "middle of the third epoch"],
)
def test_a_killed_run_resumes_to_the_same_weights(
    last_save: int, num_workers: int, tmp_path: Path, whole: tuple[loop.FitResult, dict[str, Any]]
) -> None:
    killed(tmp_path, last_save, num_workers)
    result = trained(MODEL, settings(num_workers), tmp_path)
    assert_same(result, tmp_path, whole)


def test_a_run_killed_again_and_again_resumes(tmp_path: Path, whole: tuple[loop.FitResult, dict[str, Any]]) -> None:
    killed(tmp_path, 1)
    killed(tmp_path, 1)
    killed(tmp_path, 3)
    assert_same(trained(MODEL, settings(), tmp_path), tmp_path, whole)


def test_a_run_killed_before_its_first_checkpoint_begins_anew(
    tmp_path: Path, whole: tuple[loop.FitResult, dict[str, Any]]
) -> None:
    killed(tmp_path, 0)
    assert not (tmp_path / loop.CHECKPOINT).exists()
    assert_same(trained(MODEL, settings(), tmp_path), tmp_path, whole)


def test_a_finished_run_is_not_trained_again(tmp_path: Path) -> None:
    first = trained(MODEL, settings(), tmp_path)
    before = (tmp_path / loop.CHECKPOINT).stat().st_mtime_ns
    again = trained(MODEL, settings(), tmp_path)
    assert again.progress == first.progress
    assert (tmp_path / loop.CHECKPOINT).stat().st_mtime_ns == before
