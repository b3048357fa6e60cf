"""K geometric models fitted on columns of proteins, as DeepGO-SE fits them on embeddings.

Adam with steps down at given epochs, all axioms at each step, the epoch with the lowest validation cross-entropy kept;
several seeds, of which those with the lowest stay. Axes: protein, column, class.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import torch
from jaxtyping import Bool, Float
from pydantic import Field
from torch.nn import functional as F

from protea.config import Config
from protea.datasets.ontology.normal_forms import NormalForms
from protea.errors import InputError, describe
from protea.objectives.ontology_model import OntologyModel

__all__ = ["FitConfig", "FittedModel", "LabelledColumns", "degrees", "fit_models", "new_model"]


class FitConfig(Config):
    """How the models are fitted; the defaults are DeepGO-SE's, but for the width (2,560 there)."""

    dim: int = Field(256, ge=1, description="Channels of points and centres.")
    num_models: int = Field(10, ge=1, description="Models fitted, one per seed.")
    num_kept: int = Field(6, ge=1, description="Models kept: those with the lowest validation cross-entropy.")
    epochs: int = Field(30, ge=1, description="Most epochs (128 as published; the rate is 1 % from epoch 20 on).")
    patience: int = Field(4, ge=1, description="Epochs without a better validation before a fit ends.")
    batch_size: int = Field(37, ge=2, description="Proteins per step.")
    learning_rate: float = Field(5e-4, gt=0, description="Of Adam.")
    milestones: tuple[int, ...] = Field((5, 20), description="Epochs after which the rate falls to a tenth.")
    axiom_weight: float = Field(1.0, ge=0, description="Weight of the axiom losses against the cross-entropy.")
    margin: float = Field(0.1, ge=0, description="How far a ball may stick out for nothing.")
    dropout: float = Field(0.1, ge=0, lt=1, description="Dropout of the network.")
    seed: int = Field(0, ge=0, description="Seed of the first model; the others count on.")


@dataclass(frozen=True, eq=False)
class LabelledColumns:
    """Proteins as columns, with their closed labels of the classes that have annotations."""

    column: Float[np.ndarray, "protein column"]
    label: Bool[np.ndarray, "protein class"]

    def __post_init__(self) -> None:
        if len(self.column) != len(self.label) or not len(self.label):
            raise InputError(
                describe("columns and labels do not fit", expected="one row per protein, at least one",
                         found=f"{self.column.shape} and {self.label.shape}")
            )  # fmt: skip


@dataclass(frozen=True, eq=False)
class FittedModel:
    """One model in evaluation mode, the epoch that was kept, and its validation cross-entropy (natural log)."""

    model: OntologyModel
    seed: int
    epoch: int
    validation_loss: float


def new_model(config: FitConfig, forms: NormalForms, num_columns: int) -> OntologyModel:
    """Return a model with fresh weights."""
    return OntologyModel(num_columns, config.dim, forms, margin=config.margin, dropout=config.dropout)


def fit_models(
    config: FitConfig,
    forms: NormalForms,
    train: LabelledColumns,
    validation: LabelledColumns,
    tell: Callable[[str], None] = lambda line: None,
) -> list[FittedModel]:
    """Return the kept models, the best first. Equal seeds give equal models on one machine.

    Raises:
        InputError: labels that are not those of the given classes, or more models kept than fitted.
    """
    if train.label.shape[1] != forms.num_given or validation.label.shape[1] != forms.num_given:
        raise InputError(
            describe("labels of other classes", expected=f"{forms.num_given} columns", found=str(train.label.shape))
        )
    if config.num_kept > config.num_models:
        raise InputError(describe("more models kept than fitted", found=f"{config.num_kept} of {config.num_models}"))
    fitted = []
    for seed in range(config.seed, config.seed + config.num_models):
        fitted.append(_fit(config, forms, train, validation, seed))
        tell(f"seed {seed}: validation cross-entropy {fitted[-1].validation_loss:.5f} at epoch {fitted[-1].epoch}")
    return sorted(fitted, key=lambda one: (one.validation_loss, one.seed))[: config.num_kept]


def _fit(
    config: FitConfig, forms: NormalForms, train: LabelledColumns, validation: LabelledColumns, seed: int
) -> FittedModel:
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        model = new_model(config, forms, train.column.shape[1])
        optimiser = torch.optim.Adam(model.parameters(), lr=config.learning_rate)
        schedule = torch.optim.lr_scheduler.MultiStepLR(optimiser, list(config.milestones), gamma=0.1)
        column, label = torch.from_numpy(train.column), torch.from_numpy(train.label).float()
        best, best_epoch, kept = np.inf, -1, dict[str, torch.Tensor]()
        for epoch in range(config.epochs):
            model.train()
            for rows in torch.randperm(len(label)).split(config.batch_size):
                optimiser.zero_grad()
                loss = F.binary_cross_entropy_with_logits(model.logits(column[rows]), label[rows])
                if config.axiom_weight > 0:
                    loss = loss + config.axiom_weight * model.ontology_loss()
                loss.backward()
                optimiser.step()
            schedule.step()
            found = _cross_entropy(model.eval(), validation)
            if found < best:
                best, best_epoch = found, epoch
                kept = {name: value.clone() for name, value in model.state_dict().items()}
            elif epoch - best_epoch >= config.patience:
                break
    if best_epoch < 0:
        raise InputError(
            describe("a fit came to no finite loss", where=f"seed {seed}", do="Lower the rate, or check the columns.")
        )
    model.load_state_dict(kept)
    return FittedModel(model.eval(), seed, best_epoch, best)


def _cross_entropy(model: OntologyModel, proteins: LabelledColumns) -> float:
    with torch.no_grad():
        logit = model.logits(torch.from_numpy(proteins.column))
        return float(F.binary_cross_entropy_with_logits(logit, torch.from_numpy(proteins.label).float()))


def degrees(
    models: list[FittedModel], column: Float[np.ndarray, "protein column"], *, with_unlabelled: bool = False
) -> Float[np.ndarray, "model protein class"]:
    """Return the truth degrees of every model, of the classes with annotations or of all."""
    with torch.no_grad():
        found = [one.model.logits(torch.from_numpy(column), with_unlabelled=with_unlabelled) for one in models]
        return torch.stack(found).sigmoid().numpy()
