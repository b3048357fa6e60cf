"""A small network of one hidden layer over the columns, stopped where an inner fold no longer gains.

Its first layer adds up the weights of the columns that a row has (a few per mutation) instead of multiplying by a
row of zeros, so that fifty thousand rows take seconds.
"""

import copy
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import torch
from jaxtyping import Float, Int
from pydantic import Field
from scipy import sparse
from torch import Tensor, nn

from protea.benchmark.learners.learner import Columns, FittedLearner, LearnerConfig, Prediction, used_columns
from protea.benchmark.learners.row_split import RowSplit
from protea.datasets.column_scale import column_scale

__all__ = ["FittedNetwork", "NetworkConfig", "SparseNetwork"]

_BLOCK = 4096


class SparseNetwork(nn.Module):
    """Columns -> hidden layer (ReLU, dropout) -> one number per row."""

    def __init__(self, num_columns: int, hidden_dim: int, dropout: float, num_used: float) -> None:
        """Start the first layer for rows that have `num_used` columns on average."""
        super().__init__()
        self.weight = nn.Parameter(torch.randn(num_columns, hidden_dim) / max(num_used, 1.0) ** 0.5)
        self.bias = nn.Parameter(torch.zeros(hidden_dim))
        self.rest = nn.Sequential(nn.ReLU(), nn.Dropout(dropout), nn.Linear(hidden_dim, 1))

    def forward(
        self, column: Int[Tensor, " entry"], first: Int[Tensor, " row"], value: Float[Tensor, " entry"]
    ) -> Float[Tensor, " row"]:
        """Return the answers; entries of row v begin at `first[v]`, each a column and the number in it."""
        hidden = nn.functional.embedding_bag(column, self.weight, first, mode="sum", per_sample_weights=value)
        answer: Tensor = self.rest(hidden + self.bias)
        return answer.squeeze(-1)


@dataclass(frozen=True, eq=False)
class FittedNetwork(FittedLearner):
    """A trained network, its answers in the unit of the values."""

    model: Any = None
    kept: Any = None
    centre: float = 0.0
    spread: float = 1.0

    def predict(self, columns: Columns) -> Prediction:
        """Return the network's answers; there is no standard deviation."""
        found = _answers(self.model, sparse.csr_array(columns[:, self.kept]))
        return Prediction(found * self.spread + self.centre)


class NetworkConfig(LearnerConfig):
    """Network with one hidden layer (ReLU, dropout), Adam on the squared error, stopped early."""

    kind: Literal["network"] = "network"
    hidden_dim: int = Field(100, ge=1, description="Width of the hidden layer.")
    dropout: float = Field(0.2, ge=0, lt=1, description="Share of hidden units left out in training.")
    learning_rate: float = Field(1e-3, gt=0, description="Step size of Adam.")
    weight_decay: float = Field(1e-2, ge=0, description="Decoupled weight decay.")
    batch_size: int = Field(128, ge=1, description="Variants per step.")
    most_epochs: int = Field(60, ge=1, description="Passes over the training rows at most.")
    patience: int = Field(6, ge=1, description="Passes without gain on the first inner fold before it stops.")

    def fit(
        self, columns: Columns, value: Float[np.ndarray, " row"], inner: Sequence[RowSplit], seed: int
    ) -> FittedNetwork:
        """Return the network with the least error on the first inner fold, which it is not trained on."""
        split = inner[0]
        kept = used_columns(columns[split.train])
        known, asked = (sparse.csr_array(columns[rows][:, kept]) for rows in (split.train, split.test))
        centre, spread = float(value[split.train].mean()), float(column_scale(value[split.train]))
        target = torch.from_numpy((value - centre) / spread).float()
        with torch.random.fork_rng(devices=[]):
            torch.manual_seed(seed)
            model = SparseNetwork(kept.size, self.hidden_dim, self.dropout, known.nnz / known.shape[0])
            epochs = self._train(model, known, target[split.train], asked, target[split.test])
        return FittedNetwork({"epochs": epochs}, model, kept, centre, spread)

    def _train(
        self, model: SparseNetwork, known: sparse.csr_array, target: Tensor, asked: sparse.csr_array, truth: Tensor
    ) -> int:
        """Train in place, leave the best weights, and return the number of passes that led to them."""
        optimiser = torch.optim.AdamW(model.parameters(), self.learning_rate, weight_decay=self.weight_decay)
        best, best_error, best_epoch = copy.deepcopy(model.state_dict()), float("inf"), 0
        for epoch in range(1, self.most_epochs + 1):
            model.train()
            for rows in torch.randperm(known.shape[0]).split(self.batch_size):
                loss = nn.functional.mse_loss(model(*_entries(known[rows.numpy()])), target[rows])
                optimiser.zero_grad()
                loss.backward()
                optimiser.step()
            error = float(np.square(_answers(model, asked) - truth.numpy()).mean())
            if error < best_error:
                best, best_error, best_epoch = copy.deepcopy(model.state_dict()), error, epoch
            elif epoch - best_epoch >= self.patience:
                break
        model.load_state_dict(best)
        return best_epoch


def _entries(columns: sparse.csr_array) -> tuple[Tensor, Tensor, Tensor]:
    """Return the columns, the first entry of each row and the numbers of some rows."""
    return (
        torch.from_numpy(columns.indices.astype(np.int64)),
        torch.from_numpy(columns.indptr[:-1].astype(np.int64)),
        torch.from_numpy(columns.data.astype(np.float32)),
    )


def _answers(model: SparseNetwork, columns: sparse.csr_array) -> Float[np.ndarray, " row"]:
    """Return the network's answers in evaluation mode, block by block."""
    model.eval()
    with torch.no_grad():
        blocks = [model(*_entries(columns[start : start + _BLOCK])) for start in range(0, columns.shape[0], _BLOCK)]
    return torch.cat(blocks).double().numpy()
