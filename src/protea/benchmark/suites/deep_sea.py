"""Proteins of deep-sea organisms (Sieg et al. 2022, as in ProteinWorkshop): yes or no per chain.

One published fold validates, the group `PM_group` tests, the other folds train. The workbench's paper reports nothing
on it; judged by AUROC, whose chance level does not hang on the share of deep-sea proteins. The real structures were not
at hand: tests run on made ones in the published layout.
"""

from typing import ClassVar, Literal

from pydantic import Field

from protea.benchmark.suites.interface import SuiteData, Task
from protea.benchmark.suites.published import PublishedSuite
from protea.datasets.sources.published.deep_sea import DeepSeaConfig
from protea.objectives.binary import BinaryConfig

__all__ = ["DeepSea"]

_LABEL = "is_deep_sea"


class DeepSea(PublishedSuite):
    """A binary label per chain, judged by AUROC over the published test."""

    title: ClassVar[str] = "Deep-sea proteins"
    kind: Literal["deep_sea"] = "deep_sea"
    source: DeepSeaConfig = Field(
        description="The published set, as `protea data fetch` left it, and which fold validates."
    )

    def tasks(self, data: SuiteData) -> dict[str, Task]:
        """Return the one task."""
        return {_LABEL: Task(BinaryConfig(label=_LABEL, level="protein"), "auroc", also=("auprc", "accuracy"))}
