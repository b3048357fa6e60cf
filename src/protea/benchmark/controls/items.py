"""What controls learn from: targets and features of all proteins of a suite, computed once and cut by split.

Axes: item (residues end to end, proteins, or pairs), feature. Targets come from the task's own objective, and
items in the order of `evaluation_batches`, so that a control and a trained cell are compared item by item.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import torch
from jaxtyping import Bool, Float, Int, Shaped

from protea.benchmark.predictions import StoredPredictions, stored
from protea.benchmark.suites.interface import SuiteData, Task
from protea.objectives.interface import EncoderWidth, ItemLevel, Level
from protea.objectives.residue_contacts import ResidueContacts
from protea.protein.batch import ProteinBatch
from protea.training.config import BatchConfig
from protea.training.data import evaluation_batches
from protea.training.evaluation import BETWEEN_MEMBERS, MapCells, Predictions

__all__ = ["AnswerItems", "ControlData", "FeatureSet", "Items"]


AnswerItems = Callable[[tuple[str, ...], str], np.ndarray]
"""(ids of entries, input variant) -> one score per item, in the form of the task's kind of answer."""


@dataclass(frozen=True)
class FeatureSet:
    """Features of one level: `compute` maps a batch to one float row per residue or per protein.

    Nothing that it reads crosses a protein border, so the batch in which a protein is computed does not matter.
    """

    level: Level
    compute: Callable[[ProteinBatch], torch.Tensor]


@dataclass(frozen=True, eq=False)
class Items:
    """The items of some proteins with one task's targets."""

    ids: tuple[str, ...]
    item_ptr: Int[np.ndarray, " protein_plus_1"]
    target: Shaped[np.ndarray, "item ..."]
    is_supervised: Bool[np.ndarray, " item"]
    maps: MapCells | None = None
    cell_types: Int[np.ndarray, "item 2"] | None = None
    """Where items are cells of maps: both residue types."""

    def predictions(self, score: Float[np.ndarray, "item ..."], cut: float | None = None) -> StoredPredictions:
        """Return scores of these items in the stored form of a trained cell."""
        return stored(
            Predictions(self.ids, np.arange(len(self.ids)), self.item_ptr, score.astype(np.float32), self.target,
                        self.is_supervised, float("nan"), maps=self.maps), cut=cut
        )  # fmt: skip


@dataclass(frozen=True, eq=False)
class _Column:
    """One array over all proteins of a variant, cut by a pointer."""

    value: np.ndarray
    ptr: np.ndarray

    def of(self, proteins: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Return the rows of the given proteins, end to end, and their pointer."""
        lengths = np.diff(self.ptr)[proteins]
        ptr = np.concatenate([[0], np.cumsum(lengths)])
        shift = np.repeat(self.ptr[proteins] - ptr[:-1], lengths)
        return self.value[np.arange(ptr[-1]) + shift], ptr


class ControlData:
    """A suite's data as arrays. What was computed once is kept, so that ten folds cost one pass per feature set."""

    def __init__(self, data: SuiteData, tasks: Mapping[str, Task]) -> None:
        self.data = data
        self._objectives = {name: task.objective.build(EncoderWidth(1)) for name, task in tasks.items()}
        self._targets: dict[tuple[str, str], tuple[_Column, _Column]] = {}
        self._maps: dict[tuple[str, tuple[str, ...], str], Items] = {}
        self._features: dict[tuple[str, FeatureSet], _Column] = {}

    @property
    def variants(self) -> tuple[str, ...]:
        """Names of the input variants; the first is trained on."""
        return tuple(self.data.inputs)

    def items(self, task: str, ids: Sequence[str], variant: str | None = None) -> Items:
        """Return the targets of a task for the named proteins that a variant holds, in the order given."""
        variant = variant or self.data.main_input
        if self._objectives[task].level == "map":
            return self._cells(task, tuple(ids), variant)
        key = variant, task
        if key not in self._targets:
            self._targets[key] = self._read_targets(task, variant)
        present, rows = self._present(ids, variant)
        target, item_ptr = self._targets[key][0].of(rows)
        is_supervised, _ = self._targets[key][1].of(rows)
        return Items(present, item_ptr, target, is_supervised)

    def answered(self, name: str, task: Task, fold: int, variant: str, answer: AnswerItems) -> StoredPredictions:
        """Return what a control answers on the test part of a fold, in the stored form of a trained cell.

        Where the task is judged by decisions, the threshold is that which is best on the validation part.
        """
        split = self.data.folds[fold]
        cut = None
        if task.is_decided:
            held = self.items(name, split.validation)
            cut = held.predictions(_shaped(answer(held.ids, self.data.main_input), held)).best_cut()
        test = self.items(name, split.test, variant)
        # Maps have ids of their own; all else stands in the place of its entry.
        asked = test.ids if test.maps is None else split.test
        return test.predictions(_shaped(answer(asked, variant), test), cut)

    def features(
        self, features: FeatureSet, ids: Sequence[str], variant: str | None = None
    ) -> Float[np.ndarray, "item feature"]:
        """Return features of the named proteins that a variant holds, in float32, aligned with `items`."""
        variant = variant or self.data.main_input
        key = variant, features
        if key not in self._features:
            parts = [features.compute(batch).float().numpy() for batch in self._batches(variant)]
            self._features[key] = _Column(np.concatenate(parts), self._ptr(features.level, variant))
        return self._features[key].of(self._present(ids, variant)[1])[0]

    def _read_targets(self, task: str, variant: str) -> tuple[_Column, _Column]:
        objective = self._objectives[task]
        found = [objective.targets(batch) for batch in self._batches(variant)]
        ptr = self._ptr(objective.level, variant)
        value = np.concatenate([targets.value.numpy() for targets in found])
        return _Column(value, ptr), _Column(np.concatenate([targets.is_supervised.numpy() for targets in found]), ptr)

    def _cells(self, task: str, ids: tuple[str, ...], variant: str) -> Items:
        """Return the cells of the maps of some entries; they are many, so that one part alone is kept."""
        key = task, ids, variant
        if key not in self._maps:
            objective = self._objectives[task]
            assert isinstance(objective, ResidueContacts)
            batches = list(self._batches(variant, ids))
            maps = [objective.maps(batch) for batch in batches]
            targets = [objective.targets(batch) for batch in batches]
            num = [count for found in maps for count in found.num_cells]
            cells = MapCells(
                np.concatenate([found.separation.numpy() for found in maps]),
                np.array([one for found in maps for one in found.length], np.int64),
            )
            self._maps = {
                key: Items(
                    tuple(BETWEEN_MEMBERS.join(own) for found in maps for own in found.members),
                    np.concatenate([[0], np.cumsum(num)]).astype(np.int64),
                    np.concatenate([found.value.numpy() for found in targets]),
                    np.concatenate([found.is_supervised.numpy() for found in targets]),
                    cells,
                    np.concatenate([objective.cell_types(batch).numpy() for batch in batches]),
                )
            }
        return self._maps[key]

    def _batches(self, variant: str, ids: Sequence[str] | None = None) -> Iterator[ProteinBatch]:
        rows = self.data.rows(self.data.ids if ids is None else tuple(ids), variant)
        longest = int(rows.lengths.max(initial=1))
        sizes = BatchConfig(max_residues=max(longest, BatchConfig().max_residues))
        return (batch for _, batch in evaluation_batches(rows, sizes))

    def _ptr(self, level: ItemLevel, variant: str) -> np.ndarray:
        lengths = self.data.rows(self.data.ids, variant).lengths
        counts = lengths if level == "residue" else np.ones_like(lengths)
        return np.concatenate([[0], np.cumsum(counts)]).astype(np.int64)

    def _present(self, ids: Sequence[str], variant: str) -> tuple[tuple[str, ...], np.ndarray]:
        """Return the ids that a variant holds, and their places among all proteins that it holds."""
        is_held = self.data.inputs[variant].rows >= 0
        held = [name for name, keep in zip(self.data.ids, is_held, strict=True) if keep]
        place_of = {name: place for place, name in enumerate(held)}
        present = tuple(name for name in ids if name in place_of)
        return present, np.array([place_of[name] for name in present], dtype=np.int64)


def _shaped(score: np.ndarray, items: Items) -> np.ndarray:
    """Return scores [item, 1] as [item] where the targets are so."""
    is_column = items.target.ndim == 1 and score.ndim == 2 and score.shape[1] == 1
    return score[:, 0] if is_column else score
