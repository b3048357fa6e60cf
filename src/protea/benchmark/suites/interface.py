"""What a benchmark suite is: data with folds, objectives, a metric, and the views under which it is judged.

A suite is one file with one configuration class. `prepare` turns its source into a store once (keyed by everything that
shaped it) and returns rows, labels, folds and the unit of resampling.

Axes: entry, protein. An entry is what a fold puts into one part and what is loaded as one row: a protein, or a pair of
proteins (its id is those of both with a tabulator between). A prediction is of entries, of their residues, or of maps
of residue pairs, whose ids are those of the proteins that they are maps of.
"""

from abc import ABC, abstractmethod
from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import ClassVar

import numpy as np
from jaxtyping import Bool, Int

from protea.config import Config
from protea.datasets.splits import Split
from protea.errors import ContractError, describe
from protea.features.schemes import SchemeConfig, SchemeKind
from protea.metrics.catalogue import metric_named
from protea.objectives.catalogue import AnyObjectiveConfig
from protea.training.data import Rows
from protea.training.evaluation import BETWEEN_MEMBERS

__all__ = ["PairedProteins", "Suite", "SuiteData", "Task"]


@dataclass(frozen=True)
class Task:
    """One question of a suite: the objective that answers it and the metric that judges the answer."""

    objective: AnyObjectiveConfig
    metric: str
    weight: float = 1.0
    also: tuple[str, ...] = ()
    """Further metrics that the report prints."""
    watched: str | None = None
    """Metric that stops training and chooses the learning rate on validation; the judging one if none is named."""

    @property
    def on_validation(self) -> str:
        """The metric that is watched."""
        return self.watched or self.metric

    @property
    def is_decided(self) -> bool:
        """Whether some metric judges decisions, so that a threshold must be chosen (on validation)."""
        return any(metric_named(name).needs == "decision" for name in (self.metric, *self.also))


@dataclass(frozen=True, eq=False)
class PairedProteins:
    """The proteins that the pairs of a suite are made of, with their lengths in residues."""

    ids: tuple[str, ...]
    lengths: np.ndarray


@dataclass(frozen=True, eq=False)
class SuiteData:
    """The prepared data of a suite. `inputs` are variants of the same entries (such as unbound and bound), row by row

    in the order of `ids`; training reads the first. `unit_of` [entry] or [entry, 2] gives the resampling unit (identity
    component) of each entry, or of both members of a pair. `subsets` are named masks that the report judges apart:
    [entry], or [fold, entry] where they depend on what was trained on. `proteins` is given where entries are pairs.
    `drawn` returns the training rows of a fold where these are drawn anew for each pass; the ids of the training part
    are then those of the first pass.
    """

    ids: tuple[str, ...]
    lengths: np.ndarray
    inputs: Mapping[str, Rows]
    folds: tuple[Split, ...]
    unit_of: np.ndarray
    fingerprint: str
    subsets: Mapping[str, np.ndarray] = field(default_factory=dict)
    notes: tuple[str, ...] = ()
    proteins: PairedProteins | None = None
    drawn: Callable[[int], Rows] | None = None

    @property
    def num_proteins(self) -> int:
        """The number of proteins."""
        return len(self.ids if self.proteins is None else self.proteins.ids)

    @property
    def num_residues(self) -> int:
        """The number of residues, each protein once."""
        return int((self.lengths if self.proteins is None else self.proteins.lengths).sum())

    @property
    def main_input(self) -> str:
        """Name of the variant that is trained on."""
        return next(iter(self.inputs))

    def rows(self, ids: tuple[str, ...], variant: str | None = None) -> Rows:
        """Return the rows of the named proteins in one input variant; those that the variant lacks are left out."""
        data = self.inputs[variant or self.main_input]
        index_of = {name: index for index, name in enumerate(self.ids)}
        chosen = np.array([index_of[name] for name in ids], dtype=np.int64)
        chosen = chosen[data.rows[chosen] >= 0]
        return Rows(data.rows[chosen], data.lengths[chosen], data.load)

    def training_rows(self, fold: int) -> Rows:
        """Return the rows that a fold trains on."""
        return self.rows(self.folds[fold].train) if self.drawn is None else self.drawn(fold)

    def members_of(self, ids: Sequence[str]) -> Int[np.ndarray, "pair 2"]:
        """Return both proteins of each named pair, as rows of `proteins`; raise ContractError where there are none."""
        if self.proteins is None:
            raise ContractError(describe("the entries are no pairs", expected="pairs of proteins", found=str(ids[:2])))
        row_of = {name: row for row, name in enumerate(self.proteins.ids)}
        rows = [[row_of[member] for member in name.split(BETWEEN_MEMBERS)] for name in ids]
        return np.array(rows, np.int64).reshape(-1, 2)

    def units(self) -> dict[str, tuple[Hashable, ...]]:
        """Return the unit, or the two units, of whatever a prediction can be of: entries, and proteins of pairs."""
        table = self.unit_of[:, None] if self.unit_of.ndim == 1 else self.unit_of
        found: dict[str, tuple[Hashable, ...]] = {}
        for name, units in zip(self.ids, table.tolist(), strict=True):
            found[name] = tuple(units)
            if self.proteins is not None:
                own = units if len(units) == 2 else [*units, *units]
                for member, unit in zip(name.split(BETWEEN_MEMBERS), own, strict=True):
                    found.setdefault(member, (unit,) * len(units))
        return found

    def in_subset(self, subset: str, fold: int, ids: Sequence[str]) -> Bool[np.ndarray, " named"]:
        """Return which of the named entries (or proteins of pairs) are in a subset as a fold has it."""
        mask = self.subsets[subset]
        mask = mask if mask.ndim == 1 else mask[fold]
        names = {name for name, is_in in zip(self.ids, mask, strict=True) if is_in}
        if self.proteins is not None:
            names |= {member for name in tuple(names) for member in name.split(BETWEEN_MEMBERS)}
        return np.array([str(name) in names for name in ids], bool)


class Suite(Config, ABC):
    """Base of all suites; the subclass adds `kind: Literal[...]`, its source, and says what is asked."""

    title: ClassVar[str]
    has_structure: ClassVar[bool] = True
    """Whether its proteins have atoms; controls that read structures answer no suite of bare sequences."""
    has_variants: ClassVar[bool] = False
    """Whether all proteins are variants of one, so that places can be compared and families do not exist."""

    @abstractmethod
    def prepare(self, cache: Path) -> SuiteData:
        """Return the data of the suite, built into `cache` if it is not there."""

    @abstractmethod
    def tasks(self, data: SuiteData) -> dict[str, Task]:
        """Return the tasks by name; the first is the main one, which early stopping watches."""

    def whole(self, cache: Path) -> SuiteData | None:
        """Return all entries without folds, to judge a run of other data on; None where entries are proteins."""
        return None

    def scheme(self, kind: SchemeKind) -> SchemeConfig:
        """Return the scheme of a cell; a suite that must hide something overrides this."""
        return SchemeConfig(kind=kind)

    def higher_is_better(self, data: SuiteData) -> bool:
        """Return the direction of the main metric."""
        return metric_named(next(iter(self.tasks(data).values())).metric).higher_is_better
