"""A graph head over an interaction network: each protein gathers from its partners, two proteins then tell a pair.

Graph isomorphism layers (Xu et al. 2019) as in GNN-PPI (Lv et al. 2021), whose tensor names these are:

    h' = BatchNorm(relu(W2 relu(W1 ((1 + eps) h + sum over partners of h_j) + b1) + b2))
    node = W4 dropout(relu(W3 h + b3)) + b4          (h: the last layer, or all layers side by side)
    logits = W5 (node_u * node_v) + b5               (or of both vectors side by side)

Which pairs the sum sees is the caller's choice and shapes every figure: over all pairs, test pairs are told to exist.
The published concatenation does not run (its last map is too narrow); here it does, as the mean over both orders, since
a pair has no order. Axes: protein (of the network), pair, edge (every pair in both directions), channel.
"""

from itertools import chain
from typing import Literal

import torch
from jaxtyping import Float, Int
from pydantic import Field
from torch import Tensor, nn
from torch.nn import functional as F

from protea.config import Config

__all__ = ["InteractionGraph", "InteractionGraphConfig", "IsomorphismLayer", "both_directions"]


class InteractionGraphConfig(Config):
    """Sizes of the graph head; the defaults are those of the published checkpoints."""

    layers: int = Field(1, ge=1, description="Layers of message passing.")
    width: int = Field(512, ge=1, description="Channels of each layer and of the node vectors.")
    learns_epsilon: bool = Field(True, description="Whether the weight of a protein itself, 1 + eps, is learned.")
    jumping_knowledge: bool = Field(False, description="Read all layers side by side, not the last alone.")
    fusion: Literal["product", "concatenation"] = Field("product", description="How two node vectors make a pair.")
    dropout: float = Field(0.5, ge=0, lt=1, description="Dropout between the two maps of a node.")

    def build(self, input_dim: int, output_dim: int) -> "InteractionGraph":
        """Return the head for protein vectors of this width."""
        return InteractionGraph(self, input_dim, output_dim)


class IsomorphismLayer(nn.Module):
    """One layer: the protein itself and the sum of its partners through two maps and a normalisation."""

    def __init__(self, input_dim: int, width: int, learns_epsilon: bool) -> None:
        super().__init__()
        eps = torch.zeros(1)
        if learns_epsilon:
            self.eps: Tensor = nn.Parameter(eps)
        else:
            self.register_buffer("eps", eps)
        self.nn = nn.Sequential(
            nn.Linear(input_dim, width), nn.ReLU(), nn.Linear(width, width), nn.ReLU(), nn.BatchNorm1d(width)
        )

    def forward(
        self, state: Float[Tensor, "protein channel"], edge: Int[Tensor, "2 edge"]
    ) -> Float[Tensor, "protein width"]:
        """Return the new state; `edge` is [source; target]."""
        first, *others = self.nn.children()
        assert isinstance(first, nn.Linear)
        # The first map of a sum is the sum of the first maps: what is gathered has its width, which is the smaller one.
        mapped = F.linear(state, first.weight)
        gathered = torch.zeros_like(mapped).index_add(0, edge[1], mapped[edge[0]])
        hidden = (1 + self.eps) * mapped + gathered + first.bias
        for part in others:
            hidden = part(hidden)
        return hidden


class InteractionGraph(nn.Module):
    """Message passing over a network, and logits of pairs of its proteins."""

    def __init__(self, config: InteractionGraphConfig, input_dim: int, output_dim: int) -> None:
        super().__init__()
        self.config = config
        self.gin_conv1 = IsomorphismLayer(input_dim, config.width, config.learns_epsilon)
        self.gin_convs = nn.ModuleList(
            IsomorphismLayer(config.width, config.width, config.learns_epsilon) for _ in range(config.layers - 1)
        )
        self.lin1 = nn.Linear(config.width * (config.layers if config.jumping_knowledge else 1), config.width)
        self.lin2 = nn.Linear(config.width, config.width)
        self.fc2 = nn.Linear(config.width * (2 if config.fusion == "concatenation" else 1), output_dim)
        self.dropout = nn.Dropout(config.dropout)

    def layers(
        self, protein: Float[Tensor, "protein channel"], edge: Int[Tensor, "2 edge"]
    ) -> list[Float[Tensor, "protein width"]]:
        """Return the state after each layer."""
        states = [protein]
        for layer in chain([self.gin_conv1], self.gin_convs):
            states.append(layer(states[-1], edge))
        return states[1:]

    def nodes(
        self, protein: Float[Tensor, "protein channel"], edge: Int[Tensor, "2 edge"]
    ) -> Float[Tensor, "protein width"]:
        """Return the vector of every protein of the network, from which its pairs are told."""
        states = self.layers(protein, edge)
        read = torch.cat(states, dim=1) if self.config.jumping_knowledge else states[-1]
        return self.lin2(self.dropout(F.relu(self.lin1(read))))

    def logits(
        self, first: Float[Tensor, "... width"], second: Float[Tensor, "... width"]
    ) -> Float[Tensor, "... output"]:
        """Return the logits of pairs of node vectors that broadcast; swapping the two changes nothing."""
        if self.config.fusion == "product":
            return self.fc2(first * second)
        # The mean over both orders of a linear map of [u, v] is the map of the mean of both orders.
        left, right = self.fc2.weight.split(self.config.width, dim=1)
        return F.linear(first + second, (left + right) / 2, self.fc2.bias)

    def forward(
        self, protein: Float[Tensor, "protein channel"], edge: Int[Tensor, "2 edge"], pair: Int[Tensor, "pair 2"]
    ) -> Float[Tensor, "pair output"]:
        """Return the logits of pairs of proteins of the network."""
        node = self.nodes(protein, edge)
        return self.logits(node[pair[:, 0]], node[pair[:, 1]])


def both_directions(pair: Int[Tensor, "pair 2"]) -> Int[Tensor, "2 edge"]:
    """Return [source; target] of pairs in the given order and then all reversed, as the published graphs hold them."""
    return torch.cat([pair, pair.flip(1)]).T.contiguous()
