"""Sites of post-translational modification (PTM-13, as in ProteinWorkshop): thirteen labels per residue.

Structures are AlphaFold models. The published parts: 43,907 train, 2,393 validation, 2,511 test; models whose sequence
is not the listed one are left out. Judged by the mean AUROC over labels, as in the paper, and by the mean AUPRC, which
says more where one residue in hundreds is positive; the published workbench stops on accuracy, which all-negative
answers win. The real models were not at hand: tests run on made ones in the published layout.
"""

from typing import ClassVar, Literal

from pydantic import Field

from protea.benchmark.suites.interface import SuiteData, Task
from protea.benchmark.suites.published import PublishedSuite
from protea.datasets.sources.published.ptm import PTM_KINDS, PTMConfig
from protea.objectives.multilabel import MultiLabelConfig

__all__ = ["PTMSite"]

_LABEL = "ptm"


class PTMSite(PublishedSuite):
    """Thirteen labels per residue, judged by their mean AUROC over all residues of the published test."""

    title: ClassVar[str] = "Post-translational modifications"
    kind: Literal["ptm_site"] = "ptm_site"
    source: PTMConfig = Field(description="The published set, as `protea data fetch` left it.")

    def tasks(self, data: SuiteData) -> dict[str, Task]:
        """Return the one task."""
        objective = MultiLabelConfig(label=_LABEL, level="residue", num_labels=len(PTM_KINDS))
        return {_LABEL: Task(objective, "auroc_macro", also=("auprc_macro",))}
