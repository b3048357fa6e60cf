"""Passes over data in which tasks of few labels come up more often than their share: p ~ n^(1 / temperature).

Axes: row of the data, task. A protein with labels of several tasks belongs to each of them.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from jaxtyping import Float, Int

from protea.errors import ConfigError, describe
from protea.training.data import Rows

__all__ = ["DrawnByTask", "drawn_by_task", "shares_with_label", "task_shares"]


def task_shares(sizes: Mapping[str, int], temperature: float) -> dict[str, float]:
    """Return the share of draws of each task: 1 keeps the sizes, a large temperature makes all alike.

    Raises:
        ConfigError: the temperature is below 1, or a task is empty.
    """
    empty = [name for name, size in sizes.items() if size < 1]
    if temperature < 1 or empty or not sizes:
        raise ConfigError(
            describe("tasks cannot be sampled", where="sampling_temperature", expected="at least 1, and labels in each",
                     found=f"{temperature:g}; without labels: {empty}")
        )  # fmt: skip
    weight: dict[str, float] = {name: size ** (1 / temperature) for name, size in sizes.items()}
    total = sum(weight.values())
    return {name: value / total for name, value in weight.items()}


def shares_with_label(rows_of: Mapping[str, Int[np.ndarray, "_"]], temperature: float | None) -> dict[str, float]:
    """Return, for each task, which share of the rows that a pass visits has a label of it.

    Rows of several tasks count for each, so the shares may sum to more than 1.

    Args:
        rows_of: the rows of each task, each once.
        temperature: as `drawn_by_task` takes it; None is a plain pass, which visits each row of any task once.
    """
    if temperature is None:
        num_rows = len(np.unique(np.concatenate(list(rows_of.values()))))
        return {name: len(rows) / num_rows for name, rows in rows_of.items()}
    drawn = task_shares({name: len(rows) for name, rows in rows_of.items()}, temperature)
    return {
        name: sum(
            share * np.isin(rows_of[other], rows, assume_unique=True).mean().item() for other, share in drawn.items()
        )
        for name, rows in rows_of.items()
    }


@dataclass(frozen=True, eq=False)
class DrawnByTask:
    """Draws the rows of a pass; a pure function of (seed, number of the pass)."""

    data: Rows
    places_of: Mapping[str, Int[np.ndarray, "_"]]
    temperature: float
    seed: int

    def __call__(self, number: int) -> Rows:
        """Return as many rows as the data have: each task its share, its own rows as evenly often as can be."""
        shares = task_shares({name: len(places) for name, places in self.places_of.items()}, self.temperature)
        counts = _whole(np.array(list(shares.values())) * len(self.data), len(self.data))
        found = []
        for task, (places, count) in enumerate(zip(self.places_of.values(), counts.tolist(), strict=True)):
            rng = np.random.default_rng([self.seed, number, task])
            rounds = [rng.permutation(places) for _ in range(-(-count // len(places)))]
            found += rounds and [np.concatenate(rounds)[:count]]
        chosen = np.concatenate(found)
        return Rows(self.data.rows[chosen], self.data.lengths[chosen], self.data.load)


def drawn_by_task(data: Rows, places_of: Mapping[str, Int[np.ndarray, "_"]], temperature: float, seed: int) -> Rows:
    """Return data of which each pass is drawn by task; `places_of` are the places in the data of each task's rows."""
    draw = DrawnByTask(data, places_of, temperature, seed)
    first = draw(0)
    return Rows(first.rows, first.lengths, data.load, draw)


def _whole(share: Float[np.ndarray, " task"], total: int) -> Int[np.ndarray, " task"]:
    """Return whole numbers near the shares that sum to the total: the largest remainders are rounded up."""
    found = np.floor(share).astype(np.int64)
    rest = np.argsort(found - share, kind="stable")[: total - int(found.sum())]
    found[rest] += 1
    return found
