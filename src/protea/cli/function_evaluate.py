"""`protea function evaluate`: predictions of anybody against annotations, by the metrics of CAFA."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from protea.cli.options import JsonOption
from protea.cli.printing import print_json, print_table, say

if TYPE_CHECKING:
    from protea.applications.function.annotated_test import AnnotatedTest
    from protea.datasets.ontology.annotations import Annotations
    from protea.metrics.bootstrap import Interval

__all__ = ["evaluate"]


def evaluate(
    predictions: Annotated[Path, typer.Argument(help="CSV (protein, term, score) or NPZ (proteins, terms, score).")],
    annotations: Annotated[Path, typer.Option("--annotations", help="GAF 2.x, or a table with protein and term.")],
    obo: Annotated[Path | None, typer.Option("--obo", help="The ontology; EC numbers if not given.")] = None,
    relation: Annotated[
        list[str] | None, typer.Option("--relation", help="Relation that passes a term on, as part_of. Repeatable.")
    ] = None,
    training: Annotated[
        Path | None, typer.Option("--training", help="Annotations of the training proteins, for S-min.")
    ] = None,
    identities: Annotated[
        Path | None, typer.Option("--identities", help="CSV with protein, max_identity (0-1) to training, for bands.")
    ] = None,
    all_evidence: Annotated[bool, typer.Option("--all-evidence", help="Count every evidence code of a GAF.")] = False,
    resamples: Annotated[int, typer.Option(min=2, help="Resamples of proteins behind each interval.")] = 200,
    json: JsonOption = False,
) -> None:
    """Judge predictions of terms: F-max, area, term AUROC; with --training weighted F-max and S-min.

    Each namespace of an ontology is judged by itself, without its root. A pair that is not predicted, or scores 0, is
    predicted at no threshold.

    Exit codes: 0 done; 2 a file that cannot be read or does not fit.
    """
    from protea.applications.function.annotated_test import judge_annotated
    from protea.applications.function.asked_terms import asked_enzyme_numbers, asked_of_ontology
    from protea.applications.function.prediction_files import read_predictions, read_test_identities
    from protea.datasets.ontology.obo import read_obo
    from protea.errors import ConfigError, describe

    if relation and obo is None:
        raise ConfigError(describe("EC numbers have no relations", where="--relation", expected="--obo as well"))
    predicted, truth = read_predictions(predictions), _annotations(annotations, all_evidence)
    known = None if training is None else _annotations(training, all_evidence)
    if obo is None:
        asked = asked_enzyme_numbers(predicted, truth, known)
    else:
        asked = asked_of_ontology(predicted, truth, known, read_obo(obo), relations=relation or ())
    identity_of = None
    if identities is not None:
        found = read_test_identities(identities, tuple(asked.truth.of))
        identity_of = dict(zip(asked.truth.of, found.tolist(), strict=True))
    tests = {
        name: judge_annotated(
            asked.predicted, asked.truth, hierarchy, training=asked.training, identity_of=identity_of,
            is_root_counted=obo is None, num_resamples=resamples,
        )
        for name, hierarchy in asked.hierarchies.items()
    }  # fmt: skip
    if json:
        print_json({name: _tree(test) for name, test in tests.items()})
        return
    for name, test in tests.items():
        _print(name, test)


def _annotations(path: Path, all_evidence: bool) -> "Annotations":
    from protea.datasets.ontology.annotations import EXPERIMENTAL, read_annotation_table, read_gaf
    from protea.errors import ConfigError, describe

    if any(suffix == ".gaf" for suffix in path.suffixes):
        return read_gaf(path, evidence=None if all_evidence else EXPERIMENTAL)
    if all_evidence:
        raise ConfigError(
            describe("a table states no evidence", where=f"--all-evidence, {path}", expected="a GAF file")
        )
    return read_annotation_table(path)


def _tree(test: "AnnotatedTest") -> dict[str, Any]:
    return {
        "num_proteins": test.num_proteins,
        "num_classes": test.num_classes,
        "num_violations_before_closing": test.num_violations,
        "left_out": dict(test.left_out),
        "figures": [
            {
                "band": one.band, "metric": one.metric, "num_proteins": one.num_proteins, "estimate": one.estimate,
                "low": None if one.interval is None else one.interval.low,
                "high": None if one.interval is None else one.interval.high,
            }
            for one in test.judged
        ],
    }  # fmt: skip


def _print(name: str, test: "AnnotatedTest") -> None:
    say(f"{name}: {test.num_proteins} proteins, {test.num_classes} terms")
    say(f"{name}: {test.num_violations} scores above that of a parent, closed before they are judged")
    for reason, count in test.left_out.items():
        say(f"{name}: {count} {reason}")
    rows = [
        [name, one.band, str(one.num_proteins), one.metric, *_cells(one.estimate, one.interval)] for one in test.judged
    ]
    heads = ("ontology", "identity", "proteins", "metric", "value", "95 % interval")
    print_table(heads, rows, numbers=frozenset({"proteins", "value"}))


def _cells(estimate: float | None, interval: "Interval | None") -> tuple[str, str]:
    value = "undefined" if estimate is None else f"{estimate:.3f}"
    return value, "" if interval is None else f"{interval.low:.3f} to {interval.high:.3f}"
