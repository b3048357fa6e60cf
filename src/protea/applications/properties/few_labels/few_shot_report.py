"""A learning curve over few labels as Markdown and CSV: each model beside the control, draw by draw."""

import csv
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np

from protea.applications.properties.few_labels.drawn_labels import CONTROL, FewShotConfig
from protea.applications.properties.few_labels.few_shot import FewShotRow
from protea.applications.properties.few_labels.few_shot_classes import FewShotClassesRow
from protea.applications.properties.labels.property import Property
from protea.metrics.paired import PairedDifference, paired_over_folds

__all__ = ["AnyFewShotRow", "few_shot_markdown", "gain_over_control", "write_few_shot"]

AnyFewShotRow = FewShotRow | FewShotClassesRow


class _Told(NamedTuple):
    """How the figures of a kind of row are called."""

    error: str
    control: str
    size: str
    about: tuple[str, ...]


_NUMBERS = _Told(
    "RMSE", "the mean of the labels", "width",
    ("Inside: share of the test within the interval of {level:.0%}; `own` is the model's Gaussian, `CV+` is from",
     "cross-validation."),
)  # fmt: skip
_CLASSES = _Told(
    "log loss", "the shares of the labels", "size",
    ("Inside: share of the test whose class is in its set of {level:.0%} (CV+); size: classes in a set. Every answer",
     "counts with one observation of each class added, so that a class without a label stays possible."),
)  # fmt: skip


def _told_of(row: AnyFewShotRow) -> _Told:
    return _NUMBERS if isinstance(row, FewShotRow) else _CLASSES


def gain_over_control(rows: Sequence[AnyFewShotRow], test: str, model: str, size: int) -> PairedDifference:
    """Return by how much the error of a model is below that of the control, over draws (above 0: better)."""
    control, own = (
        np.array([row.error() for row in sorted(_chosen(rows, test, name, size), key=lambda row: row.draw)])
        for name in (CONTROL, model)
    )
    return paired_over_folds(control, own)


def few_shot_markdown(
    item: Property, rows: Sequence[AnyFewShotRow], config: FewShotConfig, seen: str, command: str
) -> str:
    """Return the page of one property; `seen` says what the models saw of a sequence."""
    told, models = _told_of(rows[0]), list(dict.fromkeys(row.model for row in rows))
    unit = f" in {item.unit or 'the unit of the label'}" if told is _NUMBERS else ": mean of -ln of the true class"
    lines = [
        f"# {item.title} from few labels", "",
        f"{config.num_draws} draws of labels from the training part of `{item.name}`; larger sets of a draw hold the",
        f"smaller ones. Columns: {seen}. Settings are chosen on folds of the drawn labels; the test is the property's",
        f"own. {told.error}{unit}. Gain: {told.error} of {told.control} minus that of the model,",
        "with Student's 95 % interval over draws (they share their test and overlap in labels, so the interval is a",
        "lower bound on doubt); **bold**: it lies above 0.",
        *(line.format(level=config.level) for line in told.about), "",
        "```console", f"$ {command}", "```", "",
    ]  # fmt: skip
    for test in dict.fromkeys(row.test for row in rows):
        num_test = next(row.num_test for row in rows if row.test == test)
        lines += [
            f"## {test}: {num_test:,} examples", "",
            f"| labels | model | {item.metric} | {told.error} | gain | inside | {told.size} | way |",
            "|--:|---|--:|--:|--:|--:|--:|---|",
        ]  # fmt: skip
        lines += [_line(item, rows, test, model, size) for size in config.sizes for model in models]
        lines += ["", *_words(rows, test, config, models), ""]
    return "\n".join(lines)


def _chosen(rows: Sequence[AnyFewShotRow], test: str, model: str, size: int) -> list[AnyFewShotRow]:
    return [row for row in rows if (row.test, row.model, row.num_labels) == (test, model, size)]


def _line(item: Property, rows: Sequence[AnyFewShotRow], test: str, model: str, size: int) -> str:
    own = _chosen(rows, test, model, size)
    metric = [value for row in own if (value := row.metrics[item.metric]) is not None]
    # A draw in which the prediction is constant has no rank correlation: the mean of the others would flatter.
    shown = _spread(metric) if len(metric) == len(own) else "-"
    gain = ""
    if model != CONTROL and _chosen(rows, test, CONTROL, size):
        found = gain_over_control(rows, test, model, size)
        gain = f"{found.difference:+.3f} ({found.low:+.3f} to {found.high:+.3f})"
        gain = f"**{gain}**" if found.low > 0 else gain
    coverage, width = np.mean([row.coverage for row in own]), np.mean([row.size() for row in own])
    figures = [_spread([row.error() for row in own]), gain, f"{coverage:.3f}", f"{width:.3g}", own[0].way]
    return f"| {' | '.join([str(size), model, shown, *figures])} |"


def _spread(values: Sequence[float]) -> str:
    return f"{np.mean(values):.3f} ± {np.std(values):.3f}"


def _words(rows: Sequence[AnyFewShotRow], test: str, config: FewShotConfig, models: Sequence[str]) -> list[str]:
    """Return, per model, from how many labels on it is better than the control in every larger set too."""
    control = _told_of(rows[0]).control
    if CONTROL not in models:
        return [f"{control[:1].upper()}{control[1:]} was not run: nothing is said of a gain."]
    found = []
    for model in (name for name in models if name != CONTROL):
        is_better = [gain_over_control(rows, test, model, size).low > 0 for size in sorted(config.sizes)]
        first = next((place for place in range(len(is_better)) if all(is_better[place:])), None)
        found.append(
            f"- {model}: not shown to be better than {control} at {max(config.sizes)} labels."
            if first is None
            else f"- {model}: better than {control} from {sorted(config.sizes)[first]} labels on."
        )
    return found


def write_few_shot(rows: Sequence[AnyFewShotRow], path: Path) -> None:
    """Write one line per row as CSV."""
    metrics = list(rows[0].metrics)
    names = [name for name in type(rows[0]).model_fields if name != "metrics"]
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
