"""Score against cost: floating-point operations per residue, and seconds per epoch on the machine of the runs."""

from collections.abc import Callable, Sequence

from protea.benchmark.report.columns import Column
from protea.benchmark.report.figures.axes import Scale, circle, horizontal_axis, line, picture, scale_over, text
from protea.benchmark.report.markup import Markup
from protea.benchmark.report.rows import Cost, Leaderboard, Row
from protea.benchmark.report.tables import VERDICT_CLASS
from protea.benchmark.report.wording import amount, duration, figure

__all__ = ["cost_figure"]

_WIDTH, _PANEL, _HEIGHT, _TOP, _LEFT, _GAP = 1060.0, 440.0, 260.0, 30.0, 48.0, 100.0
_QUESTIONS: tuple[tuple[str, Callable[[Cost], float | None], Callable[[float], str]], ...] = (
    ("FLOPs per residue", lambda cost: cost.flops_per_residue, amount),
    ("seconds per epoch", lambda cost: cost.seconds_per_epoch, duration),
)


def cost_figure(column: Column, board: Leaderboard) -> Markup | None:
    """Return two panels of trained rows, or None where no row has both a score and a cost."""
    known = [row for row in board.rows if row.main() is not None and row.cost.seconds_per_epoch]
    if not known:
        return None
    values = [score.mean for row in known if (score := row.main()) is not None]
    best = next((row.main() for row in board.rows if row.key == board.best_control), None)
    down = scale_over([*values, *([best.mean] if best else [])], _TOP + _HEIGHT, _TOP, margin=0.12)
    parts: list[Markup] = []
    for place, (title, cost_of, words) in enumerate(_QUESTIONS):
        start = _LEFT + place * (_PANEL + _GAP)
        points = [(row, cost) for row in known if (cost := cost_of(row.cost))]
        parts.append(text(start, 14, f"{column.metric_title} (mean over folds) against {title}", "caption"))
        if not points:
            continue
        across = scale_over([cost for _, cost in points], start, start + _PANEL, is_log=True, margin=0.1)
        parts.append(horizontal_axis(across, _TOP, _TOP + _HEIGHT, [(value, words(value)) for value in across.ticks()]))
        for value in down.ticks(5):
            y = down(value)
            parts += [line(start, y, start + _PANEL, y, "grid"), text(start - 8, y + 4, f"{value:g}", "tick", "end")]
        if best is not None:
            y = down(best.mean)
            parts.append(line(start, y, start + _PANEL, y, "reference"))
        parts += _points(points, across, down)
    return picture(_WIDTH, _TOP + _HEIGHT + 26, f"{column.metric_title} against cost", *parts)


def _points(points: Sequence[tuple[Row, float]], across: Scale, down: Scale) -> list[Markup]:
    """Return dots with names; a name moves down until it is clear of those before it."""
    parts, taken = [], []  # type: tuple[list[Markup], list[tuple[float, float, float]]]
    for row, cost in sorted(points, key=lambda item: (down(_mean(item[0])), item[1], item[0].name)):
        x, y = across(cost), down(_mean(row))
        length = 6.4 * len(row.name)
        is_left = x + 10 + length > across.end + 30
        begin = x - 10 - length if is_left else x + 10
        label_y = y + 4
        while any(abs(label_y - other_y) < 13 and begin < right and left < begin + length
                  for left, right, other_y in taken):  # fmt: skip
            label_y += 3
        taken.append((begin, begin + length, label_y))
        kind = "control" if row.is_control else VERDICT_CLASS.get(row.verdict, "plain")
        hint = f"{row.name}: {figure(_mean(row))}"
        parts.append(circle(x, y, 5, f"dot {kind}", hint))
        parts.append(text(x - 10 if is_left else x + 10, label_y, row.name, "small", "end" if is_left else "start"))
    return parts


def _mean(row: Row) -> float:
    score = row.main()
    assert score is not None
    return score.mean
