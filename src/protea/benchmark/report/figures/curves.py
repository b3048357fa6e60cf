"""Learning curves as small multiples: validation metric and training loss, a panel per row, a line per cell."""

from collections.abc import Sequence
from math import isfinite

from protea.benchmark.report.collect import Collected, FinishedCell
from protea.benchmark.report.columns import Column, watched
from protea.benchmark.report.figures.axes import Scale, line, picture, scale_over, text
from protea.benchmark.report.markup import Markup, joined, number, tag
from protea.benchmark.report.rows import Leaderboard, Row
from protea.benchmark.report.validity import prior_loss
from protea.benchmark.report.wording import listed

__all__ = ["learning_curves"]

_PANEL_WIDTH, _PANEL_HEIGHT, _GAP_X, _GAP_Y, _IN_ROW = 232.0, 128.0, 44.0, 50.0, 4
_LEFT = 40.0


def learning_curves(collected: Collected, column: Column, board: Leaderboard, name: str) -> Markup | None:
    """Return the panels of a log column (`validation_metric` or `train_loss`), or None where no cell has a log.

    All panels share their axes; an epoch whose value is not finite has no point. In the panels of the training loss a
    dashed line marks the training prior's loss.
    """
    rows = [row for row in board.rows if any(_has_value(cell, name) for cell in collected.cells(row.key))]
    if not rows:
        return None
    cells = {row.key: [cell for cell in collected.cells(row.key) if _has_value(cell, name)] for row in rows}
    prior = _prior(collected) if name == "train_loss" else None
    values = [value for found in cells.values() for cell in found for value in cell.log[name] if isfinite(value)]
    y_values = values + ([prior] if prior is not None else [])
    longest = max(len(cell.log[name]) for found in cells.values() for cell in found)
    num_lines = -(-len(rows) // _IN_ROW)
    panels = []
    for place, row in enumerate(rows):
        x0 = _LEFT + (place % _IN_ROW) * (_PANEL_WIDTH + _GAP_X)
        y0 = 22 + (place // _IN_ROW) * (_PANEL_HEIGHT + _GAP_Y)
        across = Scale(1, max(longest, 2), x0, x0 + _PANEL_WIDTH)
        down = scale_over(y_values, y0 + _PANEL_HEIGHT, y0, is_log=name == "train_loss" and min(y_values) > 0)
        panels.append(_panel(row, cells[row.key], name, across, down, prior))
    width = _LEFT + min(_IN_ROW, len(rows)) * (_PANEL_WIDTH + _GAP_X) - _GAP_X + 8
    what = "Training loss" if name == "train_loss" else f"Validation {watched(collected, column).metric_title}"
    title = f"{what} by epoch for {listed([row.name for row in rows])}"
    return picture(width, 22 + num_lines * (_PANEL_HEIGHT + _GAP_Y) - 12, title, *panels)


def _has_value(cell: FinishedCell, name: str) -> bool:
    return any(isfinite(value) for value in cell.log.get(name, ()))


def _prior(collected: Collected) -> float | None:
    """Return the training prior's loss, averaged over folds."""
    found = [loss for fold in collected.grid.folds if (loss := prior_loss(collected, fold)) is not None]
    return sum(found) / len(found) if found else None


def _panel(
    row: Row, cells: Sequence[FinishedCell], name: str, across: Scale, down: Scale, prior: float | None
) -> Markup:
    encoder, scheme, auxiliary = row.key
    minor = scheme + ("" if auxiliary == "none" else f" + {auxiliary}")
    label = [tag("tspan", None, encoder.replace("_", " ")), tag("tspan", {"class": "minor", "dx": 5.0}, minor)]
    parts = [text(across.start, down.end - 9, joined(label), "label")]
    for value in down.ticks(6):
        y = down(value)
        parts += [
            line(across.start, y, across.end, y, "grid"),
            text(across.start - 6, y + 4, f"{value:g}", "tick", "end"),
        ]
    for value in across.ticks(3):
        if value == int(value):
            parts.append(text(across(value), down.start + 15, f"{value:g}", "tick", "middle"))
    if prior is not None:
        parts.append(line(across.start, down(prior), across.end, down(prior), "reference"))
    # The first seed of each fold last, so that it lies on top.
    for cell in sorted(cells, key=lambda found: (-found.cell.seed, found.cell.fold)):
        points = " ".join(
            f"{number(across(epoch))},{number(down(value))}"
            for epoch, value in enumerate(cell.log[name], start=1)
            if isfinite(value)
        )
        hint = tag("title", None, f"fold {cell.cell.fold}, seed {cell.cell.seed}")
        parts.append(tag("polyline", {"points": points, "class": "curve"}, hint))
    return joined(parts)
