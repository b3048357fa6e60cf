"""Properties alone and together as Markdown."""

from collections.abc import Sequence

from protea.applications.properties.joint.column_answers import ColumnResult
from protea.applications.properties.joint.task_results import TaskResult

__all__ = ["multi_task_report"]


def multi_task_report(results: Sequence[TaskResult], command: str, columns: Sequence[ColumnResult] = ()) -> str:
    """Return the page: a line per property and test, losses by company flagged, then what was left out.

    What columns answer in the predictor instead of heads stands in a table of its own, beside the same tests.
    """
    lines = [
        "# Properties together and alone", "",
        "The same encoder and settings, trained on all properties at once or on one. The gain is together minus alone,",
        "in the direction of better, with the 95 % interval of a paired bootstrap over families of test proteins; it",
        "speaks of other proteins, not of other trainings. A dash is a metric that an answer does not have.", "",
        "```console", f"$ {command}", "```", "",
        "| property | test | train | test size | metric | trivial | alone | together | gain | |",
        "|---|---|--:|--:|---|--:|--:|--:|--:|---|",
        *(_line(one) for one in results), "", *_decoder_lines(results), *_column_lines(columns, results),
        "## Left out", "",
    ]  # fmt: skip
    for one in {result.name: result for result in results}.values():
        reasons = "; ".join(f"{reason}: {number:,}" for reason, number in one.num_left_out.items() if number)
        lines.append(f"- {one.name}: {reasons or 'nothing'}")
    return "\n".join(lines) + "\n"


def _decoder_lines(results: Sequence[TaskResult]) -> list[str]:
    """Return the section that holds the decoder against heads; nothing where there is no decoder."""
    if all(one.heads is None for one in results):
        return []
    lines = [
        "## The decoder against heads", "",
        "One decoder for all labels, or a head for each, on encoders of the same settings, trained on the same",
        "proteins. Answered is the share of items whose label could be read: 1 under the grammar; without it the",
        "others count as the worst answer.", "",
        "| property | test | metric | trivial | heads | decoder | difference | answered |",
        "|---|---|---|--:|--:|--:|--:|--:|",
    ]  # fmt: skip
    for one in results:
        figures = [_told(found.get(one.metric)) for found in (one.trivial, one.heads or {}, one.multi)]
        over = "-" if one.over_heads is None else "{:+.3f} ({:+.3f} to {:+.3f})".format(*one.over_heads)
        lines.append(f"| {' | '.join([one.name, one.test, one.metric, *figures, over, f'{one.answered:.3f}'])} |")
    return [*lines, ""]


def _column_lines(columns: Sequence[ColumnResult], results: Sequence[TaskResult]) -> list[str]:
    """Return the section on properties that the predictor answers by columns; nothing where there are none."""
    if not columns:
        return []
    result_of = {(one.name, one.test): one for one in results}
    lines = [
        "## Answered by columns", "",
        "The predictor answers these by a linear map of cheap columns, fitted to the property's own training part;",
        "their heads were trained as company for the others.", "",
        "| property | test | train | test size | metric | trivial | head | columns |",
        "|---|---|--:|--:|---|--:|--:|--:|",
    ]  # fmt: skip
    for one in columns:
        beside = result_of[one.name, one.test]
        figures = [_told(found.get(beside.metric)) for found in (one.trivial, beside.multi, one.columns)]
        sizes = [f"{one.num_train:,}", f"{one.num_test:,}"]
        lines.append(f"| {' | '.join([one.name, one.test, *sizes, beside.metric, *figures])} |")
    return [*lines, ""]


def _line(one: TaskResult) -> str:
    figures = [_told(found.get(one.metric)) for found in (one.trivial, one.single, one.multi)]
    interval = "" if one.low is None or one.high is None else f" ({one.low:+.3f} to {one.high:+.3f})"
    gain = "-" if one.gain is None else f"{one.gain:+.3f}{interval}"
    sizes = [f"{one.num_train:,}", f"{one.num_test:,}"]
    flag = "negative transfer" if one.is_negative_transfer else ""
    return f"| {' | '.join([one.name, one.test, *sizes, one.metric, *figures, gain, flag])} |"


def _told(value: float | None) -> str:
    return "-" if value is None else f"{value:.3f}"
