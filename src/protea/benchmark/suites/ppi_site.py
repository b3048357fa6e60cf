"""Protein interaction sites on the docking benchmark: which residues touch the partner, seen from the unbound form.

Inputs are unbound structures; labels (any heavy atom within 3.5 angstrom of the partner) come from the bound form by
chain and residue number, unmatched residues are masked. Five folds over components at 30 % sequence identity; the unit
of resampling is the component. The bound form is a second column: it shows how much of a score is induced fit.
"""

import hashlib
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import ClassVar, Literal

import numpy as np
from pydantic import Field

from protea.benchmark.prepared import prepared_store
from protea.benchmark.suites.component_folds import folded_data, load_batch
from protea.benchmark.suites.interface import Suite, SuiteData, Task
from protea.datasets.sources.docking import DockingConfig
from protea.objectives.binary import BinaryConfig
from protea.training.data import Rows

__all__ = ["PPISite", "docking_data"]

_LABEL = "interface"


class PPISite(Suite):
    """Binary residue labels, judged by AUPRC over all residues of a fold."""

    title: ClassVar[str] = "Protein interaction sites"
    kind: Literal["ppi_site"] = "ppi_site"
    source: DockingConfig = Field(description="Where the proteins and labels come from.")
    min_identity: float = Field(0.3, gt=0, le=1, description="Identity at which two chains join one component.")
    num_folds: int = Field(5, ge=3, description="Folds over components.")
    split_seed: int = Field(0, ge=0, description="Seed of the folds.")

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
    data = folded_data(store, notes, labels, "unbound", cache, min_identity, num_folds, seed)
    bound_input = Rows(bound_rows, np.asarray(bound.lengths)[bound_rows], partial(load_batch, bound, labels))
    is_antibody = np.array([bool(protein.labels["is_antibody_complex"].value) for protein in store])
    return replace(
        data,
        inputs={**data.inputs, "bound": bound_input},
        fingerprint=hashlib.sha256(f"{store.fingerprint}\n{bound.fingerprint}".encode()).hexdigest(),
        subsets={"antibody complexes": is_antibody, "other complexes": ~is_antibody},
    )
