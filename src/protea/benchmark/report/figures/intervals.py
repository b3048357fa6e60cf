"""Scores with intervals, and beside them the differences from the best control, a line per row."""

from collections.abc import Sequence

from protea.benchmark.report.collect import Collected
from protea.benchmark.report.columns import Column
from protea.benchmark.report.figures.axes import Scale, circle, horizontal_axis, line, picture, scale_over, text
from protea.benchmark.report.markup import Markup, joined, tag
from protea.benchmark.report.rows import Leaderboard, Row
from protea.benchmark.report.tables import VERDICT_CLASS
from protea.benchmark.report.wording import figure, signed

__all__ = ["intervals_figure"]

_WIDTH, _ROW, _TOP = 1060.0, 27.0, 34.0
_LEFT, _MIDDLE, _RIGHT = (250.0, 640.0), (700.0, 1040.0), 1060.0


def intervals_figure(collected: Collected, column: Column, board: Leaderboard) -> Markup | None:
    """Return the picture, or None where no row has an interval."""
    rows = [row for row in board.rows if (score := row.main()) is not None and score.interval is not None]
    if not rows:
        return None
    bottom = _TOP + _ROW * len(rows)
    scores = _score_scale(collected, column, rows)
    parts = [horizontal_axis(scores, _TOP, bottom, [(value, f"{value:g}") for value in scores.ticks()])]
    parts.append(
        text(_LEFT[0], 16, f"{column.metric_title}, mean over folds, 95 % interval; small: single cells", "caption")
    )
    differences = _difference_scale(rows)
    if differences is not None:
        parts += _difference_axis(differences, bottom, column)
    best = next((row for row in rows if row.key == board.best_control), None)
    if best is not None:
        parts.append(_reference(scores, best, bottom))
    for place, row in enumerate(rows):
        y = _TOP + _ROW * (place + 0.5)
        parts += [line(0, y + _ROW / 2, _WIDTH, y + _ROW / 2, "rule"), *_label(row, y)]
        parts.append(_score_marks(collected, column, row, scores, y))
        if differences is not None and row.comparison is not None:
            parts.append(_difference_marks(row, differences, y))
    title = f"{column.metric_title} of each row with interval, and difference from the best control"
    return picture(_WIDTH, bottom + 24, title, *parts)


def _score_scale(collected: Collected, column: Column, rows: Sequence[Row]) -> Scale:
    values = [value for row in rows for value in _cell_values(collected, column, row)]
    for row in rows:
        score = row.main()
        assert score is not None
        assert score.interval is not None
        values += [score.interval.low, score.interval.high, score.interval.estimate]
    return scale_over(values, *_LEFT)


def _difference_scale(rows: Sequence[Row]) -> Scale | None:
    found = [row.comparison.difference for row in rows if row.comparison is not None]
    if not found:
        return None
    return scale_over([0.0, *(item.low for item in found), *(item.high for item in found)], *_MIDDLE)


def _difference_axis(scale: Scale, bottom: float, column: Column) -> list[Markup]:
    direction = "right is better" if column.higher_is_better else "left is better"
    return [
        text(_MIDDLE[0], 16, f"minus best control, 95 % interval; {direction}", "caption"),
        horizontal_axis(scale, _TOP, bottom, [(value, signed(value, 2)) for value in scale.ticks(4)]),
        line(scale(0.0), _TOP, scale(0.0), bottom, "reference"),
    ]


def _reference(scale: Scale, best: Row, bottom: float) -> Markup:
    score = best.main()
    assert score is not None
    assert score.interval is not None
    x = scale(score.interval.estimate)
    return line(x, _TOP, x, bottom, "reference")


def _label(row: Row, y: float) -> list[Markup]:
    encoder, scheme, auxiliary = row.key
    minor = " ".join(part for part in (scheme, "" if auxiliary == "none" else f"+ {auxiliary}") if part != "none")
    name = tag("tspan", None, encoder.replace("_", " "))
    rest = tag("tspan", {"class": "minor", "dx": 6.0}, minor.strip() or "control")
    return [text(0, y + 4, joined([name, rest]), "label")]


def _cell_values(collected: Collected, column: Column, row: Row) -> list[float]:
    found = [cell.value(column.variant, column.task, column.metric) for cell in collected.cells(row.key)]
    return [value for value in found if value is not None]


def _kind(row: Row) -> str:
    if row.is_control:
        return "control"
    return VERDICT_CLASS.get(row.verdict, "plain")


def _score_marks(collected: Collected, column: Column, row: Row, scale: Scale, y: float) -> Markup:
    score = row.main()
    assert score is not None
    assert score.interval is not None
    found, kind = score.interval, _kind(row)
    cells = [circle(scale(value), y, 2, "cell", figure(value)) for value in _cell_values(collected, column, row)]
    hint = f"{row.name}: {figure(found.estimate)}, {figure(found.low)} to {figure(found.high)}"
    return joined(
        [
            *cells,
            line(scale(found.low), y, scale(found.high), y, f"interval {kind}"),
            circle(scale(found.estimate), y, 5, f"dot {kind}", hint),
        ]
    )


def _difference_marks(row: Row, scale: Scale, y: float) -> Markup:
    assert row.comparison is not None
    found, kind = row.comparison.difference, _kind(row)
    hint = f"{row.name}: {signed(found.difference)}, {signed(found.low)} to {signed(found.high)}; {row.verdict}"
    return joined(
        [
            line(scale(found.low), y, scale(found.high), y, f"interval {kind}"),
            circle(scale(found.difference), y, 5, f"dot {kind}", hint),
        ]
    )
