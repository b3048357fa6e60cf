"""EGNN: messages from both states and the distance, which also move the positions (Satorras et al. 2021), as
ProteinWorkshop ships it: batch normalisation, relu and dropout in every map, residual states, mean pool. These habits
are settings; messages with the shipped normalisation and activation take the fast way of `egnn_messages`.

    m_ij = msg(h_i, h_j, |x_i - x_j|)
    x_i += mean_j (x_i - x_j) / (|x_i - x_j| + 1) pos(m_ij)
    h_i += upd(h_i, sum_j m_ij)

E(3)-equivariant: the state is invariant, the positions turn with the input. Key names of the published weights:
`emb_in`, `convs.i.{mlp_msg, mlp_upd}.{0, 1, 4, 5}`, `convs.i.mlp_pos.{0, 1, 4}`.
"""

from typing import ClassVar, Literal

import torch
from jaxtyping import Float
from pydantic import Field
from torch import Tensor, nn

from protea.encoders.activations import ACTIVATIONS, Activation
from protea.encoders.centred_edges import CentredEdges, centred_edges
from protea.encoders.egnn_messages import MessageLayers, edge_messages
from protea.encoders.interface import Encoder, EncoderConfig, Encoding, Symmetry
from protea.encoders.pooling import Pool, pool_residues
from protea.encoders.precision import compute_dtype
from protea.features.edges.catalogue import GraphConfig, KNearest
from protea.features.interface import FeaturisedBatch

__all__ = ["EGNN", "EGNNConfig"]

_Norm = Literal["batch", "layer"]


class EGNNConfig(EncoderConfig):
    """EGNN. The defaults are the benchmark's width; `published()` gives the sizes of the shipped weights."""

    kind: Literal["egnn"] = "egnn"
    graph: GraphConfig = Field(default=KNearest(k=16), description="The graph of residues; any untyped one.")
    hidden_dim: int = Field(default=128, ge=1, description="Width of states and messages.")
    num_layers: int = Field(default=3, ge=1, description="Number of layers.")
    activation: Activation = Field(default="relu", description="Between the maps.")
    norm: _Norm = Field(default="batch", description="Normalisation before every activation.")
    aggregation: Literal["sum", "mean", "max"] = Field(default="sum", description="How messages are put together.")
    has_residual: bool = Field(default=True, description="Add states and positions to their updates.")
    dropout: float = Field(default=0.1, ge=0, lt=1, description="Share of values dropped after every activation.")
    pool: Pool = Field(default="mean", description="How residues make the protein.")

    @classmethod
    def published(cls) -> "EGNNConfig":
        """Return the sizes of the published weights."""
        return cls(hidden_dim=512, num_layers=6)

    def build(self, input_dim: int) -> "EGNN":
        """Return the encoder for features of this width."""
        return EGNN(self, input_dim)


class _Activation(nn.Module):
    """An activation by name, without state."""

    def __init__(self, name: Activation) -> None:
        super().__init__()
        self.function = ACTIVATIONS[name]

    def forward(self, value: Float[Tensor, "row channel"]) -> Float[Tensor, "row channel"]:
        return self.function(value)


def _once(first_dim: int, config: EGNNConfig) -> list[nn.Module]:
    """A map with normalisation, activation and dropout, four places as published."""
    dim = config.hidden_dim
    norm = nn.BatchNorm1d(dim) if config.norm == "batch" else nn.LayerNorm(dim)
    return [nn.Linear(first_dim, dim), norm, _Activation(config.activation), nn.Dropout(config.dropout)]


class _Layer(nn.Module):
    """One round of messages, and the two updates."""

    def __init__(self, config: EGNNConfig) -> None:
        super().__init__()
        dim = config.hidden_dim
        self.dim, self.dropout, self.aggregation = dim, config.dropout, config.aggregation
        self.is_fast = config.norm == "batch" and config.activation == "relu" and config.aggregation != "max"
        self.mlp_msg = nn.Sequential(*_once(2 * dim + 1, config), *_once(dim, config))
        self.mlp_upd = nn.Sequential(*_once(2 * dim, config), *_once(dim, config))
        self.mlp_pos = nn.Sequential(*_once(dim, config), nn.Linear(dim, 1))

    def forward(
        self, state: Float[Tensor, "residue channel"], position: Float[Tensor, "residue 3"], edges: CentredEdges
    ) -> tuple[Float[Tensor, "residue channel"], Float[Tensor, "residue 3"]]:
        """Return the changes of the state and of the positions."""
        difference = position.index_select(0, edges.centre) - position.index_select(0, edges.source)
        distance = _length(difference)
        weight, bias = self.mlp_msg.get_parameter("0.weight"), self.mlp_msg.get_parameter("0.bias")
        dtype = compute_dtype(weight)
        # The map of [h_i, h_j, d] is split: one product per residue instead of one per edge.
        split = torch.cat([weight[:, : self.dim], weight[:, self.dim : 2 * self.dim]])
        both = nn.functional.linear(state, split, torch.cat([bias, torch.zeros_like(bias)])).to(dtype)
        centre, source = (part.contiguous() for part in both.split(self.dim, dim=1))
        degree = edges.edge_ptr.diff().clamp(min=1).to(position.dtype)[:, None]
        if self.is_fast:
            total, gate = edge_messages(centre, source, weight[:, -1], distance, edges, self._layers())
        else:
            message = self._messages(centre, source, weight[:, -1], distance, edges)
            total, gate = self._total(message, edges), self.mlp_pos(message)
        if self.aggregation == "mean":
            total = total / degree.to(total.dtype)
        step = difference / (distance + 1.0)[:, None] * gate.to(difference.dtype)
        change = self.mlp_upd(torch.cat([state, total.to(state.dtype)], dim=1))
        return change, edges.total(step) / degree

    def _messages(
        self, centre: Float[Tensor, "residue channel"], source: Float[Tensor, "residue channel"],
        weight: Float[Tensor, " channel"], distance: Float[Tensor, " edge"], edges: CentredEdges,
    ) -> Float[Tensor, "edge channel"]:  # fmt: skip
        """Return the messages of all edges, by any normalisation and activation."""
        first = centre.index_select(0, edges.centre) + source.index_select(0, edges.source)
        message: Tensor = self.mlp_msg[1:](first + distance.to(first.dtype)[:, None] * weight.to(first.dtype))
        return message

    def _total(self, message: Float[Tensor, "edge channel"], edges: CentredEdges) -> Float[Tensor, "residue channel"]:
        """Return the sum of the messages to every residue, or the largest; 0 where there is none."""
        if self.aggregation != "max":
            return edges.total(message)
        place = edges.centre[:, None].expand_as(message)
        zero = message.new_zeros(edges.num_residues, self.dim)
        return zero.scatter_reduce(0, place, message, "amax", include_self=False)

    def _layers(self) -> MessageLayers:
        found = {
            name: self.get_submodule(place)
            for name, place in {
                "norm1": "mlp_msg.1", "linear2": "mlp_msg.4", "norm2": "mlp_msg.5",
                "linear3": "mlp_pos.0", "norm3": "mlp_pos.1", "linear4": "mlp_pos.4",
            }.items()
        }  # fmt: skip
        return MessageLayers(**found, dropout=self.dropout)  # type: ignore[arg-type]


def _length(difference: Float[Tensor, "edge 3"]) -> Float[Tensor, " edge"]:
    """Return the lengths; the gradient of a length of 0 is 0."""
    square = difference.square().sum(1)
    is_zero = square == 0
    return torch.where(is_zero, 0.0, torch.where(is_zero, 1.0, square).sqrt())


class EGNN(Encoder):
    """The EGNN encoder (see the module docstring)."""

    symmetry: ClassVar[Symmetry] = "E(3)-equivariant"
    config: EGNNConfig

    def __init__(self, config: EGNNConfig, input_dim: int) -> None:
        super().__init__()
        self.config = config
        self.output_dim = config.hidden_dim
        self.emb_in = nn.Linear(input_dim, config.hidden_dim)
        self.convs = nn.ModuleList(_Layer(config) for _ in range(config.num_layers))

    def forward(self, inputs: FeaturisedBatch) -> Encoding:
        """Return residue and protein encodings and the moved positions (0 for unresolved residues)."""
        edges = centred_edges(inputs.graph)
        # A hidden position may be anything: it is not read, and 0 is handed out.
        position = torch.where(inputs.is_resolved[:, None], inputs.position, 0.0)
        state = self.emb_in(inputs.scalar.to(self.emb_in.weight.dtype))
        for layer in self.convs:
            change, step = layer(state, position, edges)
            state, position = (state + change, position + step) if self.config.has_residual else (change, step)
        return Encoding(state, pool_residues(state, inputs.residue_ptr, self.config.pool), position=position)
