"""A collection as `tables.md` and one self-contained page: the paper's tables, what they say, and ranks."""

import os
from collections.abc import Mapping
from pathlib import Path

from protea.benchmark.collection.config import CollectionConfig
from protea.benchmark.collection.findings import findings
from protea.benchmark.collection.ranks import ranks_over_tasks
from protea.benchmark.collection.run import grid_folder, missing_work
from protea.benchmark.collection.tables import BEST, SECOND, baseline_table, finetuned_table, pretraining_table
from protea.benchmark.report.build import Report
from protea.benchmark.report.figures.ranks import ranks_figure
from protea.benchmark.report.markdown import table_markdown
from protea.benchmark.report.markup import Markup, tag
from protea.benchmark.report.page_frame import framed_page, section
from protea.benchmark.report.page_table import table_html
from protea.benchmark.report.tables import Table
from protea.benchmark.report.wording import listed, plural
from protea.benchmark.report.write import build_report

__all__ = ["build_reports", "write_collection"]

_LEAD = f"Mean over folds and seeds ± standard deviation. {BEST} best and {SECOND} second of a column."


def build_reports(config: CollectionConfig, root: Path, cache: Path, resamples: int | None = None) -> dict[str, Report]:
    """Return the report of every grid that was begun, each written into its own folder."""
    found = {}
    for name, grid in config.grids(root).items():
        folder = grid_folder(root, name)
        if (folder / "cells").exists():
            found[name] = build_report(folder, grid, grid.suite.prepare(cache), folder / "report", resamples)
    return found


def write_collection(config: CollectionConfig, root: Path, reports: Mapping[str, Report], out: Path) -> None:
    """Write `tables.md` and `index.html`."""
    tables = [(title, table) for title, table in _tables(config, root, reports) if table is not None]
    sentences = [*findings(config, reports), _missing(config, root)]
    out.mkdir(parents=True, exist_ok=True)
    text = [f"# {config.title}", "\n".join(f"- {sentence}" for sentence in sentences), _LEAD]
    for title, table in tables:
        text += [f"## {title}", table_markdown(table)]
    (out / "tables.md").write_text("\n\n".join(text) + "\n", encoding="utf-8")
    (out / "index.html").write_text(_page(config, reports, tables, sentences, out, root), encoding="utf-8")


def _tables(config: CollectionConfig, root: Path, reports: Mapping[str, Report]) -> list[tuple[str, Table | None]]:
    return [
        ("Baseline: no, sequence and structure auxiliary (the paper's Table 2)", baseline_table(config, reports)),
        ("Pretraining (the paper's Table 3)", pretraining_table(config, root)),
        ("Fine-tuned (the paper's Table 4)", finetuned_table(config, reports)),
    ]


def _missing(config: CollectionConfig, root: Path) -> str:
    waiting = {name: number for name, number in missing_work(config, root).items() if number}
    if not waiting:
        return "Every run of the collection has a result."
    counts = [f"{plural(number, 'run')} of {name}" for name, number in waiting.items()]
    return f"Not run yet: {listed(counts)}."


def _page(
    config: CollectionConfig, reports: Mapping[str, Report], tables: list[tuple[str, Table]], sentences: list[str],
    out: Path, root: Path,
) -> str:  # fmt: skip
    ranked, tasks = ranks_over_tasks(config, reports)
    header = tag("header", None, tag("p", {"class": "kicker"}, "Protea benchmark"), tag("h1", None, config.title))
    picture = ranks_figure(ranked)
    parts = [
        section("What it says", "", tag("ul", None, *(tag("li", None, sentence) for sentence in sentences))),
        *(section(title, _LEAD, table_html(table)) for title, table in tables),
        section("Ranks", f"Rank within each of {listed([task.replace('_', ' ') for task in tasks])}; 1 is the best.",
                None if picture is None else tag("figure", None, picture)),
        section("The tasks one by one", "", _links(reports, out, root)),
    ]  # fmt: skip
    return framed_page(config.title, header, *(part for part in parts if part is not None))


def _links(reports: Mapping[str, Report], out: Path, root: Path) -> Markup | None:
    if not reports:
        return None
    items = []
    for name in reports:
        page = os.path.relpath(grid_folder(root, name) / "report" / "index.html", out)
        items.append(tag("li", None, tag("a", {"href": page}, name)))
    return tag("ul", None, *items)
