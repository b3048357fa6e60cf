"""Affinities without an encoder: a line through the number of mutations, or through the size of the interface.

Both count in log(1 + n). More mutations weaken binding more, and large interfaces bind more tightly; what a model adds
to that is its own. Neither knows which residues there are.
"""

from collections.abc import Callable, Mapping

import numpy as np
import torch
from jaxtyping import Float
from torch import Tensor

from protea.benchmark.controls.answers import loss
from protea.benchmark.controls.interface import Control, ControlResult
from protea.benchmark.controls.items import ControlData, FeatureSet
from protea.benchmark.suites.affinity import INTERFACE_RESIDUES, MUTATIONS, Affinity
from protea.benchmark.suites.interface import Suite, Task
from protea.protein.batch import ProteinBatch

__all__ = ["INTERFACE_SIZE", "MUTATION_COUNT"]


def _column(label: str) -> FeatureSet:
    def compute(batch: ProteinBatch) -> Float[Tensor, "protein 1"]:
        return torch.log1p(batch.extra[label].value.float())[:, None]

    return FeatureSet("protein", compute)


def _runner(features: FeatureSet) -> Callable[[ControlData, Mapping[str, Task], int, int], ControlResult]:
    def run(data: ControlData, tasks: Mapping[str, Task], fold: int, seed: int) -> ControlResult:
        split = data.data.folds[fold]
        predictions: dict[str, dict] = {variant: {} for variant in data.variants}
        losses = {}
        for name, task in tasks.items():
            train = data.items(name, split.train)
            keep = train.is_supervised
            known = data.features(features, split.train)[keep, 0].astype(np.float64)
            target = train.target[keep].astype(np.float64)
            # A column that never varies says nothing: the mean is left.
            slope = float(np.cov(known, target)[0, 1] / known.var(ddof=1)) if known.std() > 0 else 0.0
            offset = float(target.mean() - slope * known.mean())
            losses[name] = loss(task, slope * known + offset, target)
            for variant in data.variants:
                asked = data.features(features, split.test, variant)[:, 0].astype(np.float64)
                predictions[variant][name] = data.items(name, split.test, variant).predictions(slope * asked + offset)
        return ControlResult(predictions, losses)

    return run


def _has_mutants(suite: Suite, task: Task) -> bool:
    return isinstance(suite, Affinity) and suite.source.asks == "change"


def _is_affinity(suite: Suite, task: Task) -> bool:
    return isinstance(suite, Affinity)


MUTATION_COUNT = Control("mutation_count", _has_mutants, _runner(_column(MUTATIONS)))
INTERFACE_SIZE = Control("interface_size", _is_affinity, _runner(_column(INTERFACE_RESIDUES)))
