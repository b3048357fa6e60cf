"""A learning curve over few labels as Markdown and CSV: each model beside the mean of the labels, draw by draw."""

import csv
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from protea.applications.properties.few_labels.few_shot import CONTROL, FewShotConfig, FewShotRow
from protea.applications.properties.labels.property import Property
from protea.metrics.paired import PairedDifference, paired_over_folds

__all__ = ["few_shot_markdown", "gain_over_control", "write_few_shot"]


def gain_over_control(rows: Sequence[FewShotRow], test: str, model: str, size: int) -> PairedDifference:
    """Return by how much the error of a model is below that of the mean, over draws (above 0: better)."""
    control, own = (
        np.array([row.rmse for row in sorted(_chosen(rows, test, name, size), key=lambda row: row.draw)])
        for name in (CONTROL, model)
    )
    return paired_over_folds(control, own)


def few_shot_markdown(
    item: Property, rows: Sequence[FewShotRow], config: FewShotConfig, seen: str, command: str
) -> str:
    """Return the page of one property; `seen` says what the models saw of a sequence."""
    lines = [
        f"# {item.title} from few labels", "",
        f"{config.num_draws} draws of labels from the training part of `{item.name}`; larger sets of a draw hold the",
        f"smaller ones. Columns: {seen}. Settings are chosen on folds of the drawn labels; the test is the property's",
        f"own. RMSE in {item.unit or 'the unit of the label'}. Gain: RMSE of the mean of the same labels minus that of",
        "the model, with Student's 95 % interval over draws (they share their test and overlap in labels, so the",
        "interval is a lower bound on doubt); **bold**: it lies above 0. Inside: share of the test within the interval",
        f"of {config.level:.0%}; `own` is the model's Gaussian, `CV+` is from cross-validation.", "",
        "```console", f"$ {command}", "```", "",
    ]  # fmt: skip
    for test in dict.fromkeys(row.test for row in rows):
        num_test = next(row.num_test for row in rows if row.test == test)
        lines += [
            f"## {test}: {num_test:,} examples", "",
            f"| labels | model | {item.metric} | RMSE | gain | inside | width | way |",
            "|--:|---|--:|--:|--:|--:|--:|---|",
        ]  # fmt: skip
        lines += [_line(item, rows, test, model, size) for size in config.sizes for model in config.models]
        lines += ["", *_words(rows, test, config), ""]
    return "\n".join(lines)


def _chosen(rows: Sequence[FewShotRow], test: str, model: str, size: int) -> list[FewShotRow]:
    return [row for row in rows if (row.test, row.model, row.num_labels) == (test, model, size)]


def _line(item: Property, rows: Sequence[FewShotRow], test: str, model: str, size: int) -> str:
    own = _chosen(rows, test, model, size)
    metric = [value for row in own if (value := row.metrics[item.metric]) is not None]
    # A draw in which the prediction is constant has no rank correlation: the mean of the others would flatter.
    shown = _told(metric) if len(metric) == len(own) else "-"
    gain = ""
    if model != CONTROL and _chosen(rows, test, CONTROL, size):
        found = gain_over_control(rows, test, model, size)
        gain = f"{found.difference:+.3f} ({found.low:+.3f} to {found.high:+.3f})"
        gain = f"**{gain}**" if found.low > 0 else gain
    coverage, width = (np.mean([getattr(row, name) for row in own]) for name in ("coverage", "mean_width"))
    cells = [str(size), model, shown, _told([row.rmse for row in own]), gain, f"{coverage:.3f}", f"{width:.3g}"]
    return f"| {' | '.join([*cells, own[0].way])} |"


def _told(values: Sequence[float]) -> str:
    return f"{np.mean(values):.3f} ± {np.std(values):.3f}"


def _words(rows: Sequence[FewShotRow], test: str, config: FewShotConfig) -> list[str]:
    """Return, per model, from how many labels on it is better than the mean in every larger set too."""
    if CONTROL not in config.models:
        return ["The mean of the labels was not run: nothing is said of a gain."]
    found = []
    for model in (name for name in config.models if name != CONTROL):
        is_better = [gain_over_control(rows, test, model, size).low > 0 for size in sorted(config.sizes)]
        first = next((place for place in range(len(is_better)) if all(is_better[place:])), None)
        found.append(
            f"- {model}: not shown to be better than the mean of the labels at {max(config.sizes)} labels."
            if first is None
            else f"- {model}: better than the mean of the labels from {sorted(config.sizes)[first]} labels on."
        )
    return found


def write_few_shot(rows: Sequence[FewShotRow], path: Path) -> None:
    """Write one line per row as CSV."""
    metrics = list(rows[0].metrics)
    names = [name for name in FewShotRow.model_fields if name != "metrics"]
    with path.open("w", newline="", encoding="utf-8") as handle:
        writer = csv.writer(handle, lineterminator="\n")
        writer.writerow([*names, *metrics])
        for row in rows:
            values = [row.metrics[name] for name in metrics]
            writer.writerow(
                [_cell(getattr(row, name)) for name in names]
                + ["" if value is None else _cell(value) for value in values]
            )


def _cell(value: object) -> str:
    return f"{value:.6g}" if isinstance(value, float) else str(value)
