"""Affinity of two proteins: dG of complexes (SKEMPI 2.0, SAbDab), or ddG of their mutants (SKEMPI 2.0), in kcal/mol.

An entry is a whole complex with the chains of both sides; of a mutant, side chains of mutated residues are left out
beyond CB. Bounds and unknown values are left out and counted. Folds keep together complexes with relatives at 30 %
identity (user-set) on any chain, and what SKEMPI says to hold out together (`Pr/PI`, `AB/AG`, `TCR/pMHC` and named
complexes), since measurements of one complex, or of one kind of interface, tell of each other. Judged by Spearman
correlation and RMSE; the unit of resampling is such a group. Controls that see no side chain: the mean, the number of
mutations, the size of the interface. The real files were not at hand: tests run on made ones in the published layout.
"""

import hashlib
from functools import partial
from pathlib import Path
from typing import ClassVar, Literal

import numpy as np
from pydantic import Field

from protea.benchmark.prepared import prepared_store
from protea.benchmark.suites.component_folds import components_of_store, load_batch
from protea.benchmark.suites.interface import Suite, SuiteData, Task
from protea.benchmark.suites.sequence_suite import mean_and_scale
from protea.datasets.interactions.skempi_table import complex_groups
from protea.datasets.shared_names import groups_by_shared_names
from protea.datasets.sources.binding_records import BindingRecordsConfig
from protea.datasets.sources.published.skempi import SKEMPIConfig
from protea.datasets.splits import k_fold
from protea.datasets.store import Store
from protea.objectives.binding_affinity import BindingAffinityConfig
from protea.training.data import Rows

__all__ = ["INTERFACE_RESIDUES", "MUTATIONS", "Affinity"]

MUTATIONS, INTERFACE_RESIDUES = "num_mutations", "num_interface_residues"
"""Labels of entries that controls read."""
_LABEL = "affinity"


class Affinity(Suite):
    """A value per complex or mutant, judged by Spearman correlation over all entries of a fold."""

    title: ClassVar[str] = "Binding affinity"
    kind: Literal["affinity"] = "affinity"
    source: BindingRecordsConfig = Field(description="Where complexes and affinities come from, and what is asked.")
    min_identity: float = Field(0.3, gt=0, le=1, description="Identity at which complexes join one group.")
    num_folds: int = Field(5, ge=3, description="Folds over groups of complexes.")
    split_seed: int = Field(0, ge=0, description="Seed of the folds.")

    def tasks(self, data: SuiteData) -> dict[str, Task]:
        """Return the one task, its loss in standard deviations of the training labels."""
        mean, scale = mean_and_scale(data, _LABEL)
        objective = BindingAffinityConfig(label=_LABEL, level="protein", quantity="free_energy", mean=mean, scale=scale)
        return {_LABEL: Task(objective, "spearman", also=("rmse", "pearson"), watched="rmse")}

    def prepare(self, cache: Path) -> SuiteData:
        """Return the entries with folds over groups of complexes."""
        store, notes = prepared_store(self.source, cache)
        lengths = np.asarray(store.lengths)
        group_of = self._groups(store, cache)
        weight_of = dict.fromkeys(store.ids, 1.0)
        folds = k_fold(group_of, k=self.num_folds, seed=self.split_seed, weight_of=weight_of)
        load = partial(load_batch, store, (_LABEL, MUTATIONS, INTERFACE_RESIDUES))
        return SuiteData(
            ids=store.ids, lengths=lengths, inputs={"complex": Rows(np.arange(len(store)), lengths, load)},
            folds=tuple(folds), unit_of=np.array([group_of[name] for name in store.ids]),
            fingerprint=hashlib.sha256(f"{store.fingerprint}\n{self.model_dump_json(exclude={'source'})}".encode())
            .hexdigest(),
            subsets=self._subsets(store),
            notes=(*notes, f"- groups of complexes: {len(set(group_of.values())):,}"),
        )  # fmt: skip

    def _groups(self, store: Store, cache: Path) -> dict[str, str]:
        """Return the group of each entry: complexes joined by relatives, and by what is held out together."""
        complex_of = {name: name.partition(":")[0] for name in store.ids}
        names_of: dict[str, list[str]] = {}
        for name, family in components_of_store(store, self.min_identity, cache).of.items():
            names_of.setdefault(complex_of[name], []).append(f"family {family}")
        if isinstance(self.source.source, SKEMPIConfig):
            held = complex_groups(self.source.source.measurements(), "hold_out")
            for name, found in names_of.items():
                found.append(f"held {held[name]}")
        group_of = groups_by_shared_names(names_of)
        return {name: group_of[complex_of[name]] for name in store.ids}

    def _subsets(self, store: Store) -> dict[str, np.ndarray]:
        """Return entries of one mutation and of several, where mutants are asked."""
        if self.source.asks == "energy":
            return {}
        num = np.array([float(protein.labels[MUTATIONS].value) for protein in store])
        return {"one mutation": num == 1, "several mutations": num > 1}
