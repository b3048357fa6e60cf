"""Protein interaction sites on the docking benchmark: which residues touch the partner, seen from the unbound form.

Inputs are unbound structures; labels (any heavy atom within 3.5 angstrom of the partner) come from the bound form by
chain and residue number, unmatched residues are masked. Five folds over components at 30 % sequence identity; the unit
of resampling is the component. The bound form is a second column: it shows how much of a score is induced fit.
"""

import hashlib
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import ClassVar, Literal

import numpy as np
from pydantic import Field

from protea.benchmark.prepared import prepared_store
from protea.benchmark.suites.interface import Suite, SuiteData, Task
from protea.datasets.components import Components, chain_sequences, identity_components
from protea.datasets.sequence_search import SearchSettings
from protea.datasets.sources.docking import DockingConfig
from protea.datasets.splits import k_fold
from protea.datasets.store import Store
from protea.objectives.binary import BinaryConfig
from protea.protein.batch import ProteinBatch
from protea.training.data import Rows

__all__ = ["PPISite", "docking_data", "load_batch"]

_LABEL = "interface"


class PPISite(Suite):
    """Binary residue labels, judged by AUPRC over all residues of a fold."""

    title: ClassVar[str] = "Protein interaction sites"
    kind: Literal["ppi_site"] = "ppi_site"
    source: DockingConfig = Field(description="Where the proteins and labels come from.")
    min_identity: float = Field(0.3, gt=0, le=1, description="Identity at which two chains join one component.")
    num_folds: int = Field(5, ge=3, description="Folds over components.")
    split_seed: int = Field(0, description="Seed of the folds.")

    def prepare(self, cache: Path) -> SuiteData:
        """Return unbound and bound inputs with folds over identity components."""
        return docking_data(self.source, cache, self.min_identity, self.num_folds, self.split_seed, (_LABEL,))

    def tasks(self, data: SuiteData) -> dict[str, Task]:
        """Return the one task."""
        return {_LABEL: Task(BinaryConfig(label=_LABEL, level="residue"), "auprc", also=("auroc",))}


def docking_data(
    source: DockingConfig, cache: Path, min_identity: float, num_folds: int, seed: int, labels: tuple[str, ...]
) -> SuiteData:
    """Return the docking benchmark with folds over identity components; inputs are `unbound` and `bound`."""
    store, notes = prepared_store(source.model_copy(update={"state": "unbound"}), cache)
    bound, _ = prepared_store(source.model_copy(update={"state": "bound"}), cache)
    row_in_bound = {name: row for row, name in enumerate(bound.ids)}
    bound_rows = np.array([row_in_bound.get(name, -1) for name in store.ids])
    components = _components(store, min_identity, cache)
    lengths = np.asarray(store.lengths)
    weight_of = {name: float(length) for name, length in zip(store.ids, lengths, strict=True)}
    is_antibody = np.array([bool(protein.labels["is_antibody_complex"].value) for protein in store])
    return SuiteData(
        ids=store.ids,
        lengths=lengths,
        inputs={
            "unbound": Rows(np.arange(len(store)), lengths, partial(load_batch, store, labels)),
            "bound": Rows(bound_rows, np.asarray(bound.lengths)[bound_rows], partial(load_batch, bound, labels)),
        },
        folds=tuple(k_fold(components.of, k=num_folds, seed=seed, weight_of=weight_of)),
        unit_of=np.array([components.of[name] for name in store.ids]),
        fingerprint=hashlib.sha256(f"{store.fingerprint}\n{bound.fingerprint}".encode()).hexdigest(),
        subsets={"antibody complexes": is_antibody, "other complexes": ~is_antibody},
        notes=(*notes, f"- components at {min_identity:.0%} identity: {len(components)}"),
    )


def _components(store: Store, min_identity: float, cache: Path) -> Components:
    """Return the identity components of a store, computed once per store and identity."""
    path = cache / f"components-{store.fingerprint[:16]}-{min_identity:g}.json"
    if not path.exists():
        chains = {protein.id: chain_sequences(protein) for protein in store}
        identity_components(chains, SearchSettings(min_identity=min_identity)).save(path)
    return Components.load(path)


def load_batch(store: Store, labels: tuple[str, ...], rows: Sequence[int]) -> ProteinBatch:
    """Return a batch of a store with labels; a plain function, so that loader processes can receive it."""
    return store.batch(rows, labels)
