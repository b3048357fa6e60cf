"""Interaction sites of MaSIF-site (Gainza et al. 2020, as in ProteinWorkshop): which residues touch another chain.

Contact is any heavy atom within 3.5 angstrom of another chain of the entry, which the features never see. Train and
test are the published lists; a tenth of the training chains, drawn by a seed of its own and not by that of the run,
validates. Chains whose entry holds no other chain have no label and are left out. Judged by AUPRC. The real structures
were not at hand: tests run on made ones in the published layout.
"""

from typing import ClassVar, Literal

from pydantic import Field

from protea.benchmark.suites.interface import SuiteData, Task
from protea.benchmark.suites.published import PublishedSuite
from protea.datasets.sources.published.masif_site import MasifSiteConfig
from protea.objectives.binary import BinaryConfig

__all__ = ["MasifSite"]

_LABEL = "interface"


class MasifSite(PublishedSuite):
    """Binary residue labels, judged by AUPRC over all residues of the published test."""

    title: ClassVar[str] = "Interaction sites, MaSIF-site"
    kind: Literal["masif_site"] = "masif_site"
    source: MasifSiteConfig = Field(
        description="The published set, as `protea data fetch` left it; how near, and which chains validate."
    )

    def tasks(self, data: SuiteData) -> dict[str, Task]:
        """Return the one task."""
        return {_LABEL: Task(BinaryConfig(label=_LABEL, level="residue"), "auprc", also=("auroc",))}
