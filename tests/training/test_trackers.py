"""Trackers show what the CSV log says, also after a run was resumed; a library that is missing is named."""

import csv
import io
import re
import time
import warnings
from pathlib import Path

import pytest

from protea.errors import MissingExtraError
from protea.training import trackers
from protea.training.loop import LOG
from protea.training.progress import EpochRecord
from protea.training.trackers import log_to, opened_trackers, scalars_of
from tests.training.small import small_model, trained, training


def record(epoch: int, loss: float = 0.5) -> EpochRecord:
    return EpochRecord(epoch, loss, 0.25, 0.75, 1e-3, 2.0)


def events(folder: Path) -> dict[str, list[tuple[int, float]]]:
    """What TensorBoard reads from the event files: (step, value) of each tag."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # the reader's own dependencies
        from tensorboard.backend.event_processing.event_accumulator import EventAccumulator

        reader = EventAccumulator(str(folder))
        reader.Reload()
    return {tag: [(item.step, item.value) for item in reader.Scalars(tag)] for tag in reader.Tags()["scalars"]}


def test_tensorboard_reads_back_what_was_logged(tmp_path: Path) -> None:
    with opened_trackers(["tensorboard"], tmp_path) as found:
        for epoch in range(3):
            log_to(found, record(epoch, loss=1.0 / (epoch + 1)))
    read = events(tmp_path / "tensorboard")
    assert set(read) == set(scalars_of(record(0)))
    assert read["loss/train"] == [(0, 1.0), (1, 0.5), (2, pytest.approx(1 / 3))]
    assert read["learning_rate"] == [(epoch, pytest.approx(1e-3)) for epoch in range(3)]


def test_a_resumed_run_shows_each_epoch_once(tmp_path: Path) -> None:
    with opened_trackers(["tensorboard"], tmp_path) as found:
        log_to(found, record(0))
        log_to(found, record(1, loss=9.0))  # killed before its checkpoint: it is trained again
    with opened_trackers(["tensorboard"], tmp_path, [record(0)]) as found:
        log_to(found, record(1))
    assert events(tmp_path / "tensorboard")["loss/train"] == [(0, 0.5), (1, 0.5)]


def test_training_logs_every_epoch(tmp_path: Path) -> None:
    config = training(epochs=2, trackers=("tensorboard",))
    trained(small_model(), config, tmp_path)
    read = events(tmp_path / "tensorboard")
    rows = list(csv.DictReader(io.StringIO((tmp_path / LOG).read_text())))
    for tag, column in (("loss/train", "train_loss"), ("metric/validation", "validation_metric")):
        assert read[tag] == [(int(row["epoch"]), pytest.approx(float(row[column]), rel=1e-6)) for row in rows]
    # A tracker is no other setting: the run goes on with one more epoch and without any.
    result = trained(small_model(), training(epochs=3), tmp_path)
    assert len(result.progress.history) == 3


def test_no_tracker_leaves_no_trace(tmp_path: Path) -> None:
    trained(small_model(), training(epochs=1), tmp_path)
    assert not (tmp_path / "tensorboard").exists()
    assert "trackers" not in training().model_dump()  # old records of a training stay equal to new ones


@pytest.mark.parametrize("name", ["tensorboard", "wandb"])
def test_a_missing_library_is_named(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(trackers, "find_spec", lambda name: None)
    with (
        pytest.raises(MissingExtraError, match=rf"{name} is not installed.*protea\[tracking\]"),
        opened_trackers([name], tmp_path),
    ):  # type: ignore[list-item]
        pass


def test_wandb_offline(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("wandb", reason="wandb is not installed (the extra `tracking`)")
    monkeypatch.setenv("WANDB_MODE", "offline")
    with opened_trackers(["wandb"], tmp_path) as found:
        log_to(found, record(0))
    (kept,) = (tmp_path / "wandb").glob("offline-run-*/*.wandb")
    # Name and value lie in one field each, one after the other; 0.31 tells of them nowhere else before they are sent.
    # A process of its own writes the file, at times after the run was finished.
    deadline = time.monotonic() + 20
    while not re.search(rb"loss/train.{1,4}0\.5", kept.read_bytes(), re.DOTALL):
        assert time.monotonic() < deadline, "the scalars were not written"
        time.sleep(0.2)
