"""A comparison of interaction models as a page of Markdown, a CSV table and a file of origins; published figures below.

Intervals are of two kinds. Over seeds: Student's t of the means of the seeds, each of which drew its own split and
model; splits of one network share pairs, so it is narrower than for new networks. Over proteins: resamples of the
tested proteins of every split, averaged over the seeds as if these were apart; it says nothing of other splits.
"""

import csv
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import yaml
from scipy import stats

from protea.applications.interactions.comparison import InteractionComparisonConfig, read_network
from protea.benchmark.machine import commit_of_code, machine_name

__all__ = ["Interval", "Line", "interaction_markdown", "lines_of_way", "mean_interval", "write_interaction_comparison"]

_HEADS = [
    "model", "messages", "micro-F1", "95 % over seeds", "95 % over proteins", "gain over reference", "AUPRC",
    "BS", "ES", "NS", "published protocol", "seeds",
]  # fmt: skip
_ABOUT = (
    "Each line: the mean over seeds; a seed draws its own split and model. Stage and threshold of every model, also of "
    "controls, are chosen on validation pairs that were drawn as the test pairs were; then it is fitted to training "
    "and validation pairs together and asked for the test pairs once. micro-F1 and AUPRC are over all cells of pairs "
    "and types together. BS, ES, NS: micro-F1 of test pairs of which both, one or none of the proteins stand in a "
    "training pair. `messages`: whether message passing sees all pairs (the tested ones without their types) or the "
    "training pairs; models that read no network have none. `gain over reference`: the mean difference to the "
    "reference on the same splits, with its 95 % interval over seeds. `published protocol`: threshold 0.5 and the best "
    "stage on the tested pairs, which is too good for what is trained in stages. Intervals over seeds are Student's t; "
    "over proteins, resamples of the tested proteins of every split, averaged. Splits of one network share pairs, so "
    "that both are narrower than for other networks. Lines in italics are published figures."
)


class Interval(NamedTuple):
    """A mean and the ends of its 95 % interval, none where there is too little to tell."""

    mean: float
    low: float | None
    high: float | None

    def overlaps(self, other: "Interval") -> bool:
        """Return whether two intervals share a value; those without ends are taken to."""
        if self.low is None or self.high is None or other.low is None or other.high is None:
            return True
        return self.low <= other.high and other.low <= self.high


class Line(NamedTuple):
    """One model with one kind of message passing on one way of splitting."""

    model: str
    messages: str
    f1: Interval
    over_proteins: Interval
    gain: Interval | None
    auprc: Interval
    classes: Mapping[str, float | None]
    published_protocol: float | None
    num_seeds: int


def mean_interval(values: Sequence[float]) -> Interval:
    """Return the mean with Student's 95 % interval; without ends for a single value."""
    mean = float(np.mean(values))
    if len(values) < 2:
        return Interval(mean, None, None)
    half = float(stats.t.ppf(0.975, len(values) - 1) * np.std(values, ddof=1) / np.sqrt(len(values)))
    return Interval(mean, mean - half, mean + half)


def lines_of_way(cells: Sequence[Mapping[str, Any]], reference: str) -> list[Line]:
    """Return the lines of one way of splitting, the best first; cells without a value of micro-F1 count as 0."""
    groups: dict[tuple[str, str], list[Mapping[str, Any]]] = {}
    for cell in cells:
        groups.setdefault((cell["model"], cell["messages"] or ""), []).append(cell)
    of_reference = {cell["seed"]: cell["micro_f1"] or 0.0 for cell in groups.get((reference, ""), [])}
    lines = []
    for (model, messages), own in groups.items():
        gains = [(cell["micro_f1"] or 0.0) - of_reference[cell["seed"]] for cell in own if cell["seed"] in of_reference]
        lines.append(Line(
            model, messages, mean_interval([cell["micro_f1"] or 0.0 for cell in own]), _over_proteins(own),
            mean_interval(gains) if gains and model != reference else None,
            mean_interval([cell["auprc"] for cell in own]),
            {name: _pooled(own, name) for name in ("BS", "ES", "NS")},
            _mean([cell["published_protocol_micro_f1"] for cell in own]), len(own),
        ))  # fmt: skip
    return sorted(lines, key=lambda line: -line.f1.mean)


def _over_proteins(cells: Sequence[Mapping[str, Any]]) -> Interval:
    mean = float(np.mean([cell["micro_f1"] or 0.0 for cell in cells]))
    draws = [
        [value for value in values if value is not None]
        for values in zip(*(cell["resampled_micro_f1"] for cell in cells), strict=True)
    ]
    means = [float(np.mean(values)) for values in draws if len(values) == len(cells)]
    if len(means) < 2:
        return Interval(mean, None, None)
    low, high = np.quantile(means, [0.025, 0.975])
    return Interval(mean, float(low), float(high))


def _pooled(cells: Sequence[Mapping[str, Any]], name: str) -> float | None:
    """Return the mean over the seeds whose split has pairs of a class."""
    return _mean([cell["classes"][name]["micro_f1"] for cell in cells])


def _mean(values: Sequence[float | None]) -> float | None:
    known = [value for value in values if value is not None]
    return float(np.mean(known)) if known else None


def interaction_markdown(config: InteractionComparisonConfig, cells: Sequence[Mapping[str, Any]]) -> str:
    """Return the page; what was not run is named as missing."""
    parts = [f"# Interaction models on {config.network.name}", config.network.note, _ABOUT]
    for way in config.ways:
        own = [cell for cell in cells if cell["way"] == way]
        parts.append(f"## {way}")
        if not own:
            parts.append("Not run.")
            continue
        lines = lines_of_way(own, config.reference)
        parts += [_sizes(own), _finding(lines, config.reference), _table(config, way, lines)]
        missing = _num_cells(config, way) - len(own)
        parts += [f"{missing} cells were not run."] if missing > 0 else []
    return "\n\n".join(part for part in parts if part) + "\n"


def _num_cells(config: InteractionComparisonConfig, way: str) -> int:
    rows = [row for row in config.models if not row.only or way in row.only]
    return len(config.seeds) * sum(len(config.messages) if row.model.reads_messages else 1 for row in rows)


def _sizes(cells: Sequence[Mapping[str, Any]]) -> str:
    one_per_seed = list({cell["seed"]: cell for cell in cells}.values())

    def between(values: Sequence[int]) -> str:
        return f"{min(values)}" if min(values) == max(values) else f"{min(values)} to {max(values)}"

    tested = [cell["num_test"] for cell in one_per_seed]
    learned = [cell["num_train"] + cell["num_validation"] for cell in one_per_seed]
    shares = {
        name: float(np.mean([cell["classes"][name]["num"] / cell["num_test"] for cell in one_per_seed]))
        for name in ("BS", "ES", "NS")
    }
    words = ", ".join(f"{name} {share:.1%}" for name, share in shares.items())
    return f"{between(learned)} pairs to learn from, {between(tested)} tested ({words}); {len(one_per_seed)} splits."


def _finding(lines: Sequence[Line], reference: str) -> str:
    """Say which models are above the reference, and how surely."""
    held = [line for line in lines if line.model == reference]
    if not held:
        return ""
    base = held[0]
    above = [line for line in lines if line.f1.mean > base.f1.mean]
    apart = [line for line in above if not line.f1.overlaps(base.f1)]
    apart_over_proteins = [line for line in above if not line.over_proteins.overlaps(base.over_proteins)]
    paired = [line for line in above if line.gain is not None and line.gain.low is not None and line.gain.low > 0]
    ranked = [line for line in lines if line.auprc.mean > base.auprc.mean and not line.auprc.overlaps(base.auprc)]

    def names(found: Sequence[Line]) -> str:
        return ", ".join(f"{line.model}{f' ({line.messages})' if line.messages else ''}" for line in found) or "none"

    return (
        f"Above `{reference}` with 95 % intervals that do not overlap, in micro-F1 over seeds: {names(apart)}; in "
        f"micro-F1 over proteins: {names(apart_over_proteins)}; in AUPRC over seeds: {names(ranked)}. Above it split "
        f"by split (the interval of the gain is above 0): {names(paired)}."
    )


def _table(config: InteractionComparisonConfig, way: str, lines: Sequence[Line]) -> str:
    rows = [
        [
            line.model, line.messages, _figure(line.f1.mean), _between(line.f1), _between(line.over_proteins),
            "" if line.gain is None else f"{line.gain.mean:+.3f} ({_between(line.gain)})", _figure(line.auprc.mean),
            *(_figure(line.classes[name]) for name in ("BS", "ES", "NS")), _figure(line.published_protocol),
            str(line.num_seeds),
        ]
        for line in lines
    ]  # fmt: skip
    for figure in config.published:
        if figure.way == way:
            spread = "" if figure.spread is None else f"*sd {figure.spread:.3f}*"
            rows.append([f"*{figure.model} ({figure.source})*", "", f"*{figure.micro_f1:.3f}*", spread, *[""] * 8])
    bar = "|".join([":--", ":--", *["--:"] * (len(_HEADS) - 2)])
    body = ["| " + " | ".join(row) + " |" for row in rows]
    return "\n".join(["| " + " | ".join(_HEADS) + " |", f"|{bar}|", *body])


def _figure(value: float | None) -> str:
    return "" if value is None else f"{value:.3f}"


def _between(interval: Interval) -> str:
    return "" if interval.low is None or interval.high is None else f"{interval.low:.3f} to {interval.high:.3f}"


def write_interaction_comparison(
    config: InteractionComparisonConfig, cells: Sequence[Mapping[str, Any]], data: Path, folder: Path
) -> None:
    """Write `report.md`, `table.csv` (a line per cell) and `run.yaml` (origins) into the folder of the cells."""
    (folder / "report.md").write_text(interaction_markdown(config, cells), encoding="utf-8")
    with (folder / "table.csv").open("w", newline="", encoding="utf-8") as handle:
        writer = csv.writer(handle, lineterminator="\n")
        names = ("micro_f1", "auprc", "published_protocol_micro_f1", "best_threshold_micro_f1", "threshold")
        writer.writerow(["way", "seed", "model", "messages", *names, "bs", "es", "ns", "num_test", "cpu_seconds"])
        for cell in cells:
            figures = [cell[name] for name in names] + [
                cell["classes"][name]["micro_f1"] for name in ("BS", "ES", "NS")
            ]
            written = ["" if value is None else f"{value:.6f}" for value in figures]
            writer.writerow([cell["way"], cell["seed"], cell["model"], cell["messages"] or "", *written,
                             cell["num_test"], cell["cpu_seconds"]])  # fmt: skip
    network, report = read_network(config.network, data)
    origin = {
        "configuration": config.model_dump(mode="json"),
        "commits_of_cells": sorted({cell["commit"] for cell in cells}), "commit_of_report": commit_of_code(),
        "network": {"sha256": network.digest(), "proteins": network.num_proteins, "pairs": len(network),
                    "source": dict(network.provenance), "counts": dict(report.counts)},
        "machine": machine_name(), "num_cells": len(cells),
    }  # fmt: skip
    (folder / "run.yaml").write_text(yaml.safe_dump(origin, sort_keys=False), encoding="utf-8")
