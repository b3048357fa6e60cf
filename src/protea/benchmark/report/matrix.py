"""What each cell of `diagnostics` must reach, and what it reached: a matrix of schemes by encoders per question."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from protea.benchmark.predictions import StoredPredictions
from protea.benchmark.report.collect import Collected, RowKey
from protea.benchmark.report.columns import Column
from protea.benchmark.report.compare import Comparer
from protea.benchmark.suites.diagnostics_expectations import Expectation, check_cell, expectation_of
from protea.benchmark.suites.diagnostics_questions import DIAGNOSTICS, chance_level
from protea.benchmark.suites.diagnostics_sight import Setting, family_of
from protea.metrics.bootstrap import Interval

__all__ = ["Matrix", "MatrixCell", "Outcome", "matrices_of"]

Outcome = Literal["agrees", "above ceiling", "below floor", "not stated", "missing"]
_NUM_RESAMPLES = 200


@dataclass(frozen=True)
class MatrixCell:
    """One setting: the first seed's mean over folds with its interval, the bounds stated beforehand, the outcome."""

    interval: Interval | None
    expectation: Expectation | None
    outcome: Outcome
    message: str


@dataclass(frozen=True)
class Matrix:
    """One question: its cells by (scheme, encoder), its metric and what chance gives (None where nothing is known)."""

    name: str
    why: str
    column: Column
    chance: float | None
    schemes: tuple[str, ...]
    encoders: tuple[str, ...]
    cells: Mapping[tuple[str, str], MatrixCell]

    def unexpected(self) -> list[str]:
        """Return the settings that came out otherwise than stated."""
        return [f"{encoder} on {scheme}" for (scheme, encoder), cell in self.cells.items()
                if cell.outcome in ("above ceiling", "below floor")]  # fmt: skip


def matrices_of(collected: Collected) -> tuple[Matrix, ...]:
    """Return a matrix per question of the suite `diagnostics`; none for another suite."""
    if collected.grid.suite.model_dump()["kind"] != "diagnostics":
        return ()
    return tuple(_matrix(collected, name) for name in DIAGNOSTICS if name in collected.tasks)


def _matrix(collected: Collected, name: str) -> Matrix:
    grid, question = collected.grid, DIAGNOSTICS[name]
    column = Column(name, collected.data.main_input, question.metric)
    comparer = Comparer(collected, column, _NUM_RESAMPLES)
    encoders = tuple(grid.encoders)
    cells: dict[tuple[str, str], MatrixCell] = {}
    chance = None
    for scheme in grid.schemes:
        for encoder in encoders:
            key: RowKey = (encoder, scheme, "none")
            folds = comparer.folds(key) if key in collected.expected else ()
            if folds:
                chance = _chance(name, list(comparer.predictions(key).values()))
            interval = comparer.resampled(key, folds).interval() if folds else _of_constant(collected, key, column)
            if interval is not None and not folds:
                chance = question.chance
            cells[scheme, encoder] = _cell(name, _setting(collected, encoder, scheme), interval, chance)
    return Matrix(name, question.why, column, chance, tuple(grid.schemes), encoders, cells)


def _of_constant(collected: Collected, key: RowKey, column: Column) -> Interval | None:
    """Return chance as the value of a row whose every answer is a constant without one; None where there is no answer.

    What tells nothing is at chance: left out, an encoder that answers nothing would never be below its floor.
    """
    chance = DIAGNOSTICS[column.task].chance
    cells = collected.cells(key) if key in collected.expected else []
    if chance is None or not any(cell.answers(column.variant, column.task) for cell in cells):
        return None
    return Interval(chance, chance, chance, 0, 0)


def _chance(name: str, folds: Sequence[StoredPredictions]) -> float:
    """Return the chance level as the mean over folds, as the values beside it are."""
    return float(np.mean([chance_level(DIAGNOSTICS[name], fold.target[fold.is_supervised]) for fold in folds]))


def _setting(collected: Collected, encoder: str, scheme: str) -> Setting | None:
    """Return the setting whose expectation is stated, or None for an encoder of no known family."""
    config = collected.grid.encoders[encoder].model_dump()
    family = family_of(config["kind"])
    if family is None:
        return None
    graph = config.get("graph") or {"kind": "k_nearest"}
    return Setting(family, scheme, graph["kind"], config.get("num_layers", 0))  # type: ignore[arg-type]


def _cell(name: str, setting: Setting | None, interval: Interval | None, chance: float | None) -> MatrixCell:
    expectation = None if setting is None else expectation_of(name, setting)
    if interval is None or chance is None:
        return MatrixCell(None, expectation, "missing", "no finished cell")
    if expectation is None:
        return MatrixCell(interval, None, "not stated", "no expectation is stated for this encoder")
    # With few units the percentile interval may miss the estimate itself.
    low, high = min(interval.low, interval.estimate), max(interval.high, interval.estimate)
    check = check_cell(expectation, interval.estimate, (low, high), chance)
    return MatrixCell(interval, expectation, check.outcome, check.message)
