"""A grid's folder as a report: read, judged, put into words, and written as Markdown, CSV and one HTML page."""

from dataclasses import dataclass
from pathlib import Path

from protea.benchmark.grid import GridConfig
from protea.benchmark.report.collect import Collected, Problem, collect
from protea.benchmark.report.columns import Column, columns_of
from protea.benchmark.report.facts import Fact, facts_of
from protea.benchmark.report.matrix import Matrix, matrices_of
from protea.benchmark.report.prose import finding
from protea.benchmark.report.rows import Leaderboard, Row, build_rows
from protea.benchmark.suites.interface import SuiteData

__all__ = ["Report", "report_on"]


@dataclass(frozen=True, eq=False)
class Report:
    """A finished report. `columns[0]` is the column in which rows are compared."""

    title: str
    collected: Collected
    columns: tuple[Column, ...]
    others: tuple[Column, ...]
    board: Leaderboard
    facts: tuple[Fact, ...]
    finding: str
    matrices: tuple[Matrix, ...]

    @property
    def rows(self) -> tuple[Row, ...]:
        """The rows of the leaderboard, the best first."""
        return self.board.rows

    @property
    def problems(self) -> tuple[Problem, ...]:
        """Cells without a result, and why."""
        return self.collected.problems

    @property
    def notes(self) -> tuple[str, ...]:
        """What the suite says of its data, lines of Markdown."""
        return self.collected.data.notes


def report_on(root: Path, grid: GridConfig, data: SuiteData, num_resamples: int | None = None) -> Report:
    """Return the report of a grid's folder without writing it.

    Args:
        root: the folder of the grid, which holds `cells` and `search`.
        grid: the grid that was run there.
        data: the prepared data of its suite.
        num_resamples: bootstrap resamples; None for a number that follows from the number of rows.
    """
    collected = collect(root, grid, data)
    columns, others = columns_of(collected)
    board = build_rows(collected, columns, others, num_resamples)
    matrices = matrices_of(collected)
    return Report(
        title=type(grid.suite).title,
        collected=collected,
        columns=columns,
        others=others,
        board=board,
        facts=facts_of(collected, columns[0], board),
        finding=finding(board, columns[0], collected.problems, matrices),
        matrices=matrices,
    )
