"""What a training run needs to know besides the model and the data."""

from collections.abc import Callable
from typing import Any, Literal

from pydantic import Field, model_serializer, model_validator

from protea.config import Config
from protea.objectives.weighting.catalogue import AnyWeightingConfig
from protea.objectives.weighting.fixed import FixedWeightingConfig

__all__ = ["BatchConfig", "TrainingConfig"]


class BatchConfig(Config):
    """Size of one packed batch; whichever limit is reached first closes it."""

    max_proteins: int = Field(8, ge=1, description="Proteins per batch.")
    max_residues: int = Field(4000, ge=1, description="Residues per batch; a longer protein is refused.")


class TrainingConfig(Config):
    """Optimiser, schedule, stopping, precision, workers."""

    epochs: int = Field(30, ge=1, description="Most epochs.")
    learning_rate: float = Field(3e-4, gt=0, description="Learning rate of Adam.")
    weight_decay: float = Field(0.0, ge=0, description="L2 penalty of Adam.")
    batch: BatchConfig = Field(BatchConfig(), description="Size of a batch.")
    epoch_steps: int | None = Field(
        None,
        ge=1,
        description="Optimiser steps that count as an epoch, whatever a pass over the data has; None: a pass.",
    )
    accumulate: int = Field(1, ge=1, description="Batches per optimiser step; the loss divides by their global count.")
    clip_norm: float = Field(1.0, gt=0, description="Largest gradient norm.")
    schedule: Literal["plateau", "warmup_cosine"] = Field(
        "plateau",
        description="plateau: lowered when the metric stalls; warmup_cosine: up linearly, down along a cosine.",
    )
    warmup_epochs: float = Field(
        1.0, ge=0, description="Epochs (or parts of one) of linear warm-up; warmup_cosine only."
    )
    plateau_factor: float = Field(0.6, gt=0, lt=1, description="Learning-rate factor on a plateau of the metric.")
    plateau_patience: int = Field(5, ge=0, description="Epochs without a better metric that leave the rate as it is.")
    stop_patience: int = Field(10, ge=1, description="Epochs without a better metric before training stops.")
    average_decay: float | None = Field(
        None, gt=0, lt=1, description="Decay of a moving average of the weights, which is then what is judged and kept."
    )
    weighting: AnyWeightingConfig = Field(
        FixedWeightingConfig(), description="How the losses of several objectives are weighted against each other."
    )
    judged_by: Literal["main", "all"] = Field(
        "main",
        description="What chooses the best epoch: the metric of the main objective, or (metric `loss`) the weighted "
        "sum of the validation losses of all.",
    )
    precision: Literal["32-true", "bf16-mixed", "64-true"] = Field("32-true", description="Arithmetic of the model.")
    seed: int = Field(0, ge=0, description="Seed of initial weights, order, dropout and corruption.")
    num_workers: int = Field(0, ge=0, description="Loader processes.")
    threads: int = Field(1, ge=1, description="CPU threads of the maths library.")
    accelerator: Literal["cpu", "cuda", "auto"] = Field("cpu", description="Where the model runs.")
    strategy: Literal["auto", "ddp"] = Field(
        "auto",
        description="How devices work together. ddp: each holds the whole model and reads its share of the batches; "
        "auto: that, where there are several.",
    )
    devices: int = Field(1, ge=1, description="Number of devices; each is a process with a share of the batches.")
    nodes: int = Field(1, ge=1, description="Number of machines with so many devices each.")
    checkpoint_steps: int = Field(50, ge=1, description="Optimiser steps between two checkpoints.")
    trackers: tuple[Literal["tensorboard", "wandb"], ...] = Field(
        (), description="Where the log of epochs goes beside the CSV file; needs the extra `tracking`."
    )

    @model_serializer(mode="wrap")
    def _without_later_settings(self, handler: Callable[[Any], dict[str, Any]]) -> dict[str, Any]:
        """Leave out what came later and is not set: records that were written before stay equal."""
        tree: dict[str, Any] = handler(self)
        for name in ("trackers", "epoch_steps"):
            if not getattr(self, name):
                tree.pop(name, None)
        if self.strategy == "auto":
            tree.pop("strategy", None)
        if self.nodes == 1:
            tree.pop("nodes", None)
        if self.weighting.kind == "fixed":
            tree.pop("weighting", None)
        if self.judged_by == "main":
            tree.pop("judged_by", None)
        return tree

    @model_validator(mode="after")
    def _check_warmup(self) -> "TrainingConfig":
        if self.schedule == "warmup_cosine" and self.warmup_epochs >= self.epochs:
            raise ValueError(f"warmup_epochs {self.warmup_epochs:g} leave nothing of the {self.epochs} epochs")
        return self
