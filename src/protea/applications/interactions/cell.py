"""One cell of a comparison: one model on one split, its stage and threshold chosen on validation pairs.

1. Fitted to the training pairs. The stage and the threshold with the highest micro-F1 on the validation pairs, which
   were drawn as the test pairs were, are kept.
2. Fitted again, to training and validation pairs together, as many as a published split trains on.
3. The kept stage is asked for the test pairs once, and cut at the kept threshold.

Beside it stands what the published protocol gives: no validation, threshold 0.5, the best stage on the tested pairs.
"""

from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np
from jaxtyping import Bool, Float, Int

from protea.applications.interactions.model import InteractionModelConfig
from protea.applications.interactions.problem import Messages, Problem
from protea.datasets.interactions.network import InteractionNetwork
from protea.datasets.interactions.network_splits import NetworkSplit
from protea.datasets.interactions.pair_classes import class_rows
from protea.metrics.auprc import auprc
from protea.metrics.micro_f1 import micro_f1, micro_f1_by_unit
from protea.metrics.micro_f1_best import Cut, best_cut
from protea.metrics.resamples import counts_of_pairs
from protea.metrics.undefined import UndefinedMetric

__all__ = ["resampled_proteins", "run_cell"]


def run_cell(
    network: InteractionNetwork, columns: Float[np.ndarray, "protein column"], split: NetworkSplit,
    model: InteractionModelConfig, messages: Messages, seed: int, num_resamples: int,
) -> dict[str, Any]:  # fmt: skip
    """Return what a model reaches on the test pairs of a split."""
    chosen, cut = _chosen_stage(Problem(network, columns, split.train, messages), split.validation, model, seed)
    learned = np.sort(np.concatenate([split.train, split.validation]))
    asked, is_true = network.pairs[split.test], network.labels[split.test]
    found: Float[np.ndarray, "pair type"] | None = None
    published = []
    for number, stage in enumerate(model.stages(Problem(network, columns, learned, messages), seed)):
        probability = stage.probability(asked)
        published.append(_f1(is_true, probability >= 0.5))
        if number == chosen:
            found = probability
    assert found is not None  # the number of stages does not depend on the pairs
    is_predicted = found >= cut.threshold
    classes = class_rows(network, learned, asked)
    known = [value for value in published if value is not None]
    return {
        "num_train": len(split.train), "num_validation": len(split.validation), "num_test": len(split.test),
        "stage": chosen, "num_stages": len(published), "threshold": round(cut.threshold, 6),
        "validation_micro_f1": cut.micro_f1, "micro_f1": _f1(is_true, is_predicted),
        "auprc": auprc(is_true.astype(np.int64), found),
        "published_protocol_micro_f1": max(known) if known else None,
        "best_threshold_micro_f1": best_cut(is_true, found).micro_f1,
        "classes": {name: {"num": len(rows), "micro_f1": _f1(is_true[rows], is_predicted[rows])}
                    for name, rows in classes.items()},
        "types": {name: _f1(is_true[:, place], is_predicted[:, place]) for place, name in enumerate(network.types)},
        "resampled_micro_f1": [
            None if value is None else round(value, 5)
            for value in resampled_proteins(asked, is_true, is_predicted, num_resamples, _split_seed(split))
        ],
    }  # fmt: skip


def _split_seed(split: NetworkSplit) -> int:
    """Return a number that follows from the split alone, so that all models meet the same resamples."""
    return int(split.network[:8], 16) ^ int(split.test.sum())


def _chosen_stage(
    problem: Problem, validation: Int[np.ndarray, " validation_pair"], model: InteractionModelConfig, seed: int
) -> tuple[int, Cut]:
    asked, is_true = problem.network.pairs[validation], problem.network.labels[validation]
    cuts = [best_cut(is_true, stage.probability(asked)) for stage in model.stages(problem, seed)]
    chosen = int(np.argmax([cut.micro_f1 for cut in cuts]))
    return chosen, cuts[chosen]


def resampled_proteins(
    pairs: Int[np.ndarray, "pair 2"], is_true: Bool[np.ndarray, "pair type"],
    is_predicted: Bool[np.ndarray, "pair type"], num_resamples: int, seed: int,
) -> list[float | None]:  # fmt: skip
    """Return micro-F1 in resamples of the proteins of the tested pairs; None where a resample has no value.

    See `counts_of_pairs` for how often a pair counts.
    """
    proteins, place = np.unique(pairs, return_inverse=True)
    place = place.reshape(pairs.shape)
    statistic = micro_f1_by_unit(is_true, is_predicted, None, np.arange(len(pairs)))
    draw = np.random.default_rng(seed)
    values: list[float | None] = []
    for _ in range(num_resamples):
        count = np.bincount(draw.integers(len(proteins), size=len(proteins)), minlength=len(proteins))
        values.append(_value(partial(statistic, counts_of_pairs(count, place))))
    return values


def _f1(is_true: Bool[np.ndarray, "..."], is_predicted: Bool[np.ndarray, "..."]) -> float | None:
    """Return micro-F1, None where nothing is true or predicted, or there is no pair."""
    return _value(partial(micro_f1, is_true, is_predicted)) if is_true.size else None


def _value(metric: Callable[[], float]) -> float | None:
    try:
        return metric()
    except UndefinedMetric:
        return None  # the report prints it as undefined
