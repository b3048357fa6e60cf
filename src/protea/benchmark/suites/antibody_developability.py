"""Developability of antibodies (Chen et al. 2020 through the TDC, as in ProteinWorkshop): yes or no per SAbDab entry.

2,426 antibodies in the TDC's default split, 70 / 10 / 20 at random: relatives stand on both sides, so scores flatter;
resampling by component at least widens the intervals. Judged by AUPRC, as published. The real structures were not at
hand: tests run on made ones in the published layout.
"""

from typing import ClassVar, Literal

from pydantic import Field

from protea.benchmark.suites.interface import SuiteData, Task
from protea.benchmark.suites.published import PublishedSuite
from protea.datasets.sources.published.antibody_developability import AntibodyDevelopabilityConfig
from protea.objectives.binary import BinaryConfig

__all__ = ["AntibodyDevelopability"]

_LABEL = "developable"


class AntibodyDevelopability(PublishedSuite):
    """A binary label per entry, judged by AUPRC over the published test."""

    title: ClassVar[str] = "Developability of antibodies"
    kind: Literal["antibody_developability"] = "antibody_developability"
    source: AntibodyDevelopabilityConfig = Field(
        description="The published set, as `protea data fetch` left it, and the seed of its split."
    )

    def tasks(self, data: SuiteData) -> dict[str, Task]:
        """Return the one task."""
        return {_LABEL: Task(BinaryConfig(label=_LABEL, level="protein"), "auprc", also=("auroc",))}
