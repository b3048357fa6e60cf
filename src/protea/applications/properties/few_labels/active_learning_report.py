"""Rounds of measuring as Markdown and CSV: each strategy beside greedy and random, and in words what was not shown."""

import csv
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np

from protea.applications.properties.few_labels.active_learning import AcquisitionConfig, AcquisitionRow
from protea.applications.properties.labels.property import Property
from protea.metrics.paired import PairedDifference, paired_over_folds

__all__ = ["acquisition_markdown", "paired_recall", "verdict", "write_acquisition"]

_OTHERS = ("random", "greedy")


def _of(rows: Sequence[AcquisitionRow], name: str, strategy: str, field: str) -> np.ndarray:
    """Return a figure after the last round, per draw."""
    own = [row for row in rows if (row.property, row.strategy) == (name, strategy)]
    last = max(row.round for row in own)
    return np.array([getattr(row, field) for row in sorted(own, key=lambda row: row.draw) if row.round == last])


def paired_recall(rows: Sequence[AcquisitionRow], name: str, strategy: str, other: str) -> PairedDifference:
    """Return by how much more of the top a strategy finds than another after the last round, over draws."""
    return paired_over_folds(_of(rows, name, strategy, "recall_of_top"), _of(rows, name, other, "recall_of_top"))


def verdict(found: PairedDifference, strategy: str, other: str) -> str:
    """Return in words what the interval says."""
    if found.low > 0:
        return f"{strategy} finds more than {other}"
    if found.high < 0:
        return f"{strategy} finds less than {other}"
    return f"{strategy} is not shown to beat {other}"


def acquisition_markdown(
    properties: Mapping[str, Property], rows: Sequence[AcquisitionRow], config: AcquisitionConfig, command: str
) -> str:
    """Return the page: a table per property, and a sentence per comparison."""
    lines = [
        "# Choosing what to measure next", "",
        f"A Gaussian process on cheap columns (letters exchanged, one-hot) looks for the "
        f"{'least' if config.lower_is_better else 'largest'} value in a pool of",
        f"{config.num_pool:,} measured candidates: {config.num_first} at random first, then {config.num_rounds} rounds "
        f"of {config.batch_size}. {config.num_draws} draws of pool and",
        "first measurements, shared by all strategies. Figures are means after the last round ± standard deviation",
        "over draws. Regret: the best of the pool minus the best found. Top 1 %: share of it that was measured. Rest:",
        "rank correlation of the model's mean with what was not measured. The differences in words are of the top 1 %,",
        "paired by draw, with Student's 95 % interval; pools of one set overlap, so it is a lower bound on doubt.", "",
        "```console", f"$ {command}", "```", "",
    ]  # fmt: skip
    for name, item in properties.items():
        lines += [
            f"## {item.title}", "", f"In {item.unit or 'the unit of the label'}; {item.direction}.", "",
            "| strategy | best found | regret | top 1 % | rest |", "|---|--:|--:|--:|--:|",
            *(_line(rows, name, strategy) for strategy in config.strategies), "",
            *_words(rows, name, config), "",
        ]  # fmt: skip
    return "\n".join([*lines, "## In short", "", *_summary(rows, list(properties), config), ""])


def _line(rows: Sequence[AcquisitionRow], name: str, strategy: str) -> str:
    told = [_told(_of(rows, name, strategy, field)) for field in ("best_found", "regret", "recall_of_top")]
    rest = [value for value in _of(rows, name, strategy, "spearman_of_rest") if value is not None]
    return f"| {' | '.join([strategy, *told, _told(np.array(rest)) if rest else '-'])} |"


def _told(values: np.ndarray) -> str:
    return f"{values.mean():.3f} ± {values.std():.3f}"


def _compared(config: AcquisitionConfig) -> list[tuple[str, str]]:
    return [
        (strategy, other)
        for other in _OTHERS
        for strategy in config.strategies
        if other in config.strategies and strategy not in (other, "random")
    ]


def _words(rows: Sequence[AcquisitionRow], name: str, config: AcquisitionConfig) -> list[str]:
    lines = []
    for strategy, other in _compared(config):
        found = paired_recall(rows, name, strategy, other)
        lines.append(
            f"- {verdict(found, strategy, other)}: {found.difference:+.3f} ({found.low:+.3f} to {found.high:+.3f})."
        )
    return lines


def _summary(rows: Sequence[AcquisitionRow], names: Sequence[str], config: AcquisitionConfig) -> list[str]:
    """Return, per comparison, on which sets a strategy is better, worse, or neither."""
    lines = []
    for strategy, other in _compared(config):
        told: dict[str, list[str]] = {"more": [], "less": [], "neither": []}
        for name in names:
            found = paired_recall(rows, name, strategy, other)
            told["more" if found.low > 0 else "less" if found.high < 0 else "neither"].append(name)
        parts = [f"{word} on {', '.join(own)}" for word, own in told.items() if own]
        lines.append(f"- {strategy} against {other}: {'; '.join(parts)}.")
    return lines


def write_acquisition(rows: Sequence[AcquisitionRow], path: Path) -> None:
    """Write one line per strategy, draw and round as CSV."""
    names = list(AcquisitionRow.model_fields)
    with path.open("w", newline="", encoding="utf-8") as handle:
        writer = csv.writer(handle, lineterminator="\n")
        writer.writerow(names)
        for row in rows:
            writer.writerow([_cell(getattr(row, name)) for name in names])


def _cell(value: object) -> str:
    return "" if value is None else f"{value:.6g}" if isinstance(value, float) else str(value)
