"""The matrices of `diagnostics` as HTML: value, what it may reach, and whether it came out as stated."""

from collections.abc import Sequence

from protea.benchmark.report.markup import Markup, tag
from protea.benchmark.report.matrix import Matrix, MatrixCell
from protea.benchmark.report.wording import MISSING, figure, plural

__all__ = ["matrices_html"]

_CLASS = {"agrees": "agrees", "above ceiling": "above", "below floor": "below", "not stated": "plain",
          "missing": "missing"}  # fmt: skip


def matrices_html(matrices: Sequence[Matrix]) -> Markup | None:
    """Return the section, or None for a suite without matrices."""
    if not matrices:
        return None
    measured = [cell for matrix in matrices for cell in matrix.cells.values() if cell.expectation and cell.interval]
    num_unexpected = sum(len(matrix.unexpected()) for matrix in matrices)
    lead = (
        f"Of {plural(len(measured), 'cell')} with a statement, {len(measured) - num_unexpected} came out as stated "
        f"beforehand and {num_unexpected} did not. Each bar runs from chance to the value; the bracket below it is "
        "what the setting may reach. Point at a cell for the reason."
    )
    return tag(
        "section", {"id": "expectations"}, tag("h2", None, "Measured against what was stated beforehand"),
        tag("p", {"class": "lead"}, lead), tag("div", {"class": "matrices"}, *(_matrix(matrix) for matrix in matrices)),
    )  # fmt: skip


def _matrix(matrix: Matrix) -> Markup:
    head = tag("tr", None, tag("td", None), *(tag("th", {"scope": "col"}, _words(name)) for name in matrix.encoders))
    rows = [
        tag("tr", None, tag("th", {"scope": "row"}, scheme),
            *(_cell(matrix, matrix.cells[scheme, encoder]) for encoder in matrix.encoders))
        for scheme in matrix.schemes
    ]  # fmt: skip
    chance = "" if matrix.chance is None else f"; chance {figure(matrix.chance)}"
    return tag(
        "div", {"class": "matrix"}, tag("h3", None, _words(matrix.name)),
        tag("p", None, matrix.why, tag("small", None, f" {matrix.column.metric_title}{chance}")),
        tag("div", {"class": "scroll"}, tag("table", None, tag("thead", None, head), tag("tbody", None, *rows))),
    )  # fmt: skip


def _cell(matrix: Matrix, cell: MatrixCell) -> Markup:
    kind = _CLASS[cell.outcome]
    if cell.interval is None:
        return tag("td", {"class": kind, "title": cell.message}, MISSING)
    parts = [tag("span", None, figure(cell.interval.estimate))]
    if cell.expectation is not None and matrix.chance is not None:
        floor = matrix.chance if cell.expectation.floor is None else cell.expectation.floor
        ceiling = matrix.chance if cell.expectation.ceiling is None else cell.expectation.ceiling
        parts.append(_bar(matrix.chance, cell.interval.estimate, floor, ceiling))
        same = f"{floor:.2f}" == f"{ceiling:.2f}"
        bounds = f"at {floor:.2f}" if same else f"{figure(floor, 2)} to {figure(ceiling, 2)}"
        if cell.outcome == "above ceiling":
            bounds = f"▲ above {figure(ceiling, 2)}"
        elif cell.outcome == "below floor":
            bounds = f"▼ below {figure(floor, 2)}"
        parts.append(tag("small", None, bounds))
    return tag("td", {"class": kind, "title": cell.message}, *parts)


def _bar(chance: float, value: float, floor: float, ceiling: float) -> Markup:
    """Return a small picture on the scale from 0 to 1: value from chance, and the span from floor to ceiling."""

    def place(number: float) -> float:
        return 2 + 66 * min(max(number, 0.0), 1.0)

    left, right = sorted((place(chance), place(value)))
    low, high = sorted((place(floor), place(ceiling)))
    return tag(
        "svg", {"viewBox": "0 0 70 12", "class": "bar", "aria-hidden": "true"},
        tag("rect", {"x": 2.0, "y": 2.0, "width": 66.0, "height": 4.0, "class": "track"}),
        tag("rect", {"x": left, "y": 2.0, "width": max(right - left, 1.5), "height": 4.0, "class": "value"}),
        tag("rect", {"x": low - 0.75, "y": 8.0, "width": high - low + 1.5, "height": 2.0, "class": "span"}),
    )  # fmt: skip


def _words(name: str) -> str:
    return name.replace("_", " ")
