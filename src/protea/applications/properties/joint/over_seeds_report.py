"""Properties alone and together under several seeds as Markdown."""

from collections.abc import Iterable, Sequence

import numpy as np

from protea.applications.properties.joint.column_answers import ColumnResult
from protea.applications.properties.joint.over_seeds import Bounded, SeedsResult
from protea.applications.properties.labels.property import Property
from protea.applications.properties.labels.published_table import published_table

__all__ = ["over_seeds_report"]


def over_seeds_report(
    results: Sequence[SeedsResult], properties: Iterable[Property], command: str, columns: Sequence[ColumnResult] = ()
) -> str:
    """Return the page: a line per property and test, what columns answer, what others reached, what was left out."""
    lines = [
        "# Properties together and alone, over seeds", "",
        f"{len(results[0].seeds)} trainings of each (seeds {', '.join(map(str, results[0].seeds))}); figures are means",
        "over them, ± their standard deviation. Intervals of 95 % are over families of test proteins: they speak of",
        "other proteins, the deviation of other trainings. The gain is together minus alone in the direction of",
        "better; negative transfer is a loss whose interval excludes 0 and that every training shows. A property",
        "beats the trivial answer where the interval of the difference lies above 0 (of a correlation: its own).", "",
        "```console", f"$ {command}", "```", "",
        "| property | test | train | test size | metric | trivial | alone | together | interval | gain | beats | |",
        "|---|---|--:|--:|---|--:|--:|--:|--:|--:|---|---|",
        *(_line(one) for one in results), "", *_column_lines(columns, results),
        "## What others reached", "", *published_table(properties), "", "## Left out", "",
    ]  # fmt: skip
    for one in {result.name: result for result in results}.values():
        reasons = "; ".join(f"{reason}: {number:,}" for reason, number in one.num_left_out.items() if number)
        lines.append(f"- {one.name}: {reasons or 'nothing'}")
    return "\n".join(lines) + "\n"


def _line(one: SeedsResult) -> str:
    cells = [
        one.name, one.test, f"{one.num_train:,}", f"{one.num_test:,}", one.metric,
        "-" if one.trivial is None else f"{one.trivial:.3f}", _over_trainings(one.single), _over_trainings(one.multi),
        "-" if one.mean is None else f"{one.mean[1]:.3f} to {one.mean[2]:.3f}", _signed(one.gain),
        "yes" if one.beats_trivial else "not shown", "negative transfer" if one.is_negative_transfer else "",
    ]  # fmt: skip
    return f"| {' | '.join(cells)} |"


def _column_lines(columns: Sequence[ColumnResult], results: Sequence[SeedsResult]) -> list[str]:
    """Return the section on properties that columns answer; nothing where there are none."""
    if not columns:
        return []
    metric_of = {one.name: one.metric for one in results}
    lines = [
        "## Answered by columns", "",
        "A linear map of cheap columns answers these in the predictor. It is fitted to the property's own training",
        "part and to nothing else, without a seed.", "",
        "| property | test | train | test size | metric | trivial | columns | interval |",
        "|---|---|--:|--:|---|--:|--:|--:|",
    ]  # fmt: skip
    for one in columns:
        metric = metric_of[one.name]
        told = ["-" if value is None else f"{value:.3f}" for value in (one.trivial[metric], one.columns[metric])]
        bounds = "-" if one.interval is None else f"{one.interval[0]:.3f} to {one.interval[1]:.3f}"
        sizes = [f"{one.num_train:,}", f"{one.num_test:,}"]
        lines.append(f"| {' | '.join([one.name, one.test, *sizes, metric, *told, bounds])} |")
    return [*lines, ""]


def _over_trainings(values: Sequence[float | None]) -> str:
    known = [value for value in values if value is not None]
    if len(known) < len(values):
        return "-"
    spread = f" ± {np.std(known, ddof=1):.3f}" if len(known) > 1 else ""
    return f"{np.mean(known):.3f}{spread}"


def _signed(found: Bounded | None) -> str:
    return "-" if found is None else f"{found[0]:+.3f} ({found[1]:+.3f} to {found[2]:+.3f})"
