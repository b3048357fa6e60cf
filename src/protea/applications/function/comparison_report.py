"""A comparison of function predictors as a page of Markdown and as JSON."""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from protea.applications.function.comparison import FunctionComparison
from protea.applications.function.evaluation import ALL, Judgement, bands_of_identity

__all__ = ["comparison_json", "comparison_markdown", "judgement_rows", "write_comparison"]

_TITLES = {
    "fmax": "F-max", "auprc_protein": "AUPR", "auroc_macro": "term AUROC", "fmax_weighted": "weighted F-max",
    "smin": "S-min (bits)",
}  # fmt: skip


def judgement_rows(judged: Sequence[Judgement], metrics: Sequence[str], band: str) -> list[str]:
    """Return the cells of one answer in one band: value and 95 % interval of each metric."""
    of = {one.metric: one for one in judged if one.band == band}
    return [_cell(of[name]) if name in of else "" for name in metrics]


def _cell(one: Judgement) -> str:
    if one.estimate is None:
        return "undefined"
    if one.interval is None:
        return f"{one.estimate:.3f}"
    return f"{one.estimate:.3f} ({one.interval.low:.3f} to {one.interval.high:.3f})"


def comparison_json(found: FunctionComparison) -> dict[str, Any]:
    """Return everything as plain values."""
    return {
        "name": found.config.name,
        "settings": found.config.model_dump(mode="json"),
        "facts": dict(found.facts),
        "models": [{"seed": m.seed, "epoch": m.epoch, "validation_loss": m.validation_loss} for m in found.run.models],
        "violations": {name: {"before": b, "after": a} for name, (b, a) in found.num_violations.items()},
        "zero_shot": {
            "num_classes": found.zero_shot.num_classes,
            "num_proteins": found.zero_shot.num_proteins,
            "auroc_of_own_ball": found.zero_shot.own,
            "auroc_of_parent": found.zero_shot.parent,
        },
        "judged": {
            name: [
                {
                    "band": one.band, "metric": one.metric, "num_proteins": one.num_proteins,
                    "estimate": one.estimate, "low": None if one.interval is None else one.interval.low,
                    "high": None if one.interval is None else one.interval.high,
                }
                for one in judged
            ]
            for name, judged in found.judged.items()
        },
    }  # fmt: skip


def comparison_markdown(found: FunctionComparison, command: str) -> str:
    """Return the page; `command` is what makes it."""
    facts = found.facts
    metrics = list(dict.fromkeys(one.metric for judged in found.judged.values() for one in judged))
    bands = list(dict.fromkeys(one.band for judged in found.judged.values() for one in judged))
    measured = [band for band in bands_of_identity(np.zeros(0)) if band in bands]
    sizes = {one.band: one.num_proteins for judged in found.judged.values() for one in judged}
    parts = [
        f"# Function by ontology: {found.config.name}",
        f"Made by `{command}`.",
        _about(found),
        "## All test chains",
        _table(["answer", *(_TITLES[name] for name in metrics)],
               [[name, *judgement_rows(judged, metrics, ALL)] for name, judged in found.judged.items()]),
        "## F-max by identity to our training chains",
        "Bands by the highest identity of a hit that covers at least half of the test chain.",
        _band_table(found, measured, sizes),
        "## F-max on the bands of the list",
        _about_bands(facts["listed_band_by_measured_identity"], sizes),
        _band_table(found, [band for band in bands if band not in (ALL, *measured)], sizes),
        "## Consistency",
        "Pairs of a test chain and a link at which a class scores above its parent, before and after closing. Every "
        "answer is closed before it is judged.",
        _table(["answer", "before", "after"],
               [[name, str(before), str(after)] for name, (before, after) in found.num_violations.items()]),
        "## Classes that no training chain has",
        _zero_shot(found),
    ]  # fmt: skip
    return "\n\n".join(parts) + "\n"


def _band_table(found: FunctionComparison, bands: Sequence[str], sizes: Mapping[str, int]) -> str:
    rows = [
        [name, *(judgement_rows(judged, ["fmax"], band)[0] for band in bands)] for name, judged in found.judged.items()
    ]
    return _table(["answer", *(f"{band} ({sizes[band]})" for band in bands)], rows)


def _about_bands(within: Mapping[str, Mapping[str, int]], sizes: Mapping[str, int]) -> str:
    found = "; ".join(
        f"{name} ({sizes.get(name, 0)} chains): " + ", ".join(f"{count} {band}" for band, count in counts.items())
        for name, counts in within.items()
    )
    return (
        "The list flags test chains by their identity to all published training chains. **The flags let relatives "
        "through**: measured against our part of the training chains alone (at least half of the test chain covered), "
        f"the listed bands hold {found}. Some of these are fragments of longer training chains."
    )


def _about(found: FunctionComparison) -> str:
    facts, kept = found.facts, found.run.models
    parts = ("train", "validation", "test")
    have = zip(parts, facts["num_with_sequence"], facts["num_listed"], strict=True)
    sizes = ", ".join(f"{part} {count:,} of {listed:,}" for part, count, listed in have)
    tables = ", ".join(f"{name} {count:,}" for name, count in facts["sequences_from"].items())
    unseen = 100 * facts["share_of_unseen_labels"]
    data = (
        f"Chains with a sequence in the shared data: {sizes}; of the rest there are ids alone, so **these figures are "
        f"not comparable with published ones**, which learn from all. Sequences come from: {tables}; of "
        f"{facts['num_disagreeing']:,} chains a later table has another sequence (observed residues against the whole "
        f"construct, say), and the first counts. {facts['num_classes']} classes on four levels, "
        f"{facts['num_trained']} of them on some training chain; {unseen:.1f} % of the closed test labels are of the "
        "others, and count as missed where an answer cannot name them. Columns: shares of letters, of pairs, of "
        "triples of groups, and the length (`applications/function/sequence_columns.py`): no language model, since "
        f"none is trained here yet. {facts['num_with_hit']:,} test chains have a hit among the training chains."
    )
    fits = (
        f"Geometric models: {found.config.fit.num_models} seeds, of which the {len(kept)} with the lowest validation "
        f"cross-entropy are kept ({kept[0].validation_loss:.5f} to {kept[-1].validation_loss:.5f}); `K = 1` is the "
        "best of these. EC numbers have no axioms but inclusion (the first normal form). `logistic`: one regression "
        "per class. `nearest`, `votes`: MMseqs2. Information content is counted on training chains. Intervals: 95 %, "
        f"{found.config.num_resamples} resamples of test chains."
    )
    return f"{data}\n\n{fits}"


def _zero_shot(found: FunctionComparison) -> str:
    zero = found.zero_shot
    if zero.own is None or zero.parent is None:
        return "No test chain has such a class."
    return (
        f"{zero.num_classes} classes on {zero.num_proteins} test chains have axioms and no annotation. Mean AUROC over "
        f"them by their own ball (zero-shot): {zero.own:.3f}; by the score of their parent, which needs no such model: "
        f"{zero.parent:.3f}."
    )


def _table(heads: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    lines = ["| " + " | ".join(heads) + " |", "|:--|" + "--:|" * (len(heads) - 1)]
    return "\n".join([*lines, *("| " + " | ".join(row) + " |" for row in rows)])


def write_comparison(found: FunctionComparison, folder: Path, command: str) -> None:
    """Write `<name>.md` and `<name>.json` into a folder, made if absent."""
    folder.mkdir(parents=True, exist_ok=True)
    text = json.dumps(comparison_json(found), indent=1, allow_nan=False)
    (folder / f"{found.config.name}.json").write_text(text + "\n", encoding="utf-8")
    (folder / f"{found.config.name}.md").write_text(comparison_markdown(found, command), encoding="utf-8")
