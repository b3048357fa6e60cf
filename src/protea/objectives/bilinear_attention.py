"""Bilinear attention over the residues of two proteins, with its map of residue pairs.

As in DrugBAN, without a softmax. With u_i = U x_i + b of the first protein, v_j = V y_j + c of the second, glimpse g:

    A[g, i, j] = sum_k q[g, k] relu(u_i)_k relu(v_j)_k + bias[g]
    f_k        = sum_g sum_ij A[g, i, j] u_ik v_jk        (over the number of cells, if `pooling` is mean)

and the logits are a small network of f. The sum over residue pairs factorises: with M = sum_i relu(u_i) u_i^T of each
protein, f_k = sum_c (sum_g q[g, c]) M_x[c, k] M_y[c, k] + (sum_g bias[g]) (sum_i u_ik) (sum_j v_jk). So a pair costs
width squared, whatever the lengths, and the map is made only where somebody wants to see it.
Axes: residue (packed), protein, pair, glimpse, channel.
"""

from itertools import pairwise
from typing import Literal

import torch
from jaxtyping import Float, Int
from pydantic import Field
from torch import Tensor, nn
from torch.nn import functional as F

from protea.errors import ContractError, describe
from protea.objectives.pairing import PairHead, PairHeadConfig

__all__ = ["BilinearAttention", "BilinearAttentionConfig"]


class BilinearAttentionConfig(PairHeadConfig):
    """Every residue of one protein against every residue of the other; symmetric where both share one map."""

    kind: Literal["bilinear_attention"] = "bilinear_attention"
    width: int = Field(32, ge=1, description="Channels of the residue maps U and V.")
    glimpses: int = Field(2, ge=1, description="Maps of residue pairs, summed.")
    shared: bool = Field(
        True, description="One map U = V for both proteins: symmetric. Apart, as published, the order matters."
    )
    pooling: Literal["mean", "sum"] = Field(
        "mean", description="Over the cells of the map; the published sum grows with both lengths."
    )
    hidden: int = Field(64, ge=1, description="Width of the hidden layer after the pooling.")
    dropout: float = Field(0.1, ge=0, lt=1, description="Dropout of the hidden layer.")

    def build(self, input_dim: int, output_dim: int) -> "BilinearAttention":
        """Return the head for residue embeddings of this width."""
        return BilinearAttention(self, input_dim, output_dim)


class BilinearAttention(PairHead):
    """Bilinear attention; a state is, for each side of a pair, M [width, width] and the pooled u [width] below it."""

    reads_residues = True

    def __init__(self, config: BilinearAttentionConfig, input_dim: int, output_dim: int) -> None:
        super().__init__()
        self.is_symmetric, self.pooling = config.shared, config.pooling
        self.norm = nn.LayerNorm(input_dim)
        self.first = nn.Linear(input_dim, config.width)
        self.second = self.first if config.shared else nn.Linear(input_dim, config.width)
        self.glimpse = nn.Parameter(torch.randn(config.glimpses, config.width) / config.width)
        self.glimpse_bias = nn.Parameter(torch.zeros(config.glimpses))
        self.pooled_norm = nn.LayerNorm(config.width)
        self.hidden = nn.Linear(config.width, config.hidden)
        self.output = nn.Linear(config.hidden, output_dim)
        self.dropout = nn.Dropout(config.dropout)

    def state(
        self, residue: Float[Tensor, "residue channel"] | None, residue_ptr: Int[Tensor, " protein_plus_1"] | None,
        protein: Float[Tensor, "protein channel"] | None,
    ) -> Float[Tensor, "protein side width_plus_1 width"]:  # fmt: skip
        """Return the pooled outer products of each protein: one side if both proteins share their map, else two."""
        if residue is None or residue_ptr is None:
            raise ContractError(
                describe("bilinear attention reads residues", expected="packed residue embeddings and their offsets",
                         found="one vector per protein", do="Take a head over vectors, or embed with --level residue.")
            )  # fmt: skip
        normed = self.norm(residue)
        maps = [self.first] if self.is_symmetric else [self.first, self.second]
        return torch.stack([self._pooled(linear(normed), residue_ptr) for linear in maps], dim=1)

    def _pooled(
        self, mapped: Float[Tensor, "residue width"], residue_ptr: Int[Tensor, " protein_plus_1"]
    ) -> Float[Tensor, "protein width_plus_1 width"]:
        """Return [M; sum of u], as means if the head takes means. One matrix product per protein: no outer products."""
        parts = [_outer_sum(mapped[begin:end]) for begin, end in pairwise(residue_ptr.tolist())]
        total = torch.stack(parts) if parts else mapped.new_zeros((0, mapped.shape[1] + 1, mapped.shape[1]))
        if self.pooling == "sum":
            return total
        length = (residue_ptr[1:] - residue_ptr[:-1]).clamp(min=1).to(total.dtype)
        return total / length[:, None, None]

    def logits(self, first: Float[Tensor, "..."], second: Float[Tensor, "..."]) -> Float[Tensor, "... output"]:
        """Return the logits of pairs of states."""
        pooled = self.pooled(first, second)
        return self.output(self.dropout(F.relu(self.hidden(self.pooled_norm(pooled)))))

    def pooled(self, first: Float[Tensor, "..."], second: Float[Tensor, "..."]) -> Float[Tensor, "... width"]:
        """Return f, the sum (or mean) over residue pairs, from the states alone."""
        weight = torch.cat([self.glimpse.sum(0), self.glimpse_bias.sum()[None]])
        return ((weight[:, None] * first[..., 0, :, :]) * second[..., -1, :, :]).sum(-2)

    def residue_map(
        self, first: Float[Tensor, "first channel"], second: Float[Tensor, "second channel"]
    ) -> Float[Tensor, "glimpse first second"]:
        """Return the attention of every residue of one protein to every residue of the other, glimpse by glimpse."""
        left = F.relu(self.first(self.norm(first)))
        right = F.relu(self.second(self.norm(second)))
        return torch.einsum("gk,ik,jk->gij", self.glimpse, left, right) + self.glimpse_bias[:, None, None]


def _outer_sum(mapped: Float[Tensor, "residue width"]) -> Float[Tensor, "width_plus_1 width"]:
    return torch.cat([F.relu(mapped).T @ mapped, mapped.sum(0, keepdim=True)])
