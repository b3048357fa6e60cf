"""Cheap models and controls as Markdown: a line per property and test, what was left out, what others reached."""

from collections.abc import Mapping, Sequence

import numpy as np

from protea.applications.properties.cheap.baselines import CHEAP, NEAREST, TRIVIAL, BaselineRow
from protea.applications.properties.labels.property import Property
from protea.applications.properties.labels.published_table import published_table
from protea.metrics.catalogue import metric_named

__all__ = ["baseline_report"]


def baseline_report(rows: Sequence[BaselineRow], properties: Mapping[str, Property], command: str) -> str:
    """Return the page: figures are means over the seeds of the split, +- their standard deviation."""
    groups: dict[tuple[str, str], list[BaselineRow]] = {}
    for row in rows:
        groups.setdefault((row.property, row.test), []).append(row)
    lines = [
        "# Properties from cheap columns", "",
        "Ridge or logistic regression on composition, pairs and triples of letters, ends and length (proteins), or on",
        "the exchanged letters and what stands around them (variants), beside two controls: the trivial answer (mean",
        "or shares of training) and the nearest training example (most triples of letters, or mutations, in common).",
        "No pretrained weights. Mean over the seeds of the split, ± standard deviation; on a published split the seed",
        "moves only what validates. A dash is a metric that a constant answer does not have. **Bold**: better than",
        "both controls by more than the deviation. Identical and relatives: proteins of all tests of the split whose",
        "sequence, or a relative, is trained on.", "", "```console", f"$ {command}", "```", "",
        "| property | test | train | test size | identical | relatives | metric | trivial | nearest | cheap columns |",
        "|---|---|--:|--:|--:|--:|---|--:|--:|--:|",
    ]  # fmt: skip
    lines += [_line(group, properties[name]) for (name, _), group in groups.items()]
    lines += ["", "## What was left out, and how it was parted", ""]
    lines += [
        _provenance(next(row for row in rows if row.property == name), properties[name])
        for name in dict.fromkeys(row.property for row in rows)
    ]
    named = dict.fromkeys(row.property for row in rows)
    lines += ["", "## What others reached", "", *published_table(properties[name] for name in named)]
    return "\n".join(lines) + "\n"


def _line(group: Sequence[BaselineRow], item: Property) -> str:
    first, metric = group[0], metric_named(item.metric)
    values = {name: [row.metrics[name][item.metric] for row in group] for name in (TRIVIAL, NEAREST, CHEAP)}
    told = {name: _told(found) for name, found in values.items()}
    if _is_better(values, metric.higher_is_better):
        told[CHEAP] = f"**{told[CHEAP]}**"
    leaks = (
        ["-", "-"]
        if first.leakage is None
        else [f"{first.leakage.num_identical:,}", f"{first.leakage.num_relatives:,}"]
    )
    sizes = [f"{first.num_train:,}", f"{first.num_test:,}"]
    cells = [item.name, first.test, *sizes, *leaks, item.metric, told[TRIVIAL], told[NEAREST], told[CHEAP]]
    return f"| {' | '.join(cells)} |"


def _told(values: Sequence[float | None]) -> str:
    known = [value for value in values if value is not None]
    if not known:
        return "-"
    spread = f" ± {np.std(known):.3f}" if len(known) > 1 else ""
    return f"{np.mean(known):.3f}{spread}"


def _is_better(values: Mapping[str, Sequence[float | None]], higher_is_better: bool) -> bool:
    """Whether the model is better than every control that has a figure, by more than its deviation over seeds."""
    own = [value for value in values[CHEAP] if value is not None]
    if not own:
        return False
    sign = 1 if higher_is_better else -1
    controls = [[value for value in values[name] if value is not None] for name in (TRIVIAL, NEAREST)]
    # A rank correlation that a constant does not have is 0 in expectation.
    means = [float(np.mean(found)) if found else 0.0 for found in controls]
    return all(sign * (float(np.mean(own)) - mean) > float(np.std(own)) for mean in means)


def _provenance(row: BaselineRow, item: Property) -> str:
    reasons = "; ".join(f"{reason}: {number:,}" for reason, number in row.num_left_out.items()) or "nothing"
    of_kind = {"published": "published parts", "families": f"families at {item.split.min_identity:.0%} identity"}
    if item.level == "pair":
        of_kind["families"] = "complexes of one entry or partner together"
    how = row.note or of_kind[item.split.kind]
    return f"- {item.name} ({item.direction}): {how}. Left out: {reasons}."
