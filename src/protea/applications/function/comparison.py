"""A comparison on one labelled set: geometric models beside what must be beaten, judged on the published test chains.

Answers: naive frequencies, the nearest training chain and votes by similarity, one logistic regression per class, the
geometric network without axioms (one model), and with them: one model and K, by mean, minimum and maximum. Axes:
protein, class.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from jaxtyping import Bool, Float
from pydantic import Field

from protea.applications.function.entailment import close_degrees, entail
from protea.applications.function.evaluation import (
    Judgement,
    bands_of_identity,
    function_metrics,
    judge,
    where_predicted,
)
from protea.applications.function.fitting import FitConfig, LabelledColumns, fit_models
from protea.applications.function.function_run import ColumnScale, FunctionRun
from protea.applications.function.known_classes import KnownClasses, classes_of_enzymes, labels_of
from protea.applications.function.labelled_chains import (
    LabelledChain,
    LabelledChains,
    LabelledChainsConfig,
    read_labelled_chains,
)
from protea.applications.function.logistic import logistic_degrees
from protea.applications.function.naive import naive_degrees
from protea.applications.function.sequence_columns import sequence_columns
from protea.applications.function.similarity import SimilarityDegrees, similarity_degrees
from protea.config import Config
from protea.datasets.ontology.enzyme_numbers import parse_enzyme_number
from protea.datasets.ontology.information_content import information_content
from protea.errors import InputError, describe
from protea.metrics.auroc import auroc
from protea.metrics.undefined import UndefinedMetric

__all__ = ["FunctionComparison", "FunctionComparisonConfig", "ZeroShot", "compare_function"]


class FunctionComparisonConfig(Config):
    """What a comparison reads, fits and judges; terms are EC numbers."""

    name: str = Field(description="Name of the set, as the page names it.")
    chains: LabelledChainsConfig = Field(description="Labels, parts and sequences.")
    fit: FitConfig = Field(FitConfig(), description="How the geometric models are fitted.")
    num_resamples: int = Field(100, ge=2, description="Resamples of test proteins behind each interval.")


@dataclass(frozen=True)
class ZeroShot:
    """Classes without a training annotation, on some test protein: mean AUROC by their own ball, by their parent.

    Roots have no parent and are not among them.
    """

    num_classes: int
    num_proteins: int
    own: float | None
    parent: float | None


@dataclass(frozen=True, eq=False)
class FunctionComparison:
    """Every answer judged, and what a reader must know of the data and the fits."""

    config: FunctionComparisonConfig
    judged: Mapping[str, list[Judgement]]
    num_violations: Mapping[str, tuple[int, int]]
    """(protein, link) at which a class scores above its parent, before and after closing, by answer."""
    zero_shot: ZeroShot
    facts: Mapping[str, Any]
    run: FunctionRun


@dataclass(frozen=True, eq=False)
class _Parts:
    """The three parts as sequences and closed labels of all classes."""

    classes: KnownClasses
    chains: tuple[tuple[LabelledChain, ...], ...]
    label: tuple[np.ndarray, ...]  # [protein, class] bool each

    def sequences(self, part: int) -> list[str]:
        return [chain.sequence for chain in self.chains[part]]


def compare_function(
    config: FunctionComparisonConfig,
    data: Path,
    *,
    num_threads: int = 1,
    tell: Callable[[str], None] = lambda line: None,
) -> FunctionComparison:
    """Return the comparison on the chains below a data folder.

    Raises:
        InputError: a table cannot be read, or a part has no chain with a sequence.
    """
    chains = read_labelled_chains(config.chains, data)
    parts = _parts(chains)
    classes, is_trained = parts.classes, parts.classes.is_trained()
    column = [sequence_columns(parts.sequences(part)) for part in range(3)]
    scale = ColumnScale.of(column[0])
    train, held, asked = (scale(one) for one in column)
    tell(f"{len(train)} training, {len(held)} validation, {len(asked)} test chains; {len(classes.hierarchy)} classes")

    similar = similarity_degrees(parts.sequences(2), parts.sequences(0), parts.label[0], num_threads=num_threads)
    tell(f"{similar.num_with_hit()} test chains have a hit among the training chains")
    answers = {
        "naive": naive_degrees(parts.label[0], len(asked)),
        "nearest": similar.nearest,
        "votes": similar.votes,
        "logistic": _with_unseen(
            logistic_degrees(
                (train, parts.label[0][:, is_trained]), (held, parts.label[1][:, is_trained]), asked
            ),
            is_trained,
        ),
    }  # fmt: skip
    run = _fitted(config.fit, parts, scale, train, held, tell)
    alone = config.fit.model_copy(update={"axiom_weight": 0.0, "num_models": 1, "num_kept": 1})
    without = _fitted(alone, parts, scale, train, held, tell)
    raw = run.raw_degrees(parts.sequences(2))
    answers |= {
        "no axioms, K = 1": entail(without.raw_degrees(parts.sequences(2))),
        "axioms, K = 1": raw[0],
        f"axioms, mean of {len(raw)}": entail(raw, "mean"),
        f"axioms, min of {len(raw)}": entail(raw, "min"),
        f"axioms, max of {len(raw)}": entail(raw, "max"),
    }
    closed = {name: close_degrees(score, classes.hierarchy, is_trained) for name, score in answers.items()}
    num_of = classes.hierarchy.num_violations
    violations = {name: (num_of(answers[name]), num_of(closed[name])) for name in closed}
    judged = _judged(config, parts, closed, similar, tell)
    zero_shot = _zero_shot(parts, raw)
    return FunctionComparison(config, judged, violations, zero_shot, _facts(chains, parts, similar), run)


def _parts(chains: LabelledChains) -> _Parts:
    split = tuple(chains.part(number) for number in range(3))
    empty = [name for name, part in zip(("training", "validation", "test"), split, strict=True) if not part]
    if empty:
        raise InputError(describe(f"no {empty[0]} chain has a sequence", expected="some in every part"))
    every = [term for chain in chains.chains for term in chain.terms]
    classes = classes_of_enzymes(every, [term for chain in split[0] for term in chain.terms])
    labels = tuple(
        labels_of(classes, {chain.id: [parse_enzyme_number(term) for term in chain.terms] for chain in part})
        for part in split
    )
    return _Parts(classes, split, labels)


def _fitted(
    fit: FitConfig, parts: _Parts, scale: ColumnScale, train: np.ndarray, held: np.ndarray, tell: Callable[[str], None]
) -> FunctionRun:
    is_trained = parts.classes.is_trained()
    tell(f"fitting {fit.num_models} models with axiom weight {fit.axiom_weight:g}")
    models = fit_models(
        fit, parts.classes.forms(), LabelledColumns(train, parts.label[0][:, is_trained]),
        LabelledColumns(held, parts.label[1][:, is_trained]), tell,
    )  # fmt: skip
    return FunctionRun(parts.classes, scale, fit, models)


def _with_unseen(
    score: Float[np.ndarray, "protein trained"], is_trained: Bool[np.ndarray, " class"]
) -> Float[np.ndarray, "protein class"]:
    """Return the scores with 0 for the classes that no training protein has."""
    found = np.zeros((len(score), len(is_trained)))
    found[:, is_trained] = score
    return found


def _judged(
    config: FunctionComparisonConfig,
    parts: _Parts,
    closed: Mapping[str, np.ndarray],
    similar: SimilarityDegrees,
    tell: Callable[[str], None],
) -> dict[str, list[Judgement]]:
    """Return the figures of every answer: on all test chains, by measured identity, and on the bands of the list."""
    metrics = function_metrics(information_content(parts.label[0], parts.classes.hierarchy))
    fmax = {"fmax": metrics["fmax"]}
    measured, listed, num_resamples = bands_of_identity(similar.highest_identity), _listed(parts), config.num_resamples
    found = {}
    for name, scores in closed.items():
        label, score = parts.label[2], where_predicted(scores)
        found[name] = judge(label, score, metrics, num_resamples=num_resamples, with_interval=("fmax", "smin"))
        found[name] += judge(label, score, fmax, bands=measured, is_whole_judged=False, num_resamples=num_resamples)
        found[name] += judge(label, score, fmax, bands=listed, is_whole_judged=False, with_interval=())
        tell(f"{name}: F-max {found[name][0].estimate}")
    return found


def _listed(parts: _Parts) -> dict[str, Bool[np.ndarray, " protein"]]:
    """Return the bands of the list, by the names of the configuration."""
    names = dict.fromkeys(band for chain in parts.chains[2] for band in sorted(chain.bands))
    return {name: np.array([name in chain.bands for chain in parts.chains[2]]) for name in sorted(names)}


def _zero_shot(parts: _Parts, raw: Float[np.ndarray, "model protein class"]) -> ZeroShot:
    degree, label, hierarchy = entail(raw), parts.label[2], parts.classes.hierarchy
    own, parent, proteins = [], [], np.zeros(len(label), dtype=bool)
    for index in np.flatnonzero(~parts.classes.is_trained() & label.any(axis=0)):
        above = hierarchy.parents(int(index))
        if not len(above):
            continue  # a root has no parent to be held against
        try:
            own.append(auroc(label[:, index], degree[:, index]))
            parent.append(auroc(label[:, index], degree[:, above].min(axis=1)))
        except UndefinedMetric:
            continue  # every test protein has it
        proteins |= label[:, index]
    mean_own, mean_parent = (float(np.mean(values)) if values else None for values in (own, parent))
    return ZeroShot(len(own), int(proteins.sum()), mean_own, mean_parent)


def _facts(chains: LabelledChains, parts: _Parts, similar: SimilarityDegrees) -> dict[str, Any]:
    is_trained = parts.classes.is_trained()
    measured = bands_of_identity(similar.highest_identity)
    within = {
        name: {band: int((is_in & is_below).sum()) for band, is_below in measured.items()}
        for name, is_in in _listed(parts).items()
    }
    return {
        "num_listed": list(chains.num_listed),
        "num_with_sequence": [len(part) for part in parts.chains],
        "sequences_from": dict(chains.num_from),
        "num_disagreeing": chains.num_disagreeing,
        "num_classes": len(parts.classes.hierarchy),
        "num_trained": parts.classes.num_trained,
        "num_with_hit": similar.num_with_hit(),
        "share_of_unseen_labels": float(parts.label[2][:, ~is_trained].sum() / parts.label[2].sum()),
        "listed_band_by_measured_identity": within,
    }
