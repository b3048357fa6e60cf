"""Gene Ontology terms of chains (DeepFRI's lists, as in ProteinWorkshop): any number of terms of one ontology.

There are 489 terms of molecular function, 1,943 of biological process, 320 of cellular component. The published parts:
29,902 train, 3,323 validation, 3,416 test, less the chains without a term of the ontology. Judged by the
protein-centric F-max of CAFA, also on the test chains below 30, 40, 50, 70 and 95 % identity to the training chains.
The published workbench stops on micro accuracy, which an answer of no terms wins, and prints a mean over batches of
another F-max; here one metric over the whole set does both. The real structures were not at hand: tests run on made
ones in the published layout.
"""

from typing import ClassVar, Literal

import numpy as np
from pydantic import Field

from protea.benchmark.suites.interface import SuiteData, Task
from protea.benchmark.suites.published import PublishedSuite, label_width
from protea.datasets.sources.published.gene_ontology import GeneOntologyConfig
from protea.objectives.multilabel import MultiLabelConfig

__all__ = ["IDENTITIES", "GeneOntology"]

IDENTITIES = (30, 40, 50, 70, 95)
"""Largest identities of test chains to the training chains, per cent."""
_LABEL = "go_terms"


class GeneOntology(PublishedSuite):
    """Many labels per chain, judged by F-max over the published test and below each identity."""

    title: ClassVar[str] = "Gene Ontology terms"
    kind: Literal["gene_ontology"] = "gene_ontology"
    source: GeneOntologyConfig = Field(
        description="The published set, as `protea data fetch` left it; which ontology and largest test identity."
    )

    def subsets(self, ids: tuple[str, ...]) -> dict[str, np.ndarray]:
        """Return the test chains below each identity under the chosen one."""
        found = {}
        for identity in IDENTITIES:
            if identity < self.source.test_identity:
                test = self.source.model_copy(update={"test_identity": identity}).split().test
                found[f"test below {identity} % identity"] = np.isin(ids, test)
        return {name: mask for name, mask in found.items() if mask.any()}

    def tasks(self, data: SuiteData) -> dict[str, Task]:
        """Return the one task, with as many labels as the ontology has terms."""
        objective = MultiLabelConfig(label=_LABEL, level="protein", num_labels=label_width(data, _LABEL))
        return {_LABEL: Task(objective, "fmax", also=("auprc",))}
