"""The intervals of variant models as a page of Markdown."""

from collections.abc import Sequence
from dataclasses import asdict
from itertools import groupby
from math import isinf
from typing import Any

from protea.applications.variants.evaluation_report import markdown_table
from protea.applications.variants.interval_check import IntervalRow

__all__ = ["interval_markdown", "plain_rows"]

_HEADS = ["model", "way", "coverage", "99 % band", "inside", "mean width", "RMSE"]


def interval_markdown(rows: Sequence[IntervalRow], level: float, command: str) -> str:
    """Return the page: a table per scan and test; `inside` is empty where nothing is promised."""
    parts = [
        "# Intervals of supervised variant models",
        f"Nominal coverage {level:.0%}. Made by `{command}`.",
        "Tests and ways are told in `src/protea/applications/variants/interval_check.py`. At known positions "
        "calibration and test are exchangeable; at new positions no variant was near the training. The band is the "
        "beta-binomial one at known positions. At new positions, where the unit is the position, it comes from dealing "
        "the positions out again (decision 018).",
    ]
    for (scan, test), found in groupby(rows, key=lambda row: (row.scan, row.test)):
        own = list(found)
        parts.append(f"## {scan}, {test}")
        parts.append(f"{own[0].num_variants} variants at {own[0].num_positions} positions.")
        parts.append(markdown_table(_HEADS, [_line(row) for row in own]))
    # At known positions `by novelty` gives the same intervals again, so that it is not counted twice.
    for test, way in (("known positions", "conformal"), ("new positions", "by novelty")):
        bands = [(row.band, row.coverage) for row in rows if (row.test, row.way) == (test, way)]
        num_inside = sum(band is not None and band.holds(coverage) for band, coverage in bands)
        parts.append(f"Inside their band at {test} ({way}): {num_inside} of {len(bands)}.")
    return "\n\n".join(parts) + "\n"


def plain_rows(rows: Sequence[IntervalRow]) -> list[dict[str, Any]]:
    """Return the rows as JSON holds them; an infinite width is the text `infinity`."""
    return [asdict(row) | {"mean_width": "infinity" if isinf(row.mean_width) else row.mean_width} for row in rows]


def _line(row: IntervalRow) -> list[str]:
    band = "" if row.band is None else f"{row.band.low:.3f} to {row.band.high:.3f}"
    inside = "" if row.band is None else "yes" if row.band.holds(row.coverage) else "no"
    width = "infinite" if isinf(row.mean_width) else f"{row.mean_width:.2f}"
    return [row.model, row.way, f"{row.coverage:.3f}", band, inside, width, f"{row.root_mean_square_error:.2f}"]
