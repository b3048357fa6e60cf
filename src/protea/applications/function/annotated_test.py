"""Predictions put against annotations in one hierarchy: who is asked about, which classes count, and the figures.

Asked about is every protein with an annotation in the hierarchy; one that has no prediction scores 0 throughout, which
costs recall: a score of 0 is a prediction at no threshold. Predictions are closed before they are judged. Axes:
protein, class.
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from jaxtyping import Float

from protea.applications.function.evaluation import (
    Judgement,
    bands_of_identity,
    function_metrics,
    judge,
    where_predicted,
)
from protea.applications.function.prediction_files import PredictedTerms
from protea.datasets.ontology.annotations import Annotations, propagate
from protea.datasets.ontology.hierarchy import Hierarchy
from protea.datasets.ontology.information_content import information_content
from protea.errors import InputError, describe

__all__ = ["AnnotatedTest", "judge_annotated"]


@dataclass(frozen=True, eq=False)
class AnnotatedTest:
    """The figures, the number of proteins and classes behind them, and what was left out, counted by its reason."""

    judged: list[Judgement]
    num_proteins: int
    num_classes: int
    num_violations: int
    """(protein, link) at which the predictions as given score a class above its parent."""
    left_out: Mapping[str, int]


def judge_annotated(
    predicted: PredictedTerms,
    annotations: Annotations,
    hierarchy: Hierarchy,
    *,
    training: Annotations | None = None,
    identity_of: Mapping[str, float] | None = None,
    is_root_counted: bool = False,
    num_resamples: int = 200,
    seed: int = 0,
) -> AnnotatedTest:
    """Return the figures of predictions on annotated proteins.

    Args:
        predicted: scores in [0, 1]; a pair that it does not name has 0, and 0 is no prediction.
        annotations: of the test proteins.
        hierarchy: of one ontology.
        training: of the training proteins, for information content: without them no S-min and no weighted F-max.
        identity_of: highest identity (0-1) of each test protein to the training part, for the bands.
        is_root_counted: whether roots count; those of GO say nothing, those of EC are the seven classes.
        num_resamples: resamples of proteins behind each interval.
        seed: of the resamples.

    Raises:
        InputError: fewer than two annotated proteins, or one without identity where identities are given.
    """
    truth = propagate(annotations, hierarchy, list(annotations.of))
    has_label = np.asarray(truth.label.any(axis=1))
    proteins = [name for name, is_one in zip(annotations.of, has_label.tolist(), strict=True) if is_one]
    if len(proteins) < 2:
        raise InputError(describe("too few annotated proteins", expected="at least two", found=str(len(proteins))))
    left_out = Counter({f"annotation: {reason}": count for reason, count in annotations.left_out.items()})
    left_out.update({f"annotation: {reason}": count for reason, count in truth.left_out.items()})
    score = _score(predicted, proteins, hierarchy, left_out)
    bands = None
    if identity_of is not None:
        absent = [name for name in proteins if name not in identity_of]
        if absent:
            raise InputError(describe(f"{len(absent)} test proteins without identity", found=", ".join(absent[:3])))
        bands = bands_of_identity(np.array([identity_of[name] for name in proteins]))
    information = _information(training, hierarchy, left_out)
    keep = np.ones(len(hierarchy), dtype=bool)
    keep[hierarchy.roots()] = is_root_counted
    judged = judge(
        truth.label[has_label], where_predicted(hierarchy.closed_scores(score)), function_metrics(information),
        bands=bands, is_class_counted=keep, num_resamples=num_resamples, seed=seed,
    )  # fmt: skip
    return AnnotatedTest(
        judged, len(proteins), int(keep.sum()), hierarchy.num_violations(score),
        {reason: count for reason, count in left_out.items() if count},
    )  # fmt: skip


def _information(
    training: Annotations | None, hierarchy: Hierarchy, left_out: Counter[str]
) -> Float[np.ndarray, " class"] | None:
    """Return bits of each class; None without training annotations, or where all training proteins have the same."""
    if training is None:
        return None
    known = propagate(training, hierarchy, list(training.of)).label
    known = known[known.any(axis=1)]
    if not len(known) or (known == known[0]).all():
        left_out["training parts that tell classes apart too little for S-min"] += 1
        return None
    return information_content(known, hierarchy)


def _score(
    predicted: PredictedTerms, proteins: list[str], hierarchy: Hierarchy, left_out: Counter[str]
) -> Float[np.ndarray, "protein class"]:
    """Return the given scores in the order of the proteins and of the hierarchy."""
    row_of = {name: row for row, name in enumerate(predicted.proteins)}
    columns = [(place, hierarchy.index_of[t]) for place, t in enumerate(predicted.terms) if t in hierarchy.index_of]
    left_out["predicted terms outside the hierarchy"] += len(predicted.terms) - len(columns)
    left_out["predicted proteins without annotation"] += len(set(predicted.proteins) - set(proteins))
    left_out["annotated proteins without prediction, judged with 0"] += len(set(proteins) - set(row_of))
    score = np.zeros((len(proteins), len(hierarchy)))
    given, wanted = [place for place, _ in columns], [index for _, index in columns]
    for row, name in enumerate(proteins):
        if name in row_of:
            score[row, wanted] = predicted.score[row_of[name], given]
    return score
