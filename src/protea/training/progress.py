"""What a run tells while it trains: one CSV line per epoch, and a line for a person."""

import csv
from collections.abc import Callable
from dataclasses import asdict, dataclass, fields
from pathlib import Path

from protea.errors import FileFormatError, describe

__all__ = ["EpochRecord", "Report", "read_log", "silent", "write_log"]


@dataclass(frozen=True)
class EpochRecord:
    """One finished epoch."""

    epoch: int
    train_loss: float
    """Mean loss of the main objective per supervised item, as met during the epoch (dropout on)."""
    validation_loss: float
    validation_metric: float
    learning_rate: float
    seconds: float


Report = Callable[[EpochRecord], None]
"""Called after each epoch."""


def silent(record: EpochRecord) -> None:
    """Report nothing."""


def write_log(history: list[EpochRecord], path: Path) -> None:
    """Write the whole history as CSV; a resumed run rewrites what it had."""
    with path.open("w", newline="", encoding="utf-8") as handle:
        writer = csv.DictWriter(handle, [item.name for item in fields(EpochRecord)])
        writer.writeheader()
        writer.writerows(asdict(record) for record in history)


def read_log(path: Path) -> dict[str, tuple[float, ...]]:
    """Return the columns of a training log.

    Raises:
        FileFormatError: if a line has another number of columns.
    """
    with path.open(newline="", encoding="utf-8") as handle:
        rows = list(csv.DictReader(handle))
    if any(None in row or None in row.values() for row in rows):
        raise FileFormatError(describe("a line with another number of columns", where=str(path)))
    return {name: tuple(float(row[name]) for row in rows) for name in (rows[0] if rows else {})}
