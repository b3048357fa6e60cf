"""The learning-rate search of a row: what each rate reached on validation, and which one the row is trained with."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

from protea.errors import FileFormatError, describe
from protea.training.progress import read_log

__all__ = ["SearchedRate", "chosen_rate", "read_searched", "search_file"]


class SearchedRate(NamedTuple):
    """A finished run of the search."""

    metric: float
    """Validation metric of its best epoch."""
    loss: float
    """Lowest validation loss of its epochs."""
    seconds: float


def search_file(root: Path, row: tuple[str, str, str], rate: float) -> Path:
    """Return where a finished run of the search is written; its log lies beside it."""
    return root / "search" / f"{'-'.join(row)}-lr{rate:g}" / "search.json"


def read_searched(root: Path, row: tuple[str, str, str], rate: float) -> SearchedRate | None:
    """Return a run of the search, or None where it is not finished.

    Raises:
        FileFormatError: if its log holds no epoch, or a line with another number of columns.
    """
    path = search_file(root, row, rate)
    if not path.exists():
        return None
    log_file = path.with_name("log.csv")
    log = read_log(log_file) if log_file.exists() else {}
    if not log:
        raise FileFormatError(
            describe("a run of the learning-rate search has no log", where=str(log_file), expected="a line per epoch",
                     do="Delete the folder; the search is run again.")
        )  # fmt: skip
    metric = float(json.loads(path.read_text(encoding="utf-8"))["validation_metric"])
    return SearchedRate(metric, min(log["validation_loss"]), sum(log["seconds"]))


def chosen_rate(found: Mapping[float, SearchedRate], *, higher_is_better: bool) -> float:
    """Return the rate with the best metric; of rates that tie, the one with the lowest loss.

    Short runs often tie: a classifier that still names one class for every protein has the same macro-F1 at any rate.
    """
    sign = -1.0 if higher_is_better else 1.0
    return min(found, key=lambda rate: (sign * found[rate].metric, found[rate].loss))
