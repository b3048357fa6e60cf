"""Ligand sites: which residues hold a metal ion or a small molecule, seen from the chain without it.

Labels are heavy atoms within 3.5 angstrom (user-set) of a ligand of the same structure: zinc, any metal ion, or small
molecules; ligands never reach the features. Only chains with a site are asked. Five folds over components at 30 %
sequence identity; the unit of resampling is the component.
"""

from pathlib import Path
from typing import ClassVar, Literal

from pydantic import Field

from protea.benchmark.prepared import prepared_store
from protea.benchmark.suites.component_folds import folded_data
from protea.benchmark.suites.interface import Suite, SuiteData, Task
from protea.datasets.sources.ligand_sites import LABEL, LigandSitesConfig
from protea.objectives.binary import BinaryConfig

__all__ = ["LigandSite"]


class LigandSite(Suite):
    """Binary residue labels, judged by AUPRC over all residues of a fold."""

    title: ClassVar[str] = "Ligand and metal sites"
    kind: Literal["ligand_site"] = "ligand_site"
    source: LigandSitesConfig = Field(description="Structures, which ligands, and the distance of a contact.")
    min_identity: float = Field(0.3, gt=0, le=1, description="Identity at which two chains join one component.")
    num_folds: int = Field(5, ge=3, description="Folds over components.")
    split_seed: int = Field(0, ge=0, description="Seed of the folds.")

    def prepare(self, cache: Path) -> SuiteData:
        """Return the chains with a site, with folds over identity components."""
        store, notes = prepared_store(self.source, cache)
        return folded_data(
            store, notes, (LABEL,), "without_ligand", cache, self.min_identity, self.num_folds, self.split_seed
        )

    def tasks(self, data: SuiteData) -> dict[str, Task]:
        """Return the one task."""
        return {LABEL: Task(BinaryConfig(label=LABEL, level="residue"), "auprc", also=("auroc", "mcc"))}
