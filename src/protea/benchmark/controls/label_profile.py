"""Label profile: the mean label of the training pairs of both proteins of a pair. No sequence is read.

A protein without a training pair has the mean of all. For interactions that is the mean of types, or the share of pairs
that are known rather than drawn; for values their mean. It is the bar for pairs of known proteins.
"""

from collections.abc import Mapping

import numpy as np

from protea.benchmark.controls.answers import answer_kind, level_of, loss
from protea.benchmark.controls.interface import Control, ControlResult
from protea.benchmark.controls.items import ControlData
from protea.benchmark.suites.interface import Suite, Task
from protea.datasets.interactions.label_profile import LabelProfiles, label_profiles

__all__ = ["LABEL_PROFILE"]


def _applies_to(suite: Suite, task: Task) -> bool:
    return level_of(task) == "pair" and answer_kind(task) != "classes"


def _run(data: ControlData, tasks: Mapping[str, Task], fold: int, seed: int) -> ControlResult:
    split = data.data.folds[fold]
    pairs = data.data.members_of(split.train)
    predictions: dict[str, dict] = {variant: {} for variant in data.variants}
    losses = {}
    for name, task in tasks.items():
        train = data.items(name, split.train)
        keep = train.is_supervised
        known, label = pairs[keep], train.target[keep]
        profiles = label_profiles(known, label.reshape(len(label), -1), data.data.num_proteins)
        # A training pair is part of its own profile: this loss is lower than any new pair's would be.
        losses[name] = loss(task, profiles.of_pairs(known).reshape(label.shape), label)

        def answer(ids: tuple[str, ...], variant: str, profiles: LabelProfiles = profiles) -> np.ndarray:
            return profiles.of_pairs(data.data.members_of(ids))

        for variant in data.variants:
            predictions[variant][name] = data.answered(name, task, fold, variant, answer)
    return ControlResult(predictions, losses)


LABEL_PROFILE = Control("label_profile", _applies_to, _run)
