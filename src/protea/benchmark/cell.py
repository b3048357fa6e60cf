"""One cell of a benchmark grid: what was trained on what, its folder on disk, and what it left there."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import Field

from protea.config import Config, load_config
from protea.errors import ConfigError, describe
from protea.training.checkpoint import BEST, CHECKPOINT
from protea.training.config import TrainingConfig
from protea.training.model import ModelConfig
from protea.training.start import StartConfig

__all__ = ["VALIDATION", "Cell", "CellFiles", "RunRecord"]

VALIDATION = "validation"
"""Stands for an input variant in the name of the file of validation predictions, on which intervals are calibrated."""


@dataclass(frozen=True)
class Cell:
    """A place in the grid: row (encoder, scheme, auxiliary) and column (fold, seed)."""

    encoder: str
    scheme: str
    auxiliary: str
    fold: int
    seed: int

    @property
    def row(self) -> tuple[str, str, str]:
        """The part of the cell that is compared: encoder, scheme, auxiliary."""
        return self.encoder, self.scheme, self.auxiliary

    @property
    def name(self) -> str:
        """The folder name of the cell."""
        return f"{self.encoder}-{self.scheme}-{self.auxiliary}-fold{self.fold}-seed{self.seed}"


class RunRecord(Config):
    """`run.yaml`: the fully resolved configuration of a run, enough to repeat it and to use its weights."""

    suite: dict[str, Any] = Field(description="The suite's configuration.")
    encoder_name: str = Field(description="Name of the encoder in the grid.")
    scheme_name: str = Field(description="Name of the feature scheme in the grid.")
    auxiliary: str = Field(description="Name of the auxiliary objective, or 'none'.")
    fold: int = Field(description="Index of the fold.")
    seed: int = Field(description="Seed of the run.")
    model: ModelConfig = Field(description="The model.")
    training: TrainingConfig = Field(description="The training.")
    start: StartConfig | None = Field(None, description="Weights that the training started from, if not random ones.")
    start_sha256: str | None = Field(None, description="Digest of the file of these weights.")
    version: str = Field(description="Version of protea.")
    commit: str = Field(description="Commit of the code, or 'unknown'.")
    data_fingerprint: str = Field(description="Digest of the prepared data.")
    machine: str = Field(description="The machine, in words.")


@dataclass(frozen=True)
class CellFiles:
    """Where a cell keeps its files."""

    folder: Path

    @property
    def record(self) -> Path:
        """The resolved configuration."""
        return self.folder / "run.yaml"

    @property
    def metrics(self) -> Path:
        """The results; it is written last, so its presence says that the cell is finished."""
        return self.folder / "metrics.json"

    @property
    def error(self) -> Path:
        """Why the last attempt failed, with its traceback; absent where there was none or it succeeded."""
        return self.folder / "error.txt"

    def predictions(self, task: str, variant: str) -> Path:
        """The test predictions of one task on one input variant."""
        return self.folder / f"predictions-{task}-{variant}.npz"

    def is_finished(self) -> bool:
        """Return whether the cell has results."""
        return self.metrics.exists()

    def has_begun(self) -> bool:
        """Return whether a training left anything behind that another one must not touch."""
        return self.is_finished() or any((self.folder / name).exists() for name in (CHECKPOINT, BEST))

    def require_data(self, fingerprint: str) -> None:
        """Raise ConfigError where the results are of other data than these."""
        found = load_config(RunRecord, self.record).data_fingerprint
        if found != fingerprint:
            raise ConfigError(
                describe("the folder holds results on other data", where=str(self.folder), expected=fingerprint[:16],
                         found=found[:16], do="Choose another --out, or delete the folder to train anew.")
            )  # fmt: skip

    def require_start(self, sha256: str | None) -> None:
        """Raise ConfigError where the training started from other weights than these (None: from random ones)."""
        found = load_config(RunRecord, self.record).start_sha256
        if found != sha256:
            raise ConfigError(
                describe("the folder holds a run that started from other weights", where=str(self.folder),
                         expected=str(sha256)[:16], found=str(found)[:16],
                         do="Choose another --out, or delete the folder to train anew.")
            )  # fmt: skip

    def read_metrics(self) -> dict[str, Any]:
        """Return the results."""
        content: dict[str, Any] = json.loads(self.metrics.read_text(encoding="utf-8"))
        return content
