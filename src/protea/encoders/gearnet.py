"""GearNet: relational message passing over sequence and space (Zhang et al. 2023), as ProteinWorkshop wires it.

E(3)-invariant. The default graph has the seven relations of the paper; ProteinWorkshop ships one (`published()`). All
layers' states are concatenated. Key names of the published weights: `layers.i.{self_loop, linear, edge_linear,
batch_norm}`, `batch_norms.i`.
"""

from typing import ClassVar, Literal

import torch
from pydantic import Field
from torch import nn

from protea.encoders.interface import Encoder, EncoderConfig, Encoding, Symmetry
from protea.encoders.pooling import Pool, pool_residues
from protea.encoders.relational_edges import edge_width, num_relations, relational_edges, summed_features
from protea.encoders.relational_layer import LayerEnd, NodeConvolution, RelationalActivation
from protea.features.edges.catalogue import GraphConfig, OneRelation, SevenRelations
from protea.features.interface import FeaturisedBatch

__all__ = ["GearNet", "GearNetConfig"]


class GearNetConfig(EncoderConfig):
    """GearNet. The defaults are the benchmark's width; `published()` gives the sizes of the shipped weights."""

    reads_positions: ClassVar[bool] = False

    kind: Literal["gearnet"] = "gearnet"
    graph: GraphConfig = Field(default=SevenRelations(), description="Typed edges; an untyped graph is one relation.")
    hidden_dim: int = Field(default=128, ge=1, description="Width of each layer's state.")
    num_layers: int = Field(default=3, ge=1, description="Number of layers.")
    has_shortcut: bool = Field(default=True, description="Add a layer's input to its output where widths agree.")
    activation: RelationalActivation = Field(default="relu", description="At the end of every layer.")
    has_batch_norm: bool = Field(default=True, description="Normalise within and after every layer.")
    joins_states: bool = Field(default=True, description="The encoding holds the states of all layers; else the last.")
    distance_eps: float = Field(
        default=0.0, ge=0, description="Added to coordinate differences before the length is taken; published: 1e-6."
    )
    pool: Pool = Field(default="sum", description="How residues make the protein.")

    @classmethod
    def published(cls) -> "GearNetConfig":
        """Return the sizes and habits of the weights that ProteinWorkshop ships."""
        return cls(graph=OneRelation(k=16), hidden_dim=512, num_layers=6, distance_eps=1e-6)

    def build(self, input_dim: int) -> "GearNet":
        """Return the encoder for features of this width."""
        return GearNet(self, input_dim)


class GearNet(Encoder):
    """The GearNet encoder (see the module docstring)."""

    symmetry: ClassVar[Symmetry] = "E(3)-invariant"
    config: GearNetConfig

    def __init__(self, config: GearNetConfig, input_dim: int) -> None:
        super().__init__()
        self.config = config
        self.num_relations = num_relations(config.graph)
        self.output_dim = config.hidden_dim * (config.num_layers if config.joins_states else 1)
        end = LayerEnd(config.activation, config.has_batch_norm)
        dims = [input_dim] + [config.hidden_dim] * config.num_layers
        edge_dim = edge_width(input_dim, self.num_relations)
        self.layers = nn.ModuleList(
            NodeConvolution(dims[i], dims[i + 1], self.num_relations, edge_dim, end) for i in range(config.num_layers)
        )
        self.batch_norms = nn.ModuleList(nn.BatchNorm1d(dim) for dim in dims[1:] if config.has_batch_norm)

    def forward(self, inputs: FeaturisedBatch) -> Encoding:
        """Return residue and protein encodings."""
        position = torch.where(inputs.is_resolved[:, None], inputs.position, 0.0)
        edges = relational_edges(inputs.graph, self.num_relations, position, self.config.distance_eps)
        state = inputs.scalar.to(self.layers[0].get_parameter("linear.weight").dtype)
        features, degree = summed_features(state, edges)
        states = []
        for number, layer in enumerate(self.layers):
            hidden = layer(state, features, degree, edges)
            if self.config.has_shortcut and hidden.shape == state.shape:
                hidden = hidden + state
            state = self.batch_norms[number](hidden) if self.config.has_batch_norm else hidden
            states.append(state)
        residue = torch.cat(states, dim=1) if self.config.joins_states else state
        return Encoding(residue, pool_residues(residue, inputs.residue_ptr, self.config.pool))
