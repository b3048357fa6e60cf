"""Objectives with data of their own: streams of batches that meet in the steps of one training.

A stream is some objectives and the rows that they read (hidden residues on a corpus, pairs on a network). In `mixed`
order each step holds batches of every stream, so that its loss is the weighted sum of all objectives; in `alternating`
order the streams take turns. What a step holds is a pure function of (seed, epoch, step). An epoch is a pass over the
first stream, or as many steps as a training says; the other streams go on through their own passes, epoch after epoch.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any, Literal

from protea.errors import ConfigError, describe
from protea.training.config import BatchConfig, TrainingConfig
from protea.training.data import (
    PlannedBatch,
    Rows,
    Step,
    loaded_steps,
    num_training_steps,
    planned_steps,
    steps_of_pass,
    training_steps,
)

__all__ = ["Mixture", "Order", "Stream", "num_steps_of", "steps_of"]

Order = Literal["mixed", "alternating"]


@dataclass(frozen=True)
class Stream:
    """Objectives by name, the rows that they read, and the size of a batch of these."""

    objectives: tuple[str, ...]
    data: Rows
    batch: BatchConfig


@dataclass(frozen=True)
class Mixture:
    """Streams of one training; the first one sets the length of an epoch. Each objective is in one stream.

    Raises:
        ConfigError: if there is no stream, a stream has no objective or no data, or an objective is in two.
    """

    streams: tuple[Stream, ...]
    order: Order = "mixed"

    def __post_init__(self) -> None:
        names = [name for stream in self.streams for name in stream.objectives]
        if not self.streams or any(not stream.objectives or not len(stream.data) for stream in self.streams):
            raise ConfigError(
                describe("a stream of nothing", where="data of a training", expected="objectives and rows in each")
            )
        twice = sorted({name for name in names if names.count(name) > 1})
        if twice:
            raise ConfigError(
                describe(f"the objectives {twice} are in two streams", expected="one stream per objective",
                         do="Give the objective a second name for its second data.")
            )  # fmt: skip

    def require(self, names: set[str]) -> None:
        """Raise ConfigError unless exactly these objectives have a stream."""
        found = {name for stream in self.streams for name in stream.objectives}
        if found != names:
            raise ConfigError(
                describe("streams and objectives differ", expected=str(sorted(names)), found=str(sorted(found)),
                         do="Give each objective of the model its data.")
            )  # fmt: skip

    def identity(self) -> dict[str, Any]:
        """Return what a continuation must have in common with the run that stopped."""
        streams = [
            {
                "objectives": list(stream.objectives),
                "batch": stream.batch.model_dump(mode="json"),
                "rows": stream.data.identity(),
            }
            for stream in self.streams
        ]
        return {"order": self.order, "streams": streams}

    def planned(self, training: TrainingConfig, epoch: int, world_size: int) -> list[list[PlannedBatch]]:
        """Return the batches of each step of an epoch, over all processes."""
        first, count = self.span(training, epoch, world_size)
        num = len(self.streams)
        if self.order == "mixed":
            parts = [self._of_stream(place, training, world_size, first, count) for place in range(num)]
            return [[batch for batches in step for batch in batches] for step in zip(*parts, strict=True)]
        turns = [(first + step) % num for step in range(count)]
        # A stream has had its turn once in every full round, and once more in the round that is going on.
        begun = [first // num + (place < first % num) for place in range(num)]
        waiting = [
            iter(self._of_stream(place, training, world_size, begun[place], turns.count(place))) for place in range(num)
        ]
        return [next(waiting[turn]) for turn in turns]

    def _of_stream(
        self, place: int, training: TrainingConfig, world_size: int, first: int, count: int
    ) -> list[list[PlannedBatch]]:
        stream, per_step = self.streams[place], training.accumulate * world_size
        steps = planned_steps(stream.data, stream.batch, per_step, training.seed, first, count)
        return [[replace(batch, asked=stream.objectives) for batch in batches] for batches in steps]

    def span(self, training: TrainingConfig, epoch: int, world_size: int) -> tuple[int, int]:
        """Return the first step of an epoch, counted from the beginning of the training, and its number of steps."""
        if training.epoch_steps is not None:
            return epoch * training.epoch_steps, training.epoch_steps
        rounds = 1 if self.order == "mixed" else len(self.streams)
        counts = [rounds * self._pass_length(training, number, world_size) for number in range(epoch + 1)]
        return sum(counts[:-1]), counts[-1]

    def _pass_length(self, training: TrainingConfig, number: int, world_size: int) -> int:
        main = self.streams[0]
        return len(steps_of_pass(main.data, main.batch, training.accumulate * world_size, training.seed, number))


def steps_of(
    data: Rows | Mixture, training: TrainingConfig, epoch: int, first_step: int, rank: int, world_size: int
) -> Iterator[Step]:
    """Yield the steps of an epoch for one process, from `first_step` on; all processes have equally many."""
    if isinstance(data, Rows):
        return training_steps(
            data, training.batch, training.accumulate, training.seed, epoch, first_step, training.num_workers, rank,
            world_size, training.epoch_steps,
        )  # fmt: skip
    plan = data.planned(training, epoch, world_size)[first_step:]
    return loaded_steps([batches[rank::world_size] for batches in plan], training.num_workers)


def num_steps_of(data: Rows | Mixture, training: TrainingConfig, epoch: int, world_size: int) -> int:
    """Return the number of optimiser steps of an epoch."""
    if isinstance(data, Rows):
        return num_training_steps(
            data, training.batch, training.accumulate, training.seed, epoch, world_size, training.epoch_steps
        )
    return data.span(training, epoch, world_size)[1]
