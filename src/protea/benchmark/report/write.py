"""Writes a report: `report.md`, `leaderboard.csv` and `index.html`, the same bytes for the same runs."""

from pathlib import Path

from protea.benchmark.grid import GridConfig
from protea.benchmark.report.build import Report, report_on
from protea.benchmark.report.markdown import report_markdown
from protea.benchmark.report.page import report_page
from protea.benchmark.report.tables import leaderboard_csv
from protea.benchmark.suites.interface import SuiteData

__all__ = ["build_report", "write_report"]


def build_report(root: Path, grid: GridConfig, data: SuiteData, out: Path, num_resamples: int | None = None) -> Report:
    """Return the report of a grid's folder, written to `out` (see `report_on` for the arguments)."""
    report = report_on(root, grid, data, num_resamples)
    write_report(report, out)
    return report


def write_report(report: Report, out: Path) -> None:
    """Write the three files of a report."""
    out.mkdir(parents=True, exist_ok=True)
    (out / "report.md").write_text(report_markdown(report), encoding="utf-8")
    table = leaderboard_csv(report.columns, report.board)
    (out / "leaderboard.csv").write_text(table, encoding="utf-8")
    (out / "index.html").write_text(report_page(report), encoding="utf-8")
