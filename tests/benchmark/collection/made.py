"""A collection of two tasks, two encoders of width 8, one auxiliary, and pretraining; run once for all tests."""

from pathlib import Path

import pytest

from protea.benchmark import runner
from protea.benchmark.collection.config import (
    CollectionConfig,
    Pretraining,
    PretrainingTask,
    TaskOfCollection,
)
from protea.benchmark.collection.run import run_collection
from protea.benchmark.train_run import PretrainingConfig
from protea.datasets.sources.docking import DockingConfig
from protea.datasets.split_plan import SplitConfig
from protea.objectives.sequence_denoising import SequenceDenoisingConfig
from protea.training.config import BatchConfig, TrainingConfig
from tests.benchmark.made_runs import write_complexes
from tests.benchmark.small_suite import SmallSuite
from tests.training.small import EGNN, HEAD, SCHNET

BATCH = BatchConfig(max_proteins=2)


class OtherSuite(SmallSuite):
    """Its main task is the one of which lower is better."""

    def tasks(self, data):
        """Return the tasks with the perplexity first."""
        tasks = super().tasks(data)
        return {"fold": tasks["fold"], "site": tasks["site"]}


def made_collection(data: Path) -> CollectionConfig:
    return CollectionConfig(
        title="Made",
        tasks={
            "site": TaskOfCollection(suite=SmallSuite(), folds=[0, 1]),
            "fold": TaskOfCollection(suite=OtherSuite(), epochs=1, has_pretrained=False),
        },
        encoders={"schnet": SCHNET, "egnn": EGNN},
        schemes=["ca_angles"],
        auxiliaries=["none", "sequence_denoising"],
        seeds=[0],
        learning_rates=[1e-2, 1e-3],
        fixed_rates={"schnet": {"ca_angles": 1e-2}, "egnn": {"ca_angles": 1e-3}},
        training=TrainingConfig(epochs=2, batch=BATCH),
        pretraining=Pretraining(
            source=DockingConfig(path=data),
            split=SplitConfig(method="random", fractions=(0.5, 0.25, 0.25)),
            tasks={"denoise": PretrainingTask(objective=SequenceDenoisingConfig(head=HEAD), metric="perplexity")},
            encoders=["schnet"],
            schemes=["ca_angles"],
            training=PretrainingConfig(epochs=2, batch=BATCH),
        ),
    )


def run_made(config: CollectionConfig, root: Path, until: float | None = None) -> tuple[list[str], list[str]]:
    """Run without controls; return what was said and the names of what failed."""
    said: list[str] = []
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(runner, "control_jobs", lambda run, say: [])
        failed = run_collection(config, root, root / "cache", 1, said.append, until)
    return said, [f"{failure.name}: {failure.error}" for failure in failed]


def data_of(folder: Path) -> Path:
    return write_complexes(folder / "data", ("1ABC", "2DEF", "3GHI", "4JKL"))
