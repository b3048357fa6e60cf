"""Residue type: the training frequency or mean of each residue type. What the composition of sites alone tells."""

from collections.abc import Mapping

import numpy as np
import torch
from jaxtyping import Float, Int
from torch import Tensor

from protea.benchmark.controls.answers import answer_kind, constant_answer, level_of, loss, num_classes
from protea.benchmark.controls.interface import Control, ControlResult
from protea.benchmark.controls.items import ControlData, FeatureSet, Items
from protea.benchmark.suites.interface import Suite, Task
from protea.objectives.inverse_folding import InverseFoldingConfig
from protea.protein.alphabets import NUM_RESIDUE_TYPES
from protea.protein.batch import ProteinBatch

__all__ = ["RESIDUE_TYPE", "RESIDUE_TYPE_FEATURE"]

_PRIOR_WEIGHT = 1.0
"""How many items of the training prior are added to each type, so that a type that is never seen has an answer."""


def _residue_type(batch: ProteinBatch) -> Float[Tensor, "residue 1"]:
    return batch.residue_type[:, None].to(torch.float32)


RESIDUE_TYPE_FEATURE = FeatureSet("residue", _residue_type)


def _applies_to(suite: Suite, task: Task) -> bool:
    return level_of(task) == "residue" and not isinstance(task.objective, InverseFoldingConfig)


def _run(data: ControlData, tasks: Mapping[str, Task], fold: int, seed: int) -> ControlResult:
    split = data.data.folds[fold]
    type_of_train = data.features(RESIDUE_TYPE_FEATURE, split.train)[:, 0].astype(np.int64)
    tables, losses = {}, {}
    for name, task in tasks.items():
        items = data.items(name, split.train)
        tables[name] = _table(task, type_of_train, items)
        keep = items.is_supervised
        losses[name] = loss(task, tables[name][type_of_train[keep]], items.target[keep])
    predictions = {}
    for variant in data.variants:
        type_of = data.features(RESIDUE_TYPE_FEATURE, split.test, variant)[:, 0].astype(np.int64)
        predictions[variant] = {
            name: data.items(name, split.test, variant).predictions(table[type_of]) for name, table in tables.items()
        }
    return ControlResult(predictions, losses)


def _table(task: Task, residue_type: Int[np.ndarray, " item"], items: Items) -> Float[np.ndarray, "type ..."]:
    """Return the answer for each residue type, drawn towards the prior by `_PRIOR_WEIGHT` items."""
    keep = items.is_supervised
    target, residue_type = items.target[keep], residue_type[keep]
    is_classes = answer_kind(task) == "classes"
    value = np.eye(num_classes(task))[target.astype(np.int64)] if is_classes else target.astype(np.float64)
    prior = constant_answer(task, target)
    prior = np.exp(prior) if is_classes else prior
    total = np.zeros((NUM_RESIDUE_TYPES, *prior.shape))
    np.add.at(total, residue_type, value)
    count = np.bincount(residue_type, minlength=NUM_RESIDUE_TYPES).reshape(-1, *(1,) * prior.ndim)
    mean = (total + _PRIOR_WEIGHT * prior) / (count + _PRIOR_WEIGHT)
    return np.log(mean) if is_classes else mean


RESIDUE_TYPE = Control("residue_type", _applies_to, _run)
