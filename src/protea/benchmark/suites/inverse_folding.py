"""Inverse folding on the chains of the docking benchmark: the residue type from the backbone alone.

The same chains, folds and components as `ppi_site`; the one-hot is left out of every scheme, and the objective refuses
features that would give the residue away.
"""

from pathlib import Path
from typing import ClassVar, Literal

from pydantic import Field

from protea.benchmark.suites.interface import Suite, SuiteData, Task
from protea.benchmark.suites.ppi_site import docking_data
from protea.datasets.sources.docking import DockingConfig
from protea.features.schemes import SchemeConfig, SchemeKind
from protea.objectives.inverse_folding import InverseFoldingConfig

__all__ = ["InverseFolding"]


class InverseFolding(Suite):
    """Twenty classes per residue, judged by perplexity and accuracy over all residues of a fold."""

    title: ClassVar[str] = "Inverse folding"
    kind: Literal["inverse_folding"] = "inverse_folding"
    source: DockingConfig = Field(description="Where the proteins and labels come from.")
    min_identity: float = Field(0.3, gt=0, le=1, description="Identity at which two chains join one component.")
    num_folds: int = Field(5, ge=3, description="Folds over components.")
    split_seed: int = Field(0, ge=0, description="Seed of the folds.")

    def prepare(self, cache: Path) -> SuiteData:
        """Return unbound and bound inputs with folds over identity components."""
        return docking_data(self.source, cache, self.min_identity, self.num_folds, self.split_seed, ())

    def tasks(self, data: SuiteData) -> dict[str, Task]:
        """Return the one task."""
        return {"residue_type": Task(InverseFoldingConfig(), "perplexity", also=("accuracy",))}

    def scheme(self, kind: SchemeKind) -> SchemeConfig:
        """Return the scheme without the residue type."""
        return SchemeConfig(kind=kind, without_residue_type=True)
