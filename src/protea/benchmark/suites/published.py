"""What the suites of published sets share: a published source as the data of a suite.

The published train, validation and test parts are the single fold. Labels are joined by id as batches are loaded, so a
store holds structures only; proteins that could not be fetched, or whose label is unknown, are left out and counted.
The unit of resampling is the component at 30 % identity (user-set) among the test proteins: these alone are resampled,
and a published split may well have relatives on both sides, which is the publisher's choice. Axes: protein, residue.
"""

import hashlib
import os
from abc import ABC
from collections.abc import Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import ClassVar

import numpy as np
from pydantic import Field

from protea.benchmark.prepared import prepared_store
from protea.benchmark.suites.component_folds import components_of_store, load_batch
from protea.benchmark.suites.interface import Suite, SuiteData
from protea.cluster.claims import Claims
from protea.cluster.made_once import made_once
from protea.datasets.code_digest import READING, code_digest
from protea.datasets.labels import LabelTable
from protea.datasets.sources.published.fold import FoldConfig
from protea.datasets.sources.published.interface import PublishedConfig
from protea.datasets.splits import PARTS, Split
from protea.datasets.store import Store
from protea.errors import InputError, describe
from protea.protein.record import Label
from protea.training.data import Rows

__all__ = ["INPUT", "PublishedSuite", "label_width", "per_item"]

INPUT = "structure"
"""Name of the one input variant."""


class PublishedSuite(Suite, ABC):
    """Base of the suites of published sets; the subclass adds `kind`, narrows `source`, and says what is asked."""

    stored_labels: ClassVar[tuple[str, ...]] = ()
    """Labels that came with the records and lie in the store, known of every protein."""

    source: PublishedConfig | FoldConfig = Field(description="The published set, as `protea data fetch` left it.")
    min_identity: float = Field(0.3, gt=0, le=1, description="Identity at which two test proteins are one unit.")

    def tables(self, store: Store) -> tuple[LabelTable, ...]:
        """Return the labels of a store, each with one mask per item."""
        return tuple(per_item(table) for table in self.source.labels(store))

    def published_split(self) -> Split:
        """Return the parts as they were published."""
        return self.source.split()

    def parts_of(self, store: Store) -> Split:
        """Return the published parts for a store; they may name proteins that it lacks."""
        return self.published_split()

    def units(self, store: Store, test: tuple[str, ...], cache: Path) -> Mapping[str, str]:
        """Return the unit of resampling of every test protein: its component among them."""
        return components_of_store(store, self.min_identity, cache, test).of

    def subsets(self, ids: tuple[str, ...]) -> dict[str, np.ndarray]:
        """Return the masks over proteins that the report judges apart; none here."""
        return {}

    def prepare(self, cache: Path) -> SuiteData:
        """Return the proteins whose structure and label are there, in the published parts.

        Raises InputError where a part is left empty, or no training protein has a label.
        """
        store, notes = prepared_store(self.source, cache)
        key = self._key(store)
        shaped_by = f"{key}\n{code_digest((*READING, 'protea.benchmark.suites'))}"
        tables = _kept_tables(self, store, cache / f"labels-{hashlib.sha256(shaped_by.encode()).hexdigest()[:16]}")
        published = self.parts_of(store)
        split = published.restricted_to(_labelled(store, tables))
        _require_parts(split, tables, str(self.source.folder))
        unit_of = self.units(store, split.test, cache)
        ids = split.ids()
        rows = np.array(store.rows_of(ids))
        lengths = np.asarray(store.lengths)[rows]
        return SuiteData(
            ids=ids,
            lengths=lengths,
            inputs={INPUT: Rows(rows, lengths, partial(load_batch, store, (*tables, *self.stored_labels)))},
            folds=(split,),
            unit_of=np.array([unit_of.get(name, name) for name in ids]),
            fingerprint=key,
            subsets=self.subsets(ids),
            notes=(*notes, *_part_notes(published, split), f"- units of the test part: {len(set(unit_of.values()))}"),
        )

    def _key(self, store: Store) -> str:
        """Return a digest of structures, lists and settings: of everything that shapes labels and parts."""
        settings = self.source.model_dump_json(exclude={"folder", "mirror"})
        parts = ("published-suite-1", self.model_dump_json(exclude={"source"}), settings, self.source.fingerprint())
        return hashlib.sha256("\n".join((*parts, store.fingerprint)).encode()).hexdigest()


def per_item(table: LabelTable) -> LabelTable:
    """Return a table of several columns whose items are known where every column is: objectives count whole items."""
    lead = 1 if table.level == "residue" else 0
    if all(label.is_known.ndim == lead for label in table.of.values()):
        return table
    found = {
        id: Label(label.level, label.value, np.asarray(label.is_known.all(axis=-1))) for id, label in table.of.items()
    }
    return LabelTable(table.name, table.level, found)


def label_width(data: SuiteData, name: str) -> int:
    """Return the number of columns of a label of these data."""
    rows = data.inputs[data.main_input]
    return int(rows.load(rows.rows[:1].tolist()).extra[name].value.shape[-1])


def _kept_tables(suite: PublishedSuite, store: Store, folder: Path) -> tuple[LabelTable, ...]:
    """Return the labels of a store, computed once: contacts in thousands of entries take minutes."""

    def keep() -> None:
        draft = folder.with_name(f"{folder.name}.{os.getpid()}.partial")
        draft.mkdir(parents=True)
        for place, table in enumerate(suite.tables(store)):
            table.save(draft / f"{place:03d}.npz")
        os.replace(draft, folder)

    made_once(folder.name, keep, folder.exists, Claims(folder.parent / "claims"))
    return tuple(LabelTable.load(path) for path in sorted(folder.glob("*.npz")))


def _labelled(store: Store, tables: Sequence[LabelTable]) -> tuple[str, ...]:
    """Return the ids with a known value of some label; all where there are no labels."""
    if not tables:
        return store.ids
    known = {id for table in tables for id, label in table.of.items() if label.is_known.any()}
    return tuple(id for id in store.ids if id in known)


def _require_parts(split: Split, tables: Sequence[LabelTable], where: str) -> None:
    empty = [part for part in PARTS if not getattr(split, part)]
    if empty:
        raise InputError(
            describe(f"no protein with structure and label in {', '.join(empty)}", where=where,
                     found=f"{len(split.ids())} proteins in all", do="Run `protea data fetch` with this source.")
        )  # fmt: skip
    for table in tables:
        if not any(table.of[id].is_known.any() for id in split.train if id in table.of):
            raise InputError(
                describe(f"no training protein has the label {table.name!r}", where=where,
                         expected=f"at least one of {len(split.train)}", do="Fetch more, or draw another split.")
            )  # fmt: skip


def _part_notes(published: Split, split: Split) -> list[str]:
    """Return how many proteins of each part are here."""
    counts = [f"{part} {len(getattr(split, part)):,} of {len(getattr(published, part)):,}" for part in PARTS]
    return [f"- published parts, with structure and label: {', '.join(counts)}"]
