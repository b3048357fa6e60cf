"""Reaction classes of enzymes (Hermosilla et al. 2021, as in ProteinWorkshop): one of 384 EC numbers per chain.

The published parts of ProtFunct: 29,215 train, 2,562 validation, 5,651 test. Judged by accuracy. The real structures
were not at hand: tests run on made ones in the published layout.
"""

from typing import ClassVar, Literal

from pydantic import Field

from protea.benchmark.suites.interface import SuiteData, Task
from protea.benchmark.suites.published import PublishedSuite
from protea.datasets.sources.published.enzyme_commission import EnzymeCommissionConfig
from protea.objectives.multiclass import MultiClassConfig

__all__ = ["NUM_REACTIONS", "EnzymeReaction"]

NUM_REACTIONS = 384
_LABEL = "reaction"


class EnzymeReaction(PublishedSuite):
    """One class per chain, judged by accuracy over the published test."""

    title: ClassVar[str] = "Reaction classes of enzymes"
    kind: Literal["enzyme_reaction"] = "enzyme_reaction"
    source: EnzymeCommissionConfig = Field(description="The published set, as `protea data fetch` left it.")

    def tasks(self, data: SuiteData) -> dict[str, Task]:
        """Return the one task."""
        objective = MultiClassConfig(label=_LABEL, level="protein", num_classes=NUM_REACTIONS)
        return {_LABEL: Task(objective, "accuracy", also=("macro_f1",))}
