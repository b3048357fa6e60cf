"""Batches for training and evaluation, in an order that a resumed run repeats.

The order of an epoch is a pure function of (seed, epoch); a step is a list of batches, one per accumulation slot. A run
that stopped in the middle of an epoch continues at the next step without reading what came before.
"""

import hashlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol, runtime_checkable

import numpy as np
from torch.utils.data import DataLoader, Dataset

from protea.datasets.loading import BatchPlan
from protea.errors import InputError, describe
from protea.protein.batch import ProteinBatch
from protea.training.config import BatchConfig

__all__ = [
    "DrawRows",
    "LoadBatch",
    "PlannedBatch",
    "Rows",
    "Step",
    "evaluation_batches",
    "loaded_steps",
    "num_evaluation_batches",
    "num_training_steps",
    "planned_steps",
    "steps_of_pass",
    "training_steps",
]

LoadBatch = Callable[[Sequence[int]], ProteinBatch]
"""Loads a packed batch of the given rows; runs in the loader processes."""


@runtime_checkable
class DrawRows(Protocol):
    """Returns the rows of a pass over data that are drawn anew for each; a pure function of the number of the pass."""

    def __call__(self, number: int) -> "Rows":
        """Return the rows of a pass."""


@dataclass(frozen=True)
class Rows:
    """Some rows of a data set, their lengths in residues, and how they are loaded.

    With `drawn`, the rows of a pass are those that it returns for the number of the pass (such as negative pairs that
    are drawn anew), and the rows given here are those of pass 0.
    """

    rows: np.ndarray
    lengths: np.ndarray
    load: LoadBatch
    drawn: DrawRows | None = None

    def __len__(self) -> int:
        return len(self.rows)

    def identity(self) -> str:
        """Return a digest of which rows these are, and how long; what they hold is not in it."""
        return hashlib.sha256(np.stack([self.rows, self.lengths]).astype("<i8").tobytes()).hexdigest()

    def of_pass(self, number: int) -> "Rows":
        """Return the rows of a pass over the data."""
        return self if self.drawn is None else self.drawn(number)


@dataclass(frozen=True)
class PlannedBatch:
    """A batch before it is loaded: places among some rows, and the objectives that read it (None: all).

    `number` is that of the pass over the data which it belongs to.
    """

    data: Rows
    places: list[int]
    number: int = 0
    asked: tuple[str, ...] | None = None

    def load(self) -> ProteinBatch:
        """Return the batch."""
        return self.data.load(self.data.rows[self.places].tolist())


@dataclass(frozen=True)
class Step:
    """One optimiser step of one process: its batches, the objectives that read each (None: all), and the pass of each.

    There may be no batch in the last step of an epoch.
    """

    batches: tuple[ProteinBatch, ...]
    asked: tuple[tuple[str, ...] | None, ...]
    passes: tuple[int, ...]


class _Steps(Dataset):
    """Map-style view of the planned steps, so that loader processes keep their order."""

    def __init__(self, plan: list[list[PlannedBatch]]) -> None:
        self.plan = plan

    def __len__(self) -> int:
        return len(self.plan)

    def __getitem__(self, index: int) -> Step:
        planned = self.plan[index]
        return Step(
            tuple(batch.load() for batch in planned), tuple(batch.asked for batch in planned),
            tuple(batch.number for batch in planned),
        )  # fmt: skip


def training_steps(
    data: Rows, config: BatchConfig, accumulate: int, seed: int, epoch: int, first_step: int = 0,
    num_workers: int = 0, rank: int = 0, world_size: int = 1, epoch_steps: int | None = None,
) -> Iterator[Step]:  # fmt: skip
    """Yield the steps of an epoch for one process, from `first_step` on; all processes have equally many.

    An epoch is a pass over the data, or `epoch_steps` steps of the endless row of passes.
    """
    per_step = accumulate * world_size
    if epoch_steps is None:
        steps = steps_of_pass(data, config, per_step, seed, epoch)
    else:
        steps = planned_steps(data, config, per_step, seed, epoch * epoch_steps, epoch_steps)
    yield from loaded_steps([batches[rank::world_size] for batches in steps[first_step:]], num_workers)


def num_training_steps(
    data: Rows, config: BatchConfig, accumulate: int, seed: int, epoch: int, world_size: int,
    epoch_steps: int | None = None,
) -> int:  # fmt: skip
    """Return the number of optimiser steps of an epoch."""
    return epoch_steps or len(steps_of_pass(data, config, accumulate * world_size, seed, epoch))


def steps_of_pass(data: Rows, config: BatchConfig, per_step: int, seed: int, number: int) -> list[list[PlannedBatch]]:
    """Return the batches of each step of a pass over the data, over all processes."""
    data = data.of_pass(number)
    batches = [PlannedBatch(data, places, number) for places in _plan(data, config, seed, shuffle=True).batches(number)]
    return [batches[start : start + per_step] for start in range(0, len(batches), per_step)]


def planned_steps(
    data: Rows, config: BatchConfig, per_step: int, seed: int, first: int, count: int
) -> list[list[PlannedBatch]]:
    """Return steps `first` to `first + count` of the endless row of passes over the data, over all processes."""
    skipped, number = first, 0
    found: list[list[PlannedBatch]] = []
    while len(found) < skipped + count:
        # Passes differ a little in their number of steps, so those that are done are counted, not assumed.
        steps = steps_of_pass(data, config, per_step, seed, number)
        if not steps:
            raise InputError(describe("a pass over the data holds nothing", where=f"pass {number}"))
        if not found and len(steps) <= skipped:
            skipped -= len(steps)
        else:
            found += steps
        number += 1
    return found[skipped : skipped + count]


def evaluation_batches(
    data: Rows, config: BatchConfig, num_workers: int = 0, stretch: slice = slice(None)
) -> Iterator[tuple[list[int], ProteinBatch]]:
    """Yield (rows, batch) over all rows, each once, or over a stretch of the batches."""
    batches = _plan(data, config, 0, shuffle=False).batches(0)[stretch]
    loader = loaded_steps([[PlannedBatch(data, places)] for places in batches], num_workers)
    for places, step in zip(batches, loader, strict=True):
        yield data.rows[places].tolist(), step.batches[0]


def num_evaluation_batches(data: Rows, config: BatchConfig) -> int:
    """Return the number of batches over all rows."""
    return len(_plan(data, config, 0, shuffle=False).batches(0))


def _plan(data: Rows, config: BatchConfig, seed: int, *, shuffle: bool) -> BatchPlan:
    return BatchPlan(
        np.arange(len(data)), data.lengths, max_proteins=config.max_proteins, max_residues=config.max_residues,
        seed=seed, shuffle=shuffle,
    )  # fmt: skip


def loaded_steps(plan: list[list[PlannedBatch]], num_workers: int) -> Iterator[Step]:
    """Return the planned steps, loaded in their order."""
    if not num_workers:
        steps = _Steps(plan)
        return (steps[index] for index in range(len(steps)))
    return iter(DataLoader(_Steps(plan), batch_size=None, num_workers=num_workers, prefetch_factor=2))
