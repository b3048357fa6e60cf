"""A judgement as tables, as Markdown and as one HTML page, and its files."""

import json
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from protea.benchmark.calibration.catalogue import save_calibrator
from protea.benchmark.calibration.figures import coverage_figure, reliability_figure, retention_figure
from protea.benchmark.calibration.held import Held
from protea.benchmark.calibration.isotonic import IsotonicScaling
from protea.benchmark.calibration.judgement import JudgedWay, Judgement, as_plain
from protea.benchmark.calibration.platt import PlattScaling
from protea.benchmark.calibration.sigma_scaling import SigmaScaling
from protea.benchmark.calibration.temperature import TemperatureScaling
from protea.benchmark.report.markup import Markup, tag
from protea.benchmark.report.page_frame import framed_page, section
from protea.benchmark.report.wording import MISSING, figure, plural

__all__ = ["coverage_rows", "group_rows", "judgement_markdown", "measure_rows", "write_judgement"]

_Rows = list[tuple[str, ...]]


def coverage_rows(judgement: Judgement) -> _Rows:
    """Return head and a line per way that states intervals or sets."""
    rows: _Rows = [("way", "coverage", "99 % band", "inside", "of all items", "width or size")]
    for way in judgement.ways:
        if way.coverage is None:
            continue
        band = MISSING if way.band is None else f"{way.band.low:.3f} to {way.band.high:.3f}"
        inside = MISSING if way.is_in_band is None else "yes" if way.is_in_band else "no"
        wide = way.measures.get("interval_width", way.measures.get("classes per set"))
        rows.append(
            (
                way.name,
                f"{way.coverage:.3f}",
                band,
                inside,
                figure(way.item_coverage),
                _text(None if wide is None else wide.value),
            )
        )
    return rows


def measure_rows(judgement: Judgement) -> _Rows:
    """Return head and a line per way and metric, with its interval."""
    rows: _Rows = [("way", "metric", "value", "95 % interval")]
    for way in judgement.ways:
        for name, item in way.measures.items():
            between = MISSING if item.low is None else f"{_text(item.low)} to {_text(item.high)}"
            rows.append((way.name, name.replace("_", " "), _text(item.value), between))
    return rows


def group_rows(judgement: Judgement) -> _Rows:
    """Return head and a line per way and group; only the head where there are no groups."""
    rows: _Rows = [("way", "group", "items", "units", "coverage", "99 % band of its size", "width", "mean error")]
    for way in judgement.ways:
        for row in way.groups:
            band = f"{row.chance.low:.3f} to {row.chance.high:.3f}"
            rows.append(
                (way.name, row.band, str(row.num_items), str(row.num_units), f"{row.coverage:.3f}", band,
                 _text(row.mean_width), _text(row.mean_absolute_error))
            )  # fmt: skip
    return rows


def _text(value: float | None) -> str:
    if value is None:
        return MISSING
    return "infinite" if np.isinf(value) else figure(value)


def _sizes(judgement: Judgement) -> str:
    def part(items: int, units: int) -> str:
        return plural(items, "item") if items == units else f"{plural(items, 'item')} of {plural(units, 'unit')}"

    fitted = part(judgement.num_calibration_items, judgement.num_calibration_units)
    judged = part(judgement.num_test_items, judgement.num_test_units)
    return f"Level {judgement.level:.0%}. Fitted to {fitted}, judged on {judged}."


def judgement_markdown(judgement: Judgement, title: str) -> str:
    """Return the tables as Markdown."""
    parts = [f"# {title}", _sizes(judgement), *judgement.notes]
    tables = {
        "Coverage": coverage_rows(judgement),
        "By group": group_rows(judgement),
        "Metrics": measure_rows(judgement),
    }
    for heading, rows in tables.items():
        if len(rows) > 1:
            lines = ["| " + " | ".join(row) + " |" for row in rows]
            parts += [f"## {heading}", "\n".join([lines[0], "|---" * len(rows[0]) + "|", *lines[1:]])]
    return "\n\n".join(parts) + "\n"


def write_judgement(judgement: Judgement, test: Held, title: str, folder: Path) -> list[Path]:
    """Write `report.md`, `index.html`, `calibration.json` and a file per calibrator, and return the files."""
    folder.mkdir(parents=True, exist_ok=True)
    files = [folder / name for name in ("report.md", "index.html", "calibration.json")]
    files[0].write_text(judgement_markdown(judgement, title), encoding="utf-8")
    files[1].write_text(_page(judgement, test, title), encoding="utf-8")
    files[2].write_text(json.dumps(as_plain(judgement), indent=1, allow_nan=False) + "\n", encoding="utf-8")
    for way in judgement.ways:
        if way.calibrator is not None:
            path = folder / f"calibrator-{way.name.replace(',', '').replace(' ', '_')}.json"
            save_calibrator(way.calibrator, path)
            files.append(path)
    return files


def _page(judgement: Judgement, test: Held, title: str) -> str:
    figures = [tag("figure", None, found) for found in _figures(judgement, test) if found is not None]
    covered = "The mean over units of the share of their items covered; the band says how far chance reaches."
    sections = (
        section("Coverage", covered, _table(coverage_rows(judgement))),
        section("Figures", "", *figures),
        section("By group", "", _table(group_rows(judgement))),
        section("Metrics", "On the test items.", _table(measure_rows(judgement))),
    )
    return framed_page(
        title,
        tag("p", {"class": "kicker"}, "Calibration"),
        tag("h1", None, title),
        tag("p", {"class": "lead"}, _sizes(judgement)),
        *(tag("p", None, note) for note in judgement.notes),
        *(part for part in sections if part is not None),
    )


def _figures(judgement: Judgement, test: Held) -> list[Markup | None]:
    if test.kind == "value":
        sigmas = {} if test.sigma is None else {"as predicted": test.sigma}
        for way in judgement.ways:
            if test.sigma is not None and isinstance(way.calibrator, SigmaScaling):
                sigmas["scaled"] = way.calibrator.sigma(test.sigma)
        return [coverage_figure(test, sigmas), retention_figure(test)]
    if test.kind == "classes" or test.value is None:
        return []
    probabilities = {"as predicted": test.value, **{way.name: _scaled(way, test.value) for way in _scaling(judgement)}}
    return [reliability_figure(test.target, probabilities)]


def _scaling(judgement: Judgement) -> Sequence[JudgedWay]:
    kinds = (TemperatureScaling, PlattScaling, IsotonicScaling)
    return [way for way in judgement.ways if isinstance(way.calibrator, kinds)][:2]


def _scaled(way: JudgedWay, probability: np.ndarray) -> np.ndarray:
    assert isinstance(way.calibrator, TemperatureScaling | PlattScaling | IsotonicScaling)
    return way.calibrator.probability(probability)


def _table(rows: _Rows) -> Markup | None:
    if len(rows) < 2:
        return None
    head = tag("tr", None, *(tag("th", {"scope": "col"}, cell) for cell in rows[0]))
    body = [
        tag("tr", None, tag("th", {"scope": "row"}, row[0]), *(tag("td", None, cell) for cell in row[1:]))
        for row in rows[1:]
    ]
    table = tag("table", None, tag("thead", None, head), tag("tbody", None, *body))
    return tag("div", {"class": "scroll", "tabindex": "0"}, table)
