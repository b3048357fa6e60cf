"""Metal sites (Metal3D, Duerr et al. 2023, as in ProteinWorkshop): which residues hold a zinc ion.

A site is a heavy atom within 3.5 angstrom of an ion (both user-set). The published parts: 2,085 train, 26 validation,
59 test entries; ions never reach the features, and entries without the ion count, as there. Judged by AUPRC: the
published workbench stops on accuracy, which the answer "nowhere" wins. With 26 entries the validation is noisy. The
real structures were not at hand: tests run on made ones in the published layout.
"""

from typing import ClassVar, Literal

from pydantic import Field

from protea.benchmark.suites.interface import SuiteData, Task
from protea.benchmark.suites.published import PublishedSuite
from protea.datasets.sources.published.metal_sites import MetalSitesConfig
from protea.objectives.binary import BinaryConfig

__all__ = ["Metal3D"]

_LABEL = "metal_site"


class Metal3D(PublishedSuite):
    """Binary residue labels, judged by AUPRC over all residues of the published test."""

    title: ClassVar[str] = "Zinc sites, Metal3D"
    kind: Literal["metal_3d"] = "metal_3d"
    source: MetalSitesConfig = Field(
        description="The published set, as `protea data fetch` left it; which ions and how near."
    )

    def tasks(self, data: SuiteData) -> dict[str, Task]:
        """Return the one task."""
        return {_LABEL: Task(BinaryConfig(label=_LABEL, level="residue"), "auprc", also=("auroc", "mcc"))}
