"""Inverse folding on CATH 4.2 (Ingraham et al. 2019, as in ProteinWorkshop): the residue type from the backbone alone.

The published parts (about 18,000 train, 600 validation, 1,100 test chains) share no topology. Judged by perplexity over
all test residues, never as a mean over batches. The one-hot is left out of every scheme, and the objective refuses
features that would give the residue away. The real structures were not at hand: tests run on made ones in the published
layout.
"""

from typing import ClassVar, Literal

from pydantic import Field

from protea.benchmark.suites.interface import SuiteData, Task
from protea.benchmark.suites.published import PublishedSuite
from protea.datasets.sources.published.cath import CATHConfig
from protea.features.schemes import SchemeConfig, SchemeKind
from protea.objectives.inverse_folding import InverseFoldingConfig

__all__ = ["CATHInverseFolding"]


class CATHInverseFolding(PublishedSuite):
    """Twenty classes per residue, judged by perplexity and accuracy over the published test."""

    title: ClassVar[str] = "Inverse folding, CATH 4.2"
    kind: Literal["cath_inverse_folding"] = "cath_inverse_folding"
    source: CATHConfig = Field(description="The published set, as `protea data fetch` left it.")

    def tasks(self, data: SuiteData) -> dict[str, Task]:
        """Return the one task."""
        return {"residue_type": Task(InverseFoldingConfig(), "perplexity", also=("accuracy",))}

    def scheme(self, kind: SchemeKind) -> SchemeConfig:
        """Return the scheme without the residue type."""
        return SchemeConfig(kind=kind, without_residue_type=True)
