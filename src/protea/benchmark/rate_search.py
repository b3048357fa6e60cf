"""The learning-rate search of a row: what each rate reached on validation, and which one the row is trained with."""

import json
import math
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

from protea.benchmark.best_run import best_run, lowest_loss
from protea.errors import ConfigError, FileFormatError, describe
from protea.training.loop import LOG
from protea.training.progress import read_log

__all__ = ["SEARCH", "SearchedRate", "chosen_rate", "read_searched", "search_file"]

SEARCH = "search"
"""The folder of a grid in which its searches lie."""


class SearchedRate(NamedTuple):
    """A finished run of the search."""

    metric: float | None
    """Validation metric of its best epoch; None where the training failed: it diverged, or answered with constants."""
    loss: float
    """Lowest validation loss of its epochs; infinite where none has one."""
    seconds: float


def search_file(root: Path, row: tuple[str, str, str], rate: float) -> Path:
    """Return where a finished run of the search is written; its log lies beside it."""
    return root / SEARCH / f"{'-'.join(row)}-lr{rate:g}" / "search.json"


def read_searched(root: Path, row: tuple[str, str, str], rate: float) -> SearchedRate | None:
    """Return a run of the search, or None where it is not finished.

    Raises:
        FileFormatError: if its log holds no epoch, or a line with another number of columns.
    """
    path = search_file(root, row, rate)
    if not path.exists():
        return None
    found = json.loads(path.read_text(encoding="utf-8"))["validation_metric"]
    log_file = path.with_name(LOG)
    log = read_log(log_file) if log_file.exists() else {}
    if found is None and not log:  # it failed in its first epoch
        return SearchedRate(None, math.inf, 0.0)
    if not log:
        raise FileFormatError(
            describe("a run of the learning-rate search has no log", where=str(log_file), expected="a line per epoch",
                     do="Delete the folder; the search is run again.")
        )  # fmt: skip
    return SearchedRate(None if found is None else float(found), lowest_loss(log), sum(log["seconds"]))


def chosen_rate(found: Mapping[float, SearchedRate], *, higher_is_better: bool) -> float:
    """Return the rate of the best run; one at which the training failed is not taken.

    Raises:
        ConfigError: if the training failed at every rate.
    """
    reached = {rate: (run.metric, run.loss) for rate, run in found.items() if run.metric is not None}
    if not reached:
        raise ConfigError(
            describe("training fails at every learning rate", where="learning_rates", do="Search lower ones.",
                     found=", ".join(f"{rate:g}" for rate in found))
        )  # fmt: skip
    return best_run(reached, higher_is_better=higher_is_better)
