"""Fold classification on SCOP 1.75 (Hou et al. 2018, as in ProteinWorkshop): one of 1,195 folds per domain.

The published parts: 12,312 train, 736 validation, and three tests: 718 domains of superfamilies that training lacks
(`fold`), 1,254 of families that it lacks (`superfamily`), 1,272 of its own families (`family`). Judged by accuracy. The
lists name no superfamily, so whole folds are resampled: they are the coarser unit, and intervals the wider. The real
archive was not at hand: tests run on made structures in the published layout, and on the real lists.
"""

from pathlib import Path
from typing import ClassVar, Literal

import numpy as np
from pydantic import Field

from protea.benchmark.suites.interface import SuiteData, Task
from protea.benchmark.suites.published import PublishedSuite
from protea.datasets.sources.published.fold import FoldConfig
from protea.datasets.splits import Split
from protea.datasets.store import Store
from protea.objectives.multiclass import MultiClassConfig

__all__ = ["NUM_FOLDS", "Fold"]

NUM_FOLDS = 1195
_LABEL = "fold"
_TESTS = ("fold", "superfamily", "family")


class Fold(PublishedSuite):
    """One class per domain, judged by accuracy over the chosen test; all tests share training and validation."""

    title: ClassVar[str] = "SCOP folds"
    kind: Literal["fold"] = "fold"
    source: FoldConfig = Field(
        description="The published set, as `protea data fetch` left it, and which test is asked."
    )
    has_all_tests: bool = Field(
        False, description="Judge all three tests after one training: each is a subset of the report."
    )

    def published_split(self) -> Split:
        """Return the published parts; the test is the chosen one, or all three end to end."""
        split = self.source.split()
        if not self.has_all_tests:
            return split
        test = tuple(id for part in self._tests().values() for id in part)
        return Split("fold_all_tests", split.train, split.validation, test, split.provenance)

    def units(self, store: Store, test: tuple[str, ...], cache: Path) -> dict[str, str]:
        """Return the fold of every test domain."""
        (table,) = self.source.labels(store[row] for row in store.rows_of(test))
        return {id: f"fold {int(label.value)}" for id, label in table.of.items()}

    def subsets(self, ids: tuple[str, ...]) -> dict[str, np.ndarray]:
        """Return the three tests where all are asked."""
        if not self.has_all_tests:
            return {}
        return {f"test {name}": np.isin(ids, part) for name, part in self._tests().items()}

    def tasks(self, data: SuiteData) -> dict[str, Task]:
        """Return the one task."""
        objective = MultiClassConfig(label=_LABEL, level="protein", num_classes=NUM_FOLDS)
        return {_LABEL: Task(objective, "accuracy", also=("macro_f1",))}

    def _tests(self) -> dict[str, tuple[str, ...]]:
        return {name: self.source.model_copy(update={"test": name}).split().test for name in _TESTS}
