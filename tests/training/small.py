"""A model of width 8 and a dozen tiny proteins, to train in a moment."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from protea.encoders.egnn import EGNNConfig
from protea.encoders.interface import EncoderConfig
from protea.encoders.schnet import SchNetConfig
from protea.features.edges.catalogue import KNearest
from protea.features.schemes import SchemeConfig
from protea.objectives.binary import BinaryConfig
from protea.objectives.heads import HeadConfig
from protea.objectives.interface import ObjectiveConfig
from protea.objectives.sequence_denoising import SequenceDenoisingConfig
from protea.protein.batch import ProteinBatch
from protea.training.config import BatchConfig, TrainingConfig
from protea.training.data import Rows
from protea.training.loop import FitResult, fit
from protea.training.model import ModelConfig
from tests.objectives.made import made_batch

SCHNET = SchNetConfig(hidden_dim=8, output_dim=8, num_layers=1, num_filters=8, num_gaussians=6, graph=KNearest(k=4))
EGNN = EGNNConfig(hidden_dim=8, num_layers=1, dropout=0.2, graph=KNearest(k=4))
HEAD = HeadConfig(width=8, dropout=0.3)
SURE_HEAD = HeadConfig(width=8, dropout=0.0)


@dataclass(frozen=True)
class InMemory:
    """Loads rows of a batch in memory."""

    whole: ProteinBatch

    def __call__(self, rows: Sequence[int]) -> ProteinBatch:
        return self.whole.select(list(rows))


def rows_of(batch: ProteinBatch, chosen: Sequence[int] | None = None) -> Rows:
    rows = np.arange(len(batch)) if chosen is None else np.array(chosen, dtype=np.int64)
    return Rows(rows, batch.lengths().numpy()[rows], InMemory(batch))


def proteins(num: int = 12, seed: int = 0) -> ProteinBatch:
    lengths = np.random.default_rng(seed).integers(4, 14, num).tolist()
    return made_batch(*lengths, seed=seed)


def small_model(
    encoder: EncoderConfig = SCHNET,
    head: HeadConfig = HEAD,
    main: ObjectiveConfig | None = None,
    auxiliary: float | None = None,
    is_frozen: bool = False,
) -> ModelConfig:
    """The binary task `site`, with sequence denoising beside it where its weight is given."""
    objectives: dict[str, ObjectiveConfig] = {"main": main or BinaryConfig(label="site", level="residue", head=head)}
    weights = {"main": 1.0}
    if auxiliary is not None:
        objectives["auxiliary"] = SequenceDenoisingConfig(head=head)
        weights["auxiliary"] = auxiliary
    return ModelConfig(
        scheme=SchemeConfig(kind="ca_angles"),
        encoder=encoder,
        objectives=objectives,  # type: ignore[arg-type]
        weights=weights,
        freeze_encoder=is_frozen,
    )


def training(**settings: object) -> TrainingConfig:
    """Two proteins a batch, two epochs, a checkpoint every second step."""
    given = {"epochs": 2, "learning_rate": 1e-2, "batch": BatchConfig(max_proteins=2), "checkpoint_steps": 2}
    return TrainingConfig.model_validate(given | settings)


def trained(
    model: ModelConfig, config: TrainingConfig, folder: Path, metric: str = "auroc", num: int = 12, data: str = "made"
) -> FitResult:
    """The model after training on all but the last four proteins, which validate."""
    folder.mkdir(parents=True, exist_ok=True)
    batch = proteins(num)
    validation = list(range(num - 4, num))
    rows = rows_of(batch, range(num - 4)), rows_of(batch, validation)
    return fit(model, config, *rows, metric, folder, fingerprint=data)
