"""Heads over two proteins: their product, their concatenation, and the union with bilinear attention.

Each protein is first projected to one width, as the heads of single proteins are (`heads.py`), so that a ranking of
embeddings is not a ranking of head capacity.
"""

from typing import Annotated, Literal

import torch
from jaxtyping import Float, Int
from pydantic import Field
from torch import Tensor, nn
from torch.nn import functional as F

from protea.errors import ContractError, describe
from protea.objectives.bilinear_attention import BilinearAttentionConfig
from protea.objectives.pairing import PairHead, PairHeadConfig

__all__ = ["AnyPairHeadConfig", "ConcatenationHead", "ConcatenationHeadConfig", "ProductHead", "ProductHeadConfig"]


class ProductHeadConfig(PairHeadConfig):
    """The element-wise product of the two projected vectors, hidden layers, output: symmetric."""

    kind: Literal["product"] = "product"
    width: int = Field(128, ge=1, description="Width of the projection and of each hidden layer.")
    layers: int = Field(1, ge=0, description="Hidden layers after the product.")
    dropout: float = Field(0.1, ge=0, lt=1, description="Dropout of the product and after each hidden layer.")

    def build(self, input_dim: int, output_dim: int) -> "ProductHead":
        """Return the head for protein vectors of this width."""
        return ProductHead(self, input_dim, output_dim)


class ConcatenationHeadConfig(PairHeadConfig):
    """The two projected vectors side by side, hidden layers, output.

    With `symmetrised` the logits are the mean over both orders; without, the order of a pair matters.
    """

    kind: Literal["concatenation"] = "concatenation"
    width: int = Field(128, ge=1, description="Width of the projection and of each hidden layer.")
    layers: int = Field(1, ge=1, description="Hidden layers after the concatenation.")
    dropout: float = Field(0.1, ge=0, lt=1, description="Dropout after each hidden layer.")
    symmetrised: bool = Field(True, description="Mean of the logits of (a, b) and (b, a).")

    def build(self, input_dim: int, output_dim: int) -> "ConcatenationHead":
        """Return the head for protein vectors of this width."""
        return ConcatenationHead(self, input_dim, output_dim)


class ProductHead(PairHead):
    """relu(W norm(x)) of each protein, multiplied, then hidden layers and the output."""

    is_symmetric = True

    def __init__(self, config: ProductHeadConfig, input_dim: int, output_dim: int) -> None:
        super().__init__()
        self.norm = nn.LayerNorm(input_dim)
        self.project = nn.Linear(input_dim, config.width)
        self.hidden = nn.ModuleList(nn.Linear(config.width, config.width) for _ in range(config.layers))
        self.output = nn.Linear(config.width, output_dim)
        self.dropout = nn.Dropout(config.dropout)

    def state(
        self, residue: Float[Tensor, "residue channel"] | None, residue_ptr: Int[Tensor, " protein_plus_1"] | None,
        protein: Float[Tensor, "protein channel"] | None,
    ) -> Float[Tensor, "protein width"]:  # fmt: skip
        """Return the projected protein vectors."""
        return F.relu(self.project(self.norm(_vectors(protein, self))))

    def logits(self, first: Float[Tensor, "..."], second: Float[Tensor, "..."]) -> Float[Tensor, "... output"]:
        """Return the logits of the product."""
        return _through(self.dropout(first * second), self.hidden, self.output, self.dropout)


class ConcatenationHead(PairHead):
    """relu(A norm(x) + B norm(y)), then hidden layers and the output: one map of [x, y], split into one per protein."""

    def __init__(self, config: ConcatenationHeadConfig, input_dim: int, output_dim: int) -> None:
        super().__init__()
        self.is_symmetric = config.symmetrised
        self.norm = nn.LayerNorm(input_dim)
        self.first = nn.Linear(input_dim, config.width)
        self.second = nn.Linear(input_dim, config.width, bias=False)
        self.hidden = nn.ModuleList(nn.Linear(config.width, config.width) for _ in range(config.layers - 1))
        self.output = nn.Linear(config.width, output_dim)
        self.dropout = nn.Dropout(config.dropout)

    def state(
        self, residue: Float[Tensor, "residue channel"] | None, residue_ptr: Int[Tensor, " protein_plus_1"] | None,
        protein: Float[Tensor, "protein channel"] | None,
    ) -> Float[Tensor, "protein 2 width"]:  # fmt: skip
        """Return what each protein adds to the first hidden layer as the first and as the second of a pair."""
        normed = self.norm(_vectors(protein, self))
        return torch.stack([self.first(normed), self.second(normed)], dim=1)

    def logits(self, first: Float[Tensor, "..."], second: Float[Tensor, "..."]) -> Float[Tensor, "... output"]:
        """Return the logits of the concatenation, the mean over both orders where the head is symmetrised."""
        logits = self._of_order(first, second)
        return (logits + self._of_order(second, first)) / 2 if self.is_symmetric else logits

    def _of_order(self, first: Float[Tensor, "..."], second: Float[Tensor, "..."]) -> Float[Tensor, "... output"]:
        hidden = self.dropout(F.relu(first[..., 0, :] + second[..., 1, :]))
        return _through(hidden, self.hidden, self.output, self.dropout)


def _through(state: Tensor, hidden: nn.ModuleList, output: nn.Linear, dropout: nn.Dropout) -> Tensor:
    """Return the output after the hidden layers."""
    for layer in hidden:
        state = dropout(F.relu(layer(state)))
    return output(state)


def _vectors(protein: Tensor | None, head: PairHead) -> Float[Tensor, "protein channel"]:
    if protein is None:
        raise ContractError(
            describe(f"{type(head).__name__} reads one vector per protein", expected="[protein, channel]", found="none")
        )
    return protein


AnyPairHeadConfig = Annotated[
    ProductHeadConfig | ConcatenationHeadConfig | BilinearAttentionConfig, Field(discriminator="kind")
]
