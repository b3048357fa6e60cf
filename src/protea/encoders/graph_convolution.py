"""Graph convolutions in a row: GCN, GAT, GATv2 and the graph transformer, as ProteinWorkshop stacks them.

A convolution, an activation and dropout, again and again; after the last there is no dropout. E(3)-invariant: only who
is whose neighbour is read, and for the weighted GCN how far they are apart. Key names of the published weights:
`layers.module_{0, 3, 6, ...}` with those of the convolution.
"""

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import ClassVar, Literal

import torch
from pydantic import Field, model_validator
from torch import Tensor, nn

from protea.encoders.activations import ACTIVATIONS, Activation
from protea.encoders.centred_edges import CentredEdges, centred_edges, without_loops
from protea.encoders.graph_convolution_gat import GATConvolution
from protea.encoders.graph_convolution_gatv2 import GATv2Convolution
from protea.encoders.graph_convolution_gcn import GCNConvolution
from protea.encoders.graph_convolution_transformer import TransformerConvolution
from protea.encoders.interface import Encoder, EncoderConfig, Encoding, Symmetry
from protea.encoders.pooling import Pool, pool_residues
from protea.features.edges.catalogue import GraphConfig, KNearest
from protea.features.interface import FeaturisedBatch

__all__ = [
    "Convolution",
    "GATConfig",
    "GATv2Config",
    "GCNConfig",
    "GraphConvolution",
    "GraphConvolutionConfig",
    "GraphTransformerConfig",
]

Convolution = Literal["gcn", "gat", "gatv2", "graph_transformer"]

_CONVOLUTIONS: Mapping[str, Callable[[int, int], nn.Module]] = MappingProxyType(
    {
        "gcn": GCNConvolution,
        "gat": GATConvolution,
        "gatv2": GATv2Convolution,
        "graph_transformer": TransformerConvolution,
    }
)


class GraphConvolutionConfig(EncoderConfig):
    """What the four have in common; the defaults are the published sizes."""

    reads_positions: ClassVar[bool] = False

    graph: GraphConfig = Field(default=KNearest(k=16), description="The graph of residues; any untyped one.")
    hidden_dims: tuple[int, ...] = Field(
        default=(128, 128), min_length=1, description="Width after each layer; the last is the width of the encoding."
    )
    activations: tuple[Activation, ...] = Field(
        default=("relu",), min_length=1, description="What follows each layer; a single one follows all."
    )
    inner_layers: tuple[Convolution, ...] = Field(
        default=(), description="Convolutions of the layers between the first and the last; none: as those two."
    )
    dropout: float = Field(
        default=0.0, ge=0, lt=1, description="Share of values dropped after every layer but the last."
    )
    pool: Pool = Field(default="sum", description="How residues make the protein.")

    @model_validator(mode="after")
    def _fit_together(self) -> "GraphConvolutionConfig":
        num_layers = len(self.hidden_dims)
        if min(self.hidden_dims) < 1:
            raise ValueError(f"hidden_dims: expected widths of at least 1, found {self.hidden_dims}")
        if len(self.activations) not in (1, num_layers):
            raise ValueError(f"activations: expected 1 or {num_layers} names, found {len(self.activations)}")
        if self.inner_layers and len(self.inner_layers) != num_layers - 2:
            raise ValueError(f"inner_layers: expected {max(num_layers - 2, 0)} names, found {len(self.inner_layers)}")
        return self

    @classmethod
    def published(cls) -> "GraphConvolutionConfig":
        """Return the published sizes, which are the defaults."""
        return cls.model_validate({})

    @property
    def convolutions(self) -> tuple[str, ...]:
        """The convolution of every layer."""
        num_layers = len(self.hidden_dims)
        inner = self.inner_layers or (self.kind,) * (num_layers - 2)
        return (self.kind, *inner, self.kind)[:num_layers]

    def build(self, input_dim: int) -> "GraphConvolution":
        """Return the encoder for features of this width."""
        return GraphConvolution(self, input_dim)


class GCNConfig(GraphConvolutionConfig):
    """GCN. The defaults are the published sizes."""

    kind: Literal["gcn"] = "gcn"
    is_weighted_by_distance: bool = Field(
        default=False, description="Neighbours count as much as they are far, angstrom (published as edge_features)."
    )


class GATConfig(GraphConvolutionConfig):
    """GAT. The defaults are the published sizes."""

    kind: Literal["gat"] = "gat"


class GATv2Config(GraphConvolutionConfig):
    """GATv2. The defaults are the published sizes."""

    kind: Literal["gatv2"] = "gatv2"


class GraphTransformerConfig(GraphConvolutionConfig):
    """The graph transformer. The defaults are the published sizes."""

    kind: Literal["graph_transformer"] = "graph_transformer"


class GraphConvolution(Encoder):
    """The stack of convolutions (see the module docstring)."""

    symmetry: ClassVar[Symmetry] = "E(3)-invariant"
    config: GraphConvolutionConfig

    def __init__(self, config: GraphConvolutionConfig, input_dim: int) -> None:
        super().__init__()
        self.config = config
        self.output_dim = config.hidden_dims[-1]
        dims = (input_dim, *config.hidden_dims)
        # Published names count the activation and the dropout after each layer too.
        self.layers = nn.ModuleDict(
            {f"module_{3 * i}": _CONVOLUTIONS[kind](dims[i], dims[i + 1]) for i, kind in enumerate(config.convolutions)}
        )
        num_layers = len(config.hidden_dims)
        names = config.activations if len(config.activations) == num_layers else config.activations * num_layers
        self.activations = [ACTIVATIONS[name] for name in names]

    def forward(self, inputs: FeaturisedBatch) -> Encoding:
        """Return residue and protein encodings."""
        given = centred_edges(inputs.graph)
        edges, has_loop, of_loop = without_loops(given)
        weight, own = self._weights(edges, torch.where(has_loop, of_loop, 1.0))
        state = inputs.scalar.to(next(self.parameters()).dtype)
        for i, (layer, activation) in enumerate(zip(self.layers.values(), self.activations, strict=True)):
            if isinstance(layer, GCNConvolution):
                hidden = layer(state, edges, weight, own)
            else:
                # The transformer alone reads an edge of a residue to itself; the others have one for every residue.
                hidden = layer(state, given if isinstance(layer, TransformerConvolution) else edges)
            state = activation(hidden)
            if i + 1 < len(self.activations):
                state = nn.functional.dropout(state, self.config.dropout, self.training)
        return Encoding(state, pool_residues(state, inputs.residue_ptr, self.config.pool))

    def _weights(self, edges: CentredEdges, own: Tensor) -> tuple[Tensor | None, Tensor | None]:
        """Return the weights of the edges and of each residue to itself; none where all are 1."""
        if not isinstance(self.config, GCNConfig) or not self.config.is_weighted_by_distance:
            return None, None
        wide = torch.promote_types(edges.distance.dtype, torch.float32)
        return edges.distance.to(wide), own.to(wide)
