"""Residue type from its surroundings (ATOM3D's RES): one of twenty, where name and side chain are hidden.

Divided by topology of CATH, with 3.8 million surroundings to train on, 192,000 to validate and 648,000 to test;
`per_entry` of the source reads some of each entry. The answer is read out at the residue in the centre alone. Judged by
accuracy, as published, whose level by chance is the share of the commonest type. Entries are resampled. The real files
were not at hand: tests run on made ones in the published layout.
"""

from typing import ClassVar, Literal

from pydantic import Field

from protea.benchmark.suites.atom3d_suite import ATOM3DSuite
from protea.benchmark.suites.interface import SuiteData, Task
from protea.datasets.sources.atom3d.res import ATOM3DRESConfig
from protea.objectives.multiclass import MultiClassConfig

__all__ = ["ATOM3DRES"]

_LABEL, _NUM_TYPES = "hidden_type", 20


class ATOM3DRES(ATOM3DSuite):
    """One class per surrounding, judged by accuracy over the published test."""

    title: ClassVar[str] = "Residue type from its surroundings"
    stored_labels: ClassVar[tuple[str, ...]] = (_LABEL,)
    kind: Literal["atom3d_res"] = "atom3d_res"
    source: ATOM3DRESConfig = Field(
        description="The published set, as `protea data fetch` left it, and how many surroundings are read."
    )

    def tasks(self, data: SuiteData) -> dict[str, Task]:
        """Return the one task."""
        objective = MultiClassConfig(label=_LABEL, level="residue", num_classes=_NUM_TYPES)
        return {_LABEL: Task(objective, "accuracy", also=("perplexity", "macro_f1"), watched="perplexity")}
