"""The data of a task: rows of three parts, and the sequences that each part holds, by id."""

from abc import ABC, abstractmethod
from functools import partial
from pathlib import Path
from typing import Any, Literal

import numpy as np
from pydantic import Field

from protea.benchmark.prepared import prepared_store
from protea.benchmark.suites.component_folds import load_batch
from protea.config import Config
from protea.datasets.sources.binding_records import BindingRecordsConfig
from protea.datasets.sources.catalogue import AnySource
from protea.datasets.split_plan import SplitConfig, plan_splits
from protea.datasets.splits import Split
from protea.datasets.store import Store
from protea.errors import ConfigError, InputError, describe
from protea.objectives.interface import ObjectiveConfig
from protea.training.data import Rows

__all__ = ["AffinityConfig", "Part", "ProteinsConfig", "TaskData", "TaskDataConfig"]

Part = Literal["train", "validation", "test"]


class TaskData(ABC):
    """Data of a task that were read and divided.

    Attributes:
        fingerprint: a digest of everything that shapes the rows.
        facts: numbers for the record, by name.
    """

    fingerprint: str
    facts: dict[str, Any]

    @abstractmethod
    def sequences(self, part: Part) -> dict[str, str]:
        """Return the sequences of the proteins of a part, by id."""

    @abstractmethod
    def rows(self, part: Part, objective: ObjectiveConfig, without: frozenset[str] = frozenset()) -> Rows:
        """Return the rows of a part for an objective, without some proteins.

        Raises:
            ConfigError: if these data are not what the objective reads.
            InputError: if nothing is left.
        """


class TaskDataConfig(Config, ABC):
    """Base of the settings of data of a task; the subclass adds `kind: Literal[...]`."""

    kind: str

    @abstractmethod
    def open(self, cache: Path) -> TaskData:
        """Return the data; what took long to make is kept in `cache`."""


class ProteinsConfig(TaskDataConfig):
    """Proteins of a source, with labels if the objective asks for some, or with structures if it asks for these."""

    kind: Literal["proteins"] = "proteins"
    source: AnySource = Field(description="Where the proteins come from.")
    split: SplitConfig = Field(SplitConfig(), description="How they are divided.")
    fold: int = Field(0, ge=0, description="Which fold of a k_fold split is the test part.")
    max_length: int = Field(2000, ge=1, description="Longer proteins are left out and counted, in residues.")

    def open(self, cache: Path) -> "_Proteins":
        """Return the data.

        Raises:
            InputError: if the source cannot be read.
            ConfigError: if there is no such fold.
        """
        store, _ = prepared_store(self.source, cache)
        splits = plan_splits(store, self.split)
        if self.fold >= len(splits):
            raise ConfigError(
                describe("no such fold", where="fold", expected=f"0..{len(splits) - 1}", found=str(self.fold))
            )
        return _Proteins(store, splits[self.fold], self.max_length)


class AffinityConfig(ProteinsConfig):
    """Complexes with their affinity, or mutants with its change: the label `affinity`, in kcal/mol.

    Complexes with relatives on any chain stay in one part.
    """

    kind: Literal["affinity"] = "affinity"  # type: ignore[assignment]
    source: BindingRecordsConfig = Field(description="Where complexes and affinities come from, and what is asked.")


class _Proteins(TaskData):
    def __init__(self, store: Store, split: Split, max_length: int) -> None:
        lengths = dict(zip(store.ids, np.asarray(store.lengths).tolist(), strict=True))
        self.store, self.fingerprint = store, store.fingerprint
        parts: dict[Part, tuple[str, ...]] = {
            "train": split.train, "validation": split.validation, "test": split.test
        }  # fmt: skip
        self.ids = {part: tuple(id for id in ids if lengths[id] <= max_length) for part, ids in parts.items()}
        num_long = {part: len(ids) - len(self.ids[part]) for part, ids in parts.items()}
        self.facts = {"proteins": {part: len(ids) for part, ids in self.ids.items()}, "too_long": num_long}

    def sequences(self, part: Part) -> dict[str, str]:
        rows = self.store.rows_of(self.ids[part])
        return {id: self.store[row].sequence for id, row in zip(self.ids[part], rows, strict=True)}

    def rows(self, part: Part, objective: ObjectiveConfig, without: frozenset[str] = frozenset()) -> Rows:
        label = getattr(objective, "label", None)
        ids = [id for id in self.ids[part] if id not in without]
        if not ids:
            raise InputError(describe(f"no protein is left in the part {part!r}", found=f"{len(without)} left out"))
        rows = np.array(self.store.rows_of(ids))
        labels = () if label is None else (label,)
        return Rows(rows, np.asarray(self.store.lengths)[rows], partial(load_batch, self.store, labels))
