"""Mean rank of each row, with its rank in each column."""

from collections.abc import Sequence
from dataclasses import dataclass

from protea.benchmark.report.figures.axes import Scale, circle, horizontal_axis, line, picture, text
from protea.benchmark.report.markup import Markup, joined, tag
from protea.benchmark.report.rows import Leaderboard
from protea.benchmark.report.tables import VERDICT_CLASS
from protea.benchmark.report.wording import figure

__all__ = ["RankedRow", "ranked_rows", "ranks_figure"]

_WIDTH, _ROW, _TOP, _LEFT, _RIGHT = 1060.0, 24.0, 12.0, 250.0, 1000.0


@dataclass(frozen=True)
class RankedRow:
    """A line of the picture: a name with a smaller second part, a class of colour, and its ranks."""

    name: str
    minor: str
    kind: str
    mean: float
    each: tuple[float, ...]


def ranked_rows(board: Leaderboard) -> list[RankedRow]:
    """Return the ranked rows of a leaderboard."""
    found = []
    for row in board.rows:
        if row.mean_rank is not None:
            encoder, scheme, auxiliary = row.key
            minor = "control" if scheme == "none" else scheme + ("" if auxiliary == "none" else f" + {auxiliary}")
            kind = "control" if row.is_control else VERDICT_CLASS.get(row.verdict, "plain")
            found.append(RankedRow(encoder.replace("_", " "), minor, kind, row.mean_rank, row.ranks))
    return found


def ranks_figure(rows: Sequence[RankedRow]) -> Markup | None:
    """Return the picture, the best row first, or None where nobody is ranked."""
    if not rows:
        return None
    scale = Scale(1, max(len(rows), 2), _LEFT, _RIGHT)
    bottom = _TOP + _ROW * len(rows)
    step = 1 if len(rows) <= 15 else 5
    labels = [(float(rank), str(rank)) for rank in range(1, len(rows) + 1) if rank == 1 or rank % step == 0]
    parts = [horizontal_axis(scale, _TOP, bottom, labels)]
    for place, row in enumerate(sorted(rows, key=lambda row: (row.mean, row.name, row.minor))):
        y = _TOP + _ROW * (place + 0.5)
        name = [tag("tspan", None, row.name), tag("tspan", {"class": "minor", "dx": 6.0}, row.minor)]
        hint = f"{row.name} {row.minor}: mean rank {figure(row.mean, 2)}"
        parts += [
            line(0, y + _ROW / 2, _WIDTH, y + _ROW / 2, "rule"),
            text(0, y + 4, joined(name), "label"),
            line(scale(min(row.each)), y, scale(max(row.each)), y, f"interval faint {row.kind}"),
            *(circle(scale(rank), y, 2, "cell") for rank in row.each),
            circle(scale(row.mean), y, 5, f"dot {row.kind}", hint),
            text(_WIDTH, y + 4, f"{row.mean:.1f}", "value", "end"),
        ]
    return picture(_WIDTH, bottom + 24, "Mean rank of each row", *parts)
