"""What controls learn from: targets and features of all proteins of a suite, computed once and cut by split.

Axes: item (residues of all proteins end to end, or proteins), feature. Targets come from the task's own objective, and
items in the order of `evaluation_batches`, so that a control and a trained cell are compared item by item.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import torch
from jaxtyping import Bool, Float, Int, Shaped
from torch import Tensor

from protea.benchmark.predictions import StoredPredictions, stored
from protea.benchmark.suites.interface import SuiteData, Task
from protea.objectives.interface import EncoderWidth
from protea.protein.batch import ProteinBatch
from protea.training.config import BatchConfig
from protea.training.data import evaluation_batches
from protea.training.evaluation import Predictions

__all__ = ["ControlData", "FeatureMaker", "Items"]

FeatureMaker = Callable[[ProteinBatch], Float[Tensor, "item feature"]]
"""Computes features of a batch, one row per residue or per protein; nothing may cross a protein border."""


@dataclass(frozen=True, eq=False)
class Items:
    """The items of some proteins with one task's targets."""

    ids: tuple[str, ...]
    item_ptr: Int[np.ndarray, " protein_plus_1"]
    target: Shaped[np.ndarray, "item ..."]
    is_supervised: Bool[np.ndarray, " item"]

    def predictions(self, score: Float[np.ndarray, "item ..."]) -> StoredPredictions:
        """Return scores of these items in the stored form of a trained cell."""
        return stored(
            Predictions(self.ids, np.arange(len(self.ids)), self.item_ptr, score.astype(np.float32), self.target,
                        self.is_supervised, float("nan"))
        )  # fmt: skip


class ControlData:
    """A suite's data as arrays. What was computed once is kept, so that ten folds cost one pass per feature set."""

    def __init__(self, data: SuiteData, tasks: Mapping[str, Task]) -> None:
        self.data, self.tasks = data, dict(tasks)
        self._targets: dict[tuple[str, str], tuple[np.ndarray, np.ndarray]] = {}
        self._features: dict[tuple[str, FeatureMaker], np.ndarray] = {}
        self._ids: dict[str, tuple[str, ...]] = {}
        self._lengths: dict[str, np.ndarray] = {}

    @property
    def variants(self) -> tuple[str, ...]:
        """Names of the input variants; the first is trained on."""
        return tuple(self.data.inputs)

    def items(self, task: str, ids: Sequence[str], variant: str | None = None) -> Items:
        """Return the targets of a task for the named proteins that a variant holds, in the order given."""
        variant = variant or self.data.main_input
        present = self._present(ids, variant)
        if (variant, task) not in self._targets:
            self._read_targets(variant)
        target, is_supervised = self._targets[variant, task]
        chosen, item_ptr = self._rows(present, variant, self.tasks[task].objective_level)
        return Items(present, item_ptr, target[chosen], is_supervised[chosen])

    def features(
        self, maker: FeatureMaker, ids: Sequence[str], variant: str | None = None
    ) -> Float[np.ndarray, "item feature"]:
        """Return features of the named proteins that a variant holds, in float32, aligned with `items`."""
        variant = variant or self.data.main_input
        if (variant, maker) not in self._features:
            parts = [maker(batch).float().numpy() for batch in self._batches(variant)]
            self._features[variant, maker] = np.concatenate(parts)
        table = self._features[variant, maker]
        present = self._present(ids, variant)
        is_by_protein = len(table) == len(self._ids[variant]) != int(self._lengths[variant].sum())
        return table[self._rows(present, variant, "protein" if is_by_protein else "residue")[0]]
