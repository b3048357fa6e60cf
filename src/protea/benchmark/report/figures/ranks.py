"""Mean rank of each row, with its rank in each column of the grid."""

from protea.benchmark.report.figures.axes import Scale, circle, horizontal_axis, line, picture, text
from protea.benchmark.report.markup import Markup, joined, tag
from protea.benchmark.report.rows import Leaderboard
from protea.benchmark.report.tables import VERDICT_CLASS
from protea.benchmark.report.wording import figure

__all__ = ["ranks_figure"]

_WIDTH, _ROW, _TOP, _LEFT, _RIGHT = 1060.0, 24.0, 12.0, 250.0, 1000.0


def ranks_figure(board: Leaderboard) -> Markup | None:
    """Return the picture, or None where nobody is ranked."""
    rows = sorted((row for row in board.rows if row.mean_rank is not None), key=lambda row: (row.mean_rank, row.name))
    if not rows:
        return None
    scale = Scale(1, max(len(rows), 2), _LEFT, _RIGHT)
    bottom = _TOP + _ROW * len(rows)
    step = 1 if len(rows) <= 15 else 5
    labels = [(float(rank), str(rank)) for rank in range(1, len(rows) + 1) if rank == 1 or rank % step == 0]
    parts = [horizontal_axis(scale, _TOP, bottom, labels)]
    for place, row in enumerate(rows):
        assert row.mean_rank is not None
        y = _TOP + _ROW * (place + 0.5)
        kind = "control" if row.is_control else VERDICT_CLASS.get(row.verdict, "plain")
        encoder, scheme, auxiliary = row.key
        minor = "control" if scheme == "none" else scheme + ("" if auxiliary == "none" else f" + {auxiliary}")
        name = [tag("tspan", None, encoder.replace("_", " ")), tag("tspan", {"class": "minor", "dx": 6.0}, minor)]
        parts += [
            line(0, y + _ROW / 2, _WIDTH, y + _ROW / 2, "rule"),
            text(0, y + 4, joined(name), "label"),
            line(scale(min(row.ranks)), y, scale(max(row.ranks)), y, f"interval faint {kind}"),
            *(circle(scale(rank), y, 2, "cell") for rank in row.ranks),
            circle(scale(row.mean_rank), y, 5, f"dot {kind}", f"{row.name}: mean rank {figure(row.mean_rank, 2)}"),
            text(_WIDTH, y + 4, f"{row.mean_rank:.1f}", "value", "end"),
        ]
    return picture(_WIDTH, bottom + 24, "Mean rank of each row", *parts)
