"""A suite of a dozen tiny proteins in memory, and a grid of models of width 8 on it."""

from pathlib import Path
from typing import ClassVar, Literal

import numpy as np

from protea.benchmark.grid import GridConfig
from protea.benchmark.suites.interface import Suite, SuiteData, Task
from protea.datasets.splits import Split
from protea.objectives.binary import BinaryConfig
from protea.objectives.heads import HeadConfig
from protea.objectives.multiclass import MultiClassConfig
from protea.training.config import BatchConfig, TrainingConfig
from protea.training.data import Rows
from tests.training.small import SCHNET, proteins, rows_of


class SmallSuite(Suite):
    """Two tasks; the second input variant lacks the protein p11."""

    title: ClassVar[str] = "Small"
    kind: Literal["small"] = "small"
    seed: int = 0

    def prepare(self, cache: Path) -> SuiteData:
        """Return the proteins with two folds."""
        batch = proteins(12, self.seed)
        data = rows_of(batch)
        lacking = np.where(np.arange(12) == 11, -1, np.arange(12))
        names = batch.ids
        return SuiteData(
            ids=names,
            lengths=data.lengths,
            inputs={"first": data, "second": Rows(lacking, data.lengths, data.load)},
            folds=(
                Split("fold-0", names[:4], names[4:8], names[8:]),
                Split("fold-1", names[4:8], names[8:], names[:4]),
            ),
            unit_of=np.array(names),
            fingerprint="small",
        )

    def tasks(self, data: SuiteData) -> dict[str, Task]:
        """Return a task on residues and one on proteins."""
        head = HeadConfig(width=8)
        fold = MultiClassConfig(label="fold", level="protein", num_classes=3, head=head)
        return {
            "site": Task(BinaryConfig(label="site", level="residue", head=head), "auroc", also=("auprc", "accuracy")),
            "fold": Task(fold, "perplexity", weight=0.5, also=("accuracy", "macro_f1")),
        }


def small_grid(**settings: object) -> GridConfig:
    given: dict[str, object] = {
        "suite": SmallSuite(),
        "encoders": {"schnet": SCHNET},
        "schemes": ["ca_angles"],
        "learning_rates": [1e-2],
        "search_epochs": 1,
        "training": TrainingConfig(epochs=2, batch=BatchConfig(max_proteins=2), checkpoint_steps=1),
    }
    return GridConfig(**(given | settings))  # type: ignore[arg-type]
