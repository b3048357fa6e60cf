"""A report as Markdown: the same tables and words as the page, without pictures."""

from protea.benchmark.report.build import Report
from protea.benchmark.report.matrix import Matrix
from protea.benchmark.report.tables import Table, cost_table, further_table, leaderboard_table, other_tasks_table
from protea.benchmark.report.wording import MISSING, figure

__all__ = ["report_markdown", "table_markdown"]


def report_markdown(report: Report) -> str:
    """Return the whole report."""
    parts = [
        f"# {report.title}",
        report.finding,
        "## Leaderboard",
        table_markdown(leaderboard_table(report.columns, report.board)),
        *(["## Inputs and subsets", table_markdown(further_table(report.columns, report.board))]
          if len(report.columns) > 1 else []),
        *_matrices(report),
        *(["## Other tasks", table_markdown(other_tasks_table(report.others, report.board))]
          if report.others and not report.matrices else []),
        "## Cost and training",
        table_markdown(cost_table(report.board)),
        "## How it was measured",
        "\n".join(f"- {fact.label}: {fact.value}" for fact in report.facts),
        "## Data",
        "\n".join(report.notes) or "The suite says nothing more.",
        "## Cells without a result",
        "\n".join(f"- `{problem.name}`: {problem.state} ({problem.reason})" for problem in report.problems)
        or "None: every expected cell has one.",
    ]  # fmt: skip
    return "\n\n".join(parts) + "\n"


def table_markdown(table: Table) -> str:
    """Return a table of Markdown, numbers to the right."""
    lines = [
        "| " + " | ".join(_cell(head.text) for head in table.heads) + " |",
        "|" + "|".join("--:" if head.is_number else ":--" for head in table.heads) + "|",
    ]
    lines += ["| " + " | ".join(_cell(entry.plain()) for entry in row) + " |" for row in table.rows]
    return "\n".join(lines)


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("\n", " ")


def _matrices(report: Report) -> list[str]:
    if not report.matrices:
        return []
    parts = ["## Measured against what was stated beforehand",
             "Each cell: value (floor to ceiling). `!` marks a value that was not expected."]  # fmt: skip
    for matrix in report.matrices:
        chance = "" if matrix.chance is None else f", chance {figure(matrix.chance)}"
        parts += [f"### {matrix.name.replace('_', ' ')}", f"{matrix.why} ({matrix.column.metric_title}{chance}.)"]
        parts.append(_matrix_table(matrix))
    return parts


def _matrix_table(matrix: Matrix) -> str:
    lines = ["| | " + " | ".join(matrix.encoders) + " |", "|:--|" + "--:|" * len(matrix.encoders)]
    lines += [
        f"| {scheme} | " + " | ".join(_measured(matrix, scheme, it) for it in matrix.encoders) + " |"
        for scheme in matrix.schemes
    ]
    return "\n".join(lines)


def _measured(matrix: Matrix, scheme: str, encoder: str) -> str:
    cell = matrix.cells[scheme, encoder]
    if cell.interval is None:
        return MISSING
    bounds = ""
    if cell.expectation is not None:
        floor, ceiling = cell.expectation.floor, cell.expectation.ceiling
        low = matrix.chance if floor is None else floor
        high = matrix.chance if ceiling is None else ceiling
        bounds = f" ({figure(low, 2)})" if low == high else f" ({figure(low, 2)} to {figure(high, 2)})"
    mark = " !" if cell.outcome in ("above ceiling", "below floor") else ""
    return f"{figure(cell.interval.estimate)}{bounds}{mark}"
