"""Binding residues of ccPDB (Agrawal et al. 2019, as in ProteinWorkshop): which residues bind which kind of partner.

Four tables: ligands and metals (7 kinds each), nucleic acids (2), nucleotides (8). Every kind is a binary task on the
chains that are listed for it; a chain that is not listed is unknown there, not negative. There is no published split:
80 / 10 / 10 is drawn by seed, with relatives on both sides. Judged by AUPRC; the kind with most chains comes first and
stops the training. The real structures were not at hand: tests run on made ones in the published layout.
"""

from typing import ClassVar, Literal

from pydantic import Field

from protea.benchmark.suites.interface import SuiteData, Task
from protea.benchmark.suites.published import PublishedSuite
from protea.datasets.labels import LabelTable
from protea.datasets.sources.published.ccpdb import CCPDBConfig
from protea.datasets.store import Store
from protea.objectives.binary import BinaryConfig
from protea.protein.record import Label

__all__ = ["CCPDB"]


class CCPDB(PublishedSuite):
    """Binary residue labels, one task per kind of partner, judged by AUPRC over all residues of the test."""

    title: ClassVar[str] = "Binding residues, ccPDB"
    kind: Literal["ccpdb"] = "ccpdb"
    source: CCPDBConfig = Field(
        description="The published set, as `protea data fetch` left it; which table and how it is split."
    )

    def tables(self, store: Store) -> tuple[LabelTable, ...]:
        """Return a label per kind of partner, known on the chains that are listed for it."""
        (table,) = self.source.labels(store)
        return tuple(
            LabelTable(_label(partner), "residue", {
                id: Label("residue", label.value[:, column], label.is_known[:, column])
                for id, label in table.of.items() if label.is_known[:, column].any()
            })
            for column, partner in enumerate(self.source.partners())
        )  # fmt: skip

    def tasks(self, data: SuiteData) -> dict[str, Task]:
        """Return a task per kind of partner, of equal weight."""
        count_of = self.source.partners()
        names = sorted(count_of, key=lambda partner: (-count_of[partner], partner))
        return {
            _label(name): Task(
                BinaryConfig(label=_label(name), level="residue"), "auprc", weight=1 / len(names), also=("auroc",)
            )
            for name in names
        }


def _label(partner: str) -> str:
    return f"binds_{partner}"
