"""The log of epochs as experiment trackers draw it, beside the CSV log, which is always written.

TensorBoard events go to `tensorboard/` in the folder of the run (`tensorboard --logdir` shows a whole folder of runs).
W&B keeps its files in `wandb/` there; its own variables (WANDB_MODE=offline, WANDB_PROJECT ...) say where they go.
"""

import hashlib
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from importlib.util import find_spec
from pathlib import Path
from typing import Literal, Protocol, runtime_checkable

from lightning.fabric.loggers import TensorBoardLogger

from protea.errors import MissingExtraError, describe
from protea.training.progress import EpochRecord

__all__ = ["Tracker", "TrackerName", "log_to", "opened_trackers", "scalars_of"]

TrackerName = Literal["tensorboard", "wandb"]


@runtime_checkable
class Tracker(Protocol):
    """What takes the scalars of an epoch."""

    def log_metrics(self, metrics: dict[str, float], step: int) -> None:
        """Take the scalars of one epoch."""


class _WandbTracker:
    """A run of W&B whose id follows from the folder, so that a resumed training goes on in the same run."""

    def __init__(self, folder: Path) -> None:
        import wandb

        name = hashlib.sha256(str(folder.resolve()).encode()).hexdigest()[:16]
        self.run = wandb.init(dir=str(folder), id=name, name=folder.name, resume="allow")

    def log_metrics(self, metrics: dict[str, float], step: int) -> None:
        """Take the scalars of one epoch, unless W&B has them already: its steps only rise."""
        if step >= self.run.step:
            self.run.log(metrics, step=step)


@contextmanager
def opened_trackers(
    names: Sequence[TrackerName], folder: Path, history: Sequence[EpochRecord] = ()
) -> Iterator[tuple[Tracker, ...]]:
    """Yield the trackers by these names, and close them at the end; each needs its library.

    A resumed run writes the epochs that it had (`history`) anew, in place of what a killed one left.

    Raises:
        MissingExtraError: if a library is not installed.
    """
    for name in names:
        if find_spec(name) is None:
            raise MissingExtraError(
                describe(f"{name} is not installed", where="training.trackers", do="pip install 'protea[tracking]'")
            )
    with ExitStack() as to_close:
        found: list[Tracker] = []
        for name in names:
            if name == "tensorboard":
                board = TensorBoardLogger(folder, name="tensorboard", version="", purge_step=0 if history else None)
                to_close.callback(board.finalize, "success")
                found.append(board)
            else:
                tracker = _WandbTracker(folder)
                to_close.callback(tracker.run.finish)
                found.append(tracker)
        for record in history:
            log_to(found, record)
        yield tuple(found)


def scalars_of(record: EpochRecord) -> dict[str, float]:
    """Return what a tracker draws of one epoch."""
    return {
        "loss/train": record.train_loss,
        "loss/validation": record.validation_loss,
        "metric/validation": record.validation_metric,
        "learning_rate": record.learning_rate,
        "seconds": record.seconds,
    }


def log_to(trackers: Sequence[Tracker], record: EpochRecord) -> None:
    """Write one epoch to every tracker."""
    for tracker in trackers:
        tracker.log_metrics(scalars_of(record), step=record.epoch)
