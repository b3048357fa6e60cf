"""Ranking of predicted structures (ATOM3D's PSR): GDT-TS of the models of CASP targets, without the true structure.

25,400 models train, 2,800 validate, 16,014 test, divided by year of CASP. Judged by Spearman's correlation within each
target, averaged over targets, as published, since a model that tells easy targets from hard ones already correlates
over all models together (which is printed beside it). Targets are resampled. The real files were not at hand: tests run
on made ones in the published layout.
"""

from typing import ClassVar, Literal

from pydantic import Field

from protea.benchmark.suites.atom3d_suite import ATOM3DSuite
from protea.benchmark.suites.interface import SuiteData, Task
from protea.benchmark.suites.sequence_suite import mean_and_scale
from protea.datasets.sources.atom3d.psr import ATOM3DPSRConfig
from protea.objectives.regression import RegressionConfig

__all__ = ["ATOM3DPSR"]

_LABEL = "gdt_ts"


class ATOM3DPSR(ATOM3DSuite):
    """One value per model, judged by the mean over targets of Spearman's correlation."""

    title: ClassVar[str] = "Ranking of predicted structures"
    stored_labels: ClassVar[tuple[str, ...]] = (_LABEL,)
    kind: Literal["atom3d_psr"] = "atom3d_psr"
    source: ATOM3DPSRConfig = Field(description="The published set, as `protea data fetch` left it.")

    def tasks(self, data: SuiteData) -> dict[str, Task]:
        """Return the one task, its loss in standard deviations of the training labels."""
        mean, scale = mean_and_scale(data, _LABEL)
        objective = RegressionConfig(label=_LABEL, level="protein", mean=mean, scale=scale)
        return {_LABEL: Task(objective, "spearman_within", also=("spearman", "rmse"))}
