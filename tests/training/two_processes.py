"""A program: trains the small model on several CPU processes, to be compared with one process."""

import sys
from pathlib import Path
from typing import Any

from protea.objectives.binary import BinaryConfig
from protea.objectives.regression import RegressionConfig
from protea.objectives.sequence_denoising import SequenceDenoisingConfig
from protea.training.config import BatchConfig, TrainingConfig
from protea.training.loop import fit
from protea.training.mixing import Mixture, Stream
from protea.training.model import ModelConfig
from tests.training.small import SCHNET, SURE_HEAD, proteins, rows_of, small_model, trained, training

SETTINGS: dict[str, Any] = {"batch": {"max_proteins": 1}, "precision": "64-true", "epochs": 2}


def train_auxiliary(config: TrainingConfig, folder: Path) -> None:
    """Seven proteins in batches of one on two processes: the last step has a batch for the first of them only."""
    trained(small_model(head=SURE_HEAD, auxiliary=0.1), config, folder, num=11)


def train_in_turn(config: TrainingConfig, folder: Path) -> None:
    """Three objectives whose gradients are projected in random order, and a fourth that has every other step."""
    objectives = {
        "main": BinaryConfig(label="site", level="residue", head=SURE_HEAD),
        "letters": SequenceDenoisingConfig(head=SURE_HEAD),
        "depth": RegressionConfig(label="depth", level="residue", head=SURE_HEAD),
        "weight": RegressionConfig(label="weight", level="protein", head=SURE_HEAD),
    }
    model = ModelConfig(
        scheme=small_model().scheme, encoder=SCHNET, objectives=objectives, weights=dict.fromkeys(objectives, 1.0)
    )
    batch, size = proteins(12), BatchConfig(max_proteins=1)
    streams = (
        Stream(("main", "letters", "depth"), rows_of(batch, range(5)), size),
        Stream(("weight",), rows_of(batch, range(5, 8)), size),
    )
    config = TrainingConfig.model_validate(config.model_dump() | {"weighting": {"kind": "projected_gradients"}})
    validation = rows_of(batch, range(8, 12))
    fit(model, config, Mixture(streams, "alternating"), validation, "auroc", folder, fingerprint="made")


PROGRAMS = {"auxiliary": train_auxiliary, "in_turn": train_in_turn}

if __name__ == "__main__":
    folder = Path(sys.argv[1])  # each process of a training runs this file anew
    folder.mkdir(parents=True, exist_ok=True)
    PROGRAMS[sys.argv[3]](training(**SETTINGS, devices=int(sys.argv[2]), strategy="ddp"), folder)
