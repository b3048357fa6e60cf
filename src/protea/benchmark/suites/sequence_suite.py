"""What the suites of labelled sequences share: parts as published, or folds over families, and what leaks between them.

`published` keeps the parts of the set: all its tests are judged after one training, each as a subset. Where proteins of
different families are asked, the test proteins without a relative at 30 % identity (user-set) in training and
validation are a subset too, since a published split may have relatives on both sides; its score stands beside the
published one. `components` draws folds over families instead. The unit of resampling is the family, of the test
proteins among themselves or of all. Axes: protein, residue.
"""

import hashlib
import json
from abc import ABC, abstractmethod
from collections.abc import Mapping
from functools import partial
from pathlib import Path
from typing import Annotated, ClassVar, Literal

import numpy as np
from jaxtyping import Bool
from pydantic import Field

from protea.benchmark.prepared import prepared_store
from protea.benchmark.suites.component_folds import components_of_store, load_batch
from protea.benchmark.suites.interface import Suite, SuiteData, Task
from protea.benchmark.suites.relatives import without_relatives
from protea.cluster.made_once import cached_file
from protea.datasets.column_scale import column_scale
from protea.datasets.sources.accessible_chains import AccessibleChainsConfig
from protea.datasets.sources.positioned_chains import PositionedChainsConfig
from protea.datasets.sources.published.protein_glue import ProteinGLUEConfig
from protea.datasets.sources.published.tape import TAPEConfig
from protea.datasets.sources.sequence_tables import SequenceTablesConfig
from protea.datasets.sources.variant_scan import VariantScanConfig
from protea.datasets.splits import Split, k_fold
from protea.datasets.store import Store
from protea.errors import InputError, describe
from protea.objectives.regression import RegressionConfig
from protea.training.data import Rows

__all__ = ["INPUT", "SequenceSource", "SequenceSuite", "mean_and_scale", "ranked_value_task"]

INPUT = "sequence"
"""Name of the one input variant."""
_NOT_TESTS = ("train", "validation", "")
_MOST_SAMPLED = 2000

SequenceSource = Annotated[
    SequenceTablesConfig
    | VariantScanConfig
    | AccessibleChainsConfig
    | PositionedChainsConfig
    | TAPEConfig
    | ProteinGLUEConfig,
    Field(discriminator="kind"),
]
"""A source of labelled sequences; `kind` says which."""


class SequenceSuite(Suite, ABC):
    """Base of the suites of labelled sequences; the subclass adds `kind`, names its label, and says what is asked."""

    has_structure: ClassVar[bool] = False

    source: SequenceSource = Field(description="Where sequences, labels and parts come from.")
    split: Literal["published", "components"] = Field(
        "published", description="published: the parts of the source; components: folds over families."
    )
    tests: tuple[str, ...] = Field((), description="Published tests that are judged; none: all of them.")
    min_identity: float = Field(0.3, gt=0, le=1, description="Identity at which two sequences are of one family.")
    num_folds: int = Field(5, ge=3, description="Folds over families.")
    split_seed: int = Field(0, ge=0, description="Seed of the folds.")

    @property
    @abstractmethod
    def label(self) -> str:
        """Name of the label that is asked for."""

    def prepare(self, cache: Path) -> SuiteData:
        """Return the sequences with a known label, in the published parts or in folds over families.

        Raises InputError where no protein has the label, a part is empty, or a test is named that the source lacks.
        """
        store, notes = prepared_store(self.source, cache)
        known = _labelled(store, self.label)
        if not known:
            raise InputError(
                describe(f"no protein has the label {self.label!r}", where=f"suite {self.title!r}",
                         expected="a source that gives it", found=f"{len(store)} proteins of {self.source.kind}")
            )  # fmt: skip
        notes = (*notes, f"- sequences with the label {self.label}: {len(known):,}")
        made = self._published if self.split == "published" else self._components
        return made(store, known, notes, cache)

    def _published(self, store: Store, known: tuple[str, ...], notes: tuple[str, ...], cache: Path) -> SuiteData:
        parts = self._parts(cache)
        names = self.tests or tuple(name for name in parts if name not in _NOT_TESTS)
        missing = sorted({"train", "validation", *names} - set(parts))
        if missing or not names:
            raise InputError(
                describe(f"no part {missing or 'to test on'}", where=f"suite {self.title!r}",
                         expected="train, validation and at least one test", found=", ".join(sorted(parts)))
            )  # fmt: skip
        have = set(known)
        held = {name: tuple(id for id in parts[name] if id in have) for name in ("train", "validation", *names)}
        empty = [name for name, ids in held.items() if not ids]
        if empty:
            raise InputError(describe(f"no labelled protein in {', '.join(empty)}", where=f"suite {self.title!r}"))
        test = tuple(id for name in names for id in held[name])
        split = Split("published", held["train"], held["validation"], test, {"method": "published", "tests": names})
        ids = split.ids()
        subsets = {f"test {name}": np.isin(ids, held[name]) for name in names} if len(names) > 1 else {}
        unit_of: Mapping[str, str] = {}
        if not self.has_variants:
            unit_of = components_of_store(store, self.min_identity, cache, test).of
            alone = without_relatives(store, split, self.min_identity, cache)
            subsets[f"test without relatives at {self.min_identity:.0%}"] = np.isin(ids, sorted(alone))
        counts = ", ".join(f"{name} {len(held[name]):,} of {len(parts[name]):,}" for name in held)
        notes = (*notes, f"- published parts, with a label: {counts}", f"- units of the tests: {_units(test, unit_of)}")
        return self._data(store, ids, (split,), np.array([unit_of.get(id, id) for id in ids]), subsets, notes)

    def _components(self, store: Store, known: tuple[str, ...], notes: tuple[str, ...], cache: Path) -> SuiteData:
        unit_of = components_of_store(store, self.min_identity, cache, known).of
        lengths = np.asarray(store.lengths)[store.rows_of(known)]
        weight_of = {id: float(length) for id, length in zip(known, lengths, strict=True)}
        folds = k_fold(unit_of, k=self.num_folds, seed=self.split_seed, weight_of=weight_of)
        notes = (*notes, f"- families at {self.min_identity:.0%} identity: {len(set(unit_of.values())):,}")
        return self._data(store, known, tuple(folds), np.array([unit_of[id] for id in known]), {}, notes)

    def _data(
        self, store: Store, ids: tuple[str, ...], folds: tuple[Split, ...], unit_of: np.ndarray,
        subsets: dict[str, Bool[np.ndarray, " protein"]], notes: tuple[str, ...],
    ) -> SuiteData:  # fmt: skip
        rows = np.array(store.rows_of(ids))
        lengths = np.asarray(store.lengths)[rows]
        settings = self.model_dump_json(exclude={"source"})
        parts = "\n".join("\t".join(part) for fold in folds for part in (fold.train, fold.validation, fold.test))
        return SuiteData(
            ids=ids,
            lengths=lengths,
            inputs={INPUT: Rows(rows, lengths, partial(load_batch, store, (self.label,)))},
            folds=folds,
            unit_of=unit_of,
            fingerprint=hashlib.sha256(f"{store.fingerprint}\n{settings}\n{parts}".encode()).hexdigest(),
            subsets=subsets,
            notes=notes,
        )

    def _parts(self, cache: Path) -> dict[str, tuple[str, ...]]:
        """Return the published parts, listed once: some sources take minutes to read."""
        settings = self.source.model_dump_json()
        key = hashlib.sha256(f"{self.source.fingerprint()}\n{settings}".encode()).hexdigest()[:16]
        path = cached_file(
            cache / f"parts-{key}.json",
            lambda draft: draft.write_text(json.dumps(self.source.parts()), encoding="utf-8"),
        )
        tree = json.loads(path.read_text(encoding="utf-8"))
        return {part: tuple(ids) for part, ids in tree.items()}


def ranked_value_task(data: SuiteData, label: str) -> dict[str, Task]:
    """Return the one task of a suite that asks for a value per protein: regression, judged by rank correlation."""
    mean, scale = mean_and_scale(data, label)
    objective = RegressionConfig(label=label, level="protein", mean=mean, scale=scale)
    return {label: Task(objective, "spearman", also=("pearson", "mae"))}


def mean_and_scale(data: SuiteData, label: str) -> tuple[float, float]:
    """Return mean and standard deviation of a label over training proteins of the first fold, for a loss in such units.

    At most 2,000 of them, evenly spread, are read: a unit needs no more.
    """
    train = data.folds[0].train
    rows = data.rows(train[:: -(-len(train) // _MOST_SAMPLED)])
    extra = rows.load(rows.rows.tolist()).extra
    value = extra[label].value[extra[f"{label}.is_known"].value].double()
    return float(value.mean()), float(column_scale(value.numpy()))


def _units(test: tuple[str, ...], unit_of: Mapping[str, str]) -> str:
    return f"{len({unit_of.get(id, id) for id in test}):,}"


def _labelled(store: Store, label: str) -> tuple[str, ...]:
    """Return the ids with a known value of a label."""
    return tuple(protein.id for protein in store if label in protein.labels and protein.labels[label].is_known.any())
