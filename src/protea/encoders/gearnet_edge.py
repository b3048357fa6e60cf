"""GearNet-Edge: GearNet with messages between edges by the angle between them (Zhang et al. 2023, section 3.3).

E(3)-invariant. The states of edges pass over the line graph, whose relations are bins of angles; their sum over each
(residue, relation) goes through the same map as the residues' own update and is added to it. Key names of the
published weights: those of GearNet and `edge_layers.i.{self_loop, linear, batch_norm}`.
"""

from typing import ClassVar, Literal

import torch
from jaxtyping import Float
from pydantic import Field
from torch import Tensor, nn

from protea.encoders.interface import Encoder, EncoderConfig, Encoding, Symmetry
from protea.encoders.line_graph import line_incidence
from protea.encoders.line_messages import LineGraph, line_convolution
from protea.encoders.pooling import Pool, pool_residues
from protea.encoders.precision import compute_dtype
from protea.encoders.relational_edges import (
    edge_features,
    edge_width,
    num_relations,
    relational_edges,
    summed_features,
)
from protea.encoders.relational_layer import LayerEnd, NodeConvolution, RelationalActivation, RelationalLayer
from protea.encoders.row_sums import sum_rows
from protea.features.edges.catalogue import GraphConfig, OneRelation, SevenRelations
from protea.features.interface import FeaturisedBatch

__all__ = ["GearNetEdge", "GearNetEdgeConfig"]


class GearNetEdgeConfig(EncoderConfig):
    """GearNet-Edge. The defaults are the benchmark's width; `published()` gives the sizes of the shipped weights."""

    kind: Literal["gearnet_edge"] = "gearnet_edge"
    graph: GraphConfig = Field(default=SevenRelations(), description="Typed edges; an untyped graph is one relation.")
    hidden_dim: int = Field(default=128, ge=1, description="Width of each layer's state.")
    num_layers: int = Field(default=3, ge=1, description="Number of layers.")
    num_angle_bins: int = Field(default=7, ge=1, description="Bins of the angle between edges, over 0 to pi.")
    has_shortcut: bool = Field(default=True, description="Add a layer's input to its output where widths agree.")
    activation: RelationalActivation = Field(default="relu", description="At the end of every layer.")
    has_batch_norm: bool = Field(default=True, description="Normalise within and after every layer.")
    joins_states: bool = Field(default=True, description="The encoding holds the states of all layers; else the last.")
    distance_eps: float = Field(
        default=0.0, ge=0, description="Added to coordinate differences before the length is taken; published: 1e-6."
    )
    pool: Pool = Field(default="sum", description="How residues make the protein.")

    @classmethod
    def published(cls) -> "GearNetEdgeConfig":
        """Return the sizes and habits of the weights that ProteinWorkshop ships."""
        return cls(graph=OneRelation(k=16), hidden_dim=512, num_layers=6, distance_eps=1e-6)

    def build(self, input_dim: int) -> "GearNetEdge":
        """Return the encoder for features of this width."""
        return GearNetEdge(self, input_dim)


class _EdgeConvolution(RelationalLayer):
    """The convolution over edges; the bins are its relations."""

    def __init__(self, input_dim: int, output_dim: int, bins: int, end: LayerEnd) -> None:
        super().__init__(input_dim, output_dim, bins, None, end)

    def forward(self, state: Float[Tensor, "edge channel"], line: LineGraph) -> Float[Tensor, "edge output"]:
        """Return the new states of the edges."""
        return self.ended(line_convolution(state, line, self))


class GearNetEdge(Encoder):
    """The GearNet-Edge encoder (see the module docstring)."""

    symmetry: ClassVar[Symmetry] = "E(3)-invariant"
    config: GearNetEdgeConfig

    def __init__(self, config: GearNetEdgeConfig, input_dim: int) -> None:
        super().__init__()
        self.config = config
        self.num_relations = num_relations(config.graph)
        self.output_dim = config.hidden_dim * (config.num_layers if config.joins_states else 1)
        end = LayerEnd(config.activation, config.has_batch_norm)
        dims = [input_dim] + [config.hidden_dim] * config.num_layers
        edge_dims = [edge_width(input_dim, self.num_relations), *dims[:-1]]
        self.layers = nn.ModuleList(
            NodeConvolution(dims[i], dims[i + 1], self.num_relations, edge_dims[0], end)
            for i in range(config.num_layers)
        )
        self.edge_layers = nn.ModuleList(
            _EdgeConvolution(edge_dims[i], edge_dims[i + 1], config.num_angle_bins, end)
            for i in range(config.num_layers)
        )
        self.batch_norms = nn.ModuleList(nn.BatchNorm1d(dim) for dim in dims[1:] if config.has_batch_norm)

    def forward(self, inputs: FeaturisedBatch) -> Encoding:
        """Return residue and protein encodings."""
        position = torch.where(inputs.is_resolved[:, None], inputs.position, 0.0)
        edges = relational_edges(inputs.graph, self.num_relations, position, self.config.distance_eps)
        line = LineGraph(line_incidence(edges, position, self.config.num_angle_bins), self.config.num_angle_bins)
        weight = self.layers[0].get_parameter("linear.weight")
        state = inputs.scalar.to(weight.dtype)
        features, degree = summed_features(state, edges)
        edge_state = edge_features(state, edges).to(compute_dtype(weight))
        states = []
        for number, (layer, edge_layer) in enumerate(zip(self.layers, self.edge_layers, strict=True)):
            assert isinstance(layer, NodeConvolution)
            hidden = layer(state, features, degree, edges)
            if self.config.has_shortcut and hidden.shape == state.shape:
                hidden = hidden + state
            edge_state = edge_layer(edge_state, line)
            update = sum_rows(edge_state, edges.edges).view(edges.num_residues, -1)
            hidden = hidden + layer.function(layer.map_update(update))
            state = self.batch_norms[number](hidden) if self.config.has_batch_norm else hidden
            states.append(state)
        residue = torch.cat(states, dim=1) if self.config.joins_states else state
        return Encoding(residue, pool_residues(residue, inputs.residue_ptr, self.config.pool))
