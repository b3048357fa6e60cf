"""Whether a trained row learned anything: its training loss must have fallen below that of the training prior.

Counted up to the epoch after the one whose weights were kept: the loss is met during an epoch, so that one is the first
of the kept weights. What came later is the loss of weights that were thrown away.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from protea.benchmark.report.collect import Collected, RowKey

__all__ = ["PRIOR_ROW", "Validity", "prior_loss", "validity_of"]

PRIOR_ROW: RowKey = ("prior", "none", "none")


@dataclass(frozen=True)
class Validity:
    """Names of cells whose loss stayed above the prior's, and of those that no prior could judge."""

    invalid: tuple[str, ...]
    unchecked: tuple[str, ...]

    @property
    def is_valid(self) -> bool:
        """False where a cell is known not to have learned."""
        return not self.invalid


def prior_loss(collected: Collected, fold: int) -> float | None:
    """Return the prior's training loss of the main task in a fold, or None where the control did not run there."""
    losses = [found for cell, found in collected.finished.items() if cell.row == PRIOR_ROW and cell.fold == fold]
    return None if not losses else _main_loss(losses[0].content, collected.main_task)


def _main_loss(content: Mapping[str, Any], task: str) -> float | None:
    """Return the lowest training loss of the main task: a control says it by task, a trained cell once per epoch.

    Epochs after those that tell of the kept weights do not count.
    """
    if "train_loss_of_task" in content:
        found = content["train_loss_of_task"].get(task)
        return None if found is None else float(found)
    losses = content.get("train_loss", [])
    if "best_epoch" in content:
        losses = losses[: content["best_epoch"] + 2]
    return float(min(losses)) if losses else None


def validity_of(collected: Collected, row: RowKey) -> Validity | None:
    """Return the validity of a trained row; None for a control that trains no network."""
    if row[1] == "none":
        return None
    invalid, unchecked = [], []
    for found in collected.cells(row):
        prior, reached = prior_loss(collected, found.cell.fold), _main_loss(found.content, collected.main_task)
        if prior is None or reached is None:
            unchecked.append(found.cell.name)
        elif not reached < prior:
            invalid.append(found.cell.name)
    return Validity(tuple(invalid), tuple(unchecked))
