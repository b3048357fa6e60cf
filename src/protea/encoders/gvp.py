"""GVP-GNN: residues carry scalars and vectors, which meet in gated perceptrons (Jing et al. 2021), as ProteinWorkshop
ships it: relu on scalars, vector gates, mean of messages, a norm after each residual, dropout 0.1, sum pool.

    (s, v) = norm((s, v) + drop(mean_j message_ij));  (s, v) = norm((s, v) + drop(feedforward(s, v)))

Edges carry Bessel functions of the distance and the unit vector to the sender. E(3)-equivariant: scalars stay, the
vectors turn and mirror with the input. Key names of the published weights: `emb_in`, `W_v`, `W_e`, `W_out`,
`layers.i.{conv.message_func.{0, 1, 2}, norm.{0, 1}, ff_func.{0, 1}}`, `radial_embedding`.
"""

from typing import ClassVar, Literal

import torch
from jaxtyping import Float
from pydantic import Field
from torch import Tensor, nn

from protea.encoders.bessel_basis import BesselEmbedding
from protea.encoders.centred_edges import CentredEdges, centred_edges
from protea.encoders.gvp_messages import EdgeInputs, mean_messages
from protea.encoders.gvp_perceptron import VectorPerceptron
from protea.encoders.interface import Encoder, EncoderConfig, Encoding, Symmetry
from protea.encoders.pooling import Pool, pool_residues
from protea.encoders.scalar_vector import PairNorm, ScalarVector, channel_length, drop_channels
from protea.features.edges.catalogue import GraphConfig, KNearest
from protea.features.interface import FeaturisedBatch
from protea.geometry.vectors import unit_vector

__all__ = ["GVP", "GVPConfig"]


class GVPConfig(EncoderConfig):
    """GVP-GNN. The defaults are the sizes of the published weights."""

    kind: Literal["gvp"] = "gvp"
    graph: GraphConfig = Field(default=KNearest(k=16), description="The graph of residues; any untyped one.")
    hidden_dim: int = Field(default=128, ge=1, description="Scalars of a residue.")
    num_vectors: int = Field(default=16, ge=1, description="Vectors of a residue.")
    edge_dim: int = Field(default=32, ge=1, description="Scalars of an edge.")
    num_edge_vectors: int = Field(default=1, ge=1, description="Vectors of an edge.")
    num_layers: int = Field(default=5, ge=1, description="Number of layers.")
    num_bessel: int = Field(default=8, ge=1, description="Number of Bessel functions of the distance.")
    cutoff: float = Field(default=10.0, gt=0, description="Where they end, angstrom; longer edges keep their vector.")
    cutoff_power: int = Field(default=8, ge=1, description="Power of their polynomial cutoff.")
    dropout: float = Field(default=0.1, ge=0, lt=1, description="Share of scalars and of vectors dropped per update.")
    has_residual: bool = Field(default=True, description="Add each update to the state and normalise; False: replace.")
    pool: Pool = Field(default="sum", description="How residues make the protein.")

    @classmethod
    def published(cls) -> "GVPConfig":
        """Return the sizes of the published weights."""
        return cls()

    def build(self, input_dim: int) -> "GVP":
        """Return the encoder for features of this width."""
        return GVP(self, input_dim)


class _Conv(nn.Module):
    """The three perceptrons of the messages, under their published names."""

    def __init__(self, config: GVPConfig) -> None:
        super().__init__()
        state = (config.hidden_dim, config.num_vectors)
        given = (2 * state[0] + config.edge_dim, 2 * state[1] + config.num_edge_vectors)
        self.message_func = nn.Sequential(
            VectorPerceptron(given, state, is_active=True),
            VectorPerceptron(state, state, is_active=True),
            VectorPerceptron(state, state, is_active=False),
        )


class _PublishedName(nn.Module):
    """Holds the empty tensor `dummy_param`."""

    dummy_param: Tensor

    def __init__(self) -> None:
        super().__init__()
        self.register_buffer("dummy_param", torch.empty(0))


class _Dropout(nn.Module):
    """Dropout of a share of the scalars and of the vectors, with its published (empty) tensor."""

    def __init__(self, rate: float) -> None:
        super().__init__()
        self.rate = rate
        self.vdropout = _PublishedName()

    def forward(self, scalar: Tensor, vector: Tensor) -> ScalarVector:
        """Return both, thinned in training."""
        return drop_channels(scalar, vector, self.rate, self.training)


class _Layer(nn.Module):
    """Messages, then a feedforward network on every residue."""

    def __init__(self, config: GVPConfig) -> None:
        super().__init__()
        state, wide = (config.hidden_dim, config.num_vectors), (4 * config.hidden_dim, 2 * config.num_vectors)
        self.has_residual = config.has_residual
        self.conv = _Conv(config)
        # Without residuals the norms stand idle, as in the published weights.
        self.norm = nn.ModuleList(PairNorm(config.hidden_dim) for _ in range(2))
        self.dropout = nn.ModuleList(_Dropout(config.dropout) for _ in range(2))
        self.ff_func = nn.ModuleList(
            [VectorPerceptron(state, wide, is_active=True), VectorPerceptron(wide, state, is_active=False)]
        )

    def forward(
        self,
        scalar: Float[Tensor, "residue scalar"],
        vector: Float[Tensor, "3 residue vector"],
        inputs: EdgeInputs,
        edges: CentredEdges,
    ) -> tuple[Float[Tensor, "residue scalar"], Float[Tensor, "3 residue vector"]]:
        """Return the new state."""
        change = mean_messages(scalar, vector, inputs, self.conv.message_func, edges)
        scalar, vector = self._updated((scalar, vector), change, 0)
        change = self.ff_func[1](*self.ff_func[0](scalar, vector))
        return self._updated((scalar, vector), change, 1)

    def _updated(self, state: ScalarVector, change: ScalarVector, i: int) -> ScalarVector:
        if not self.has_residual:
            return change
        scalar, vector = self.dropout[i](*change)
        updated: ScalarVector = self.norm[i](state[0] + scalar, state[1] + vector)
        return updated


class GVP(Encoder):
    """The GVP-GNN encoder (see the module docstring)."""

    symmetry: ClassVar[Symmetry] = "E(3)-equivariant"
    config: GVPConfig

    def __init__(self, config: GVPConfig, input_dim: int) -> None:
        super().__init__()
        self.config = config
        self.output_dim = dim = config.hidden_dim
        state, edge = (dim, config.num_vectors), (config.edge_dim, config.num_edge_vectors)
        self.emb_in = nn.Linear(input_dim, dim)
        self.W_v = nn.ModuleList([PairNorm(dim), VectorPerceptron((dim, 0), state, is_active=False)])
        self.radial_embedding = BesselEmbedding(config.cutoff, config.num_bessel, config.cutoff_power)
        num_bessel = config.num_bessel
        self.W_e = nn.ModuleList([PairNorm(num_bessel), VectorPerceptron((num_bessel, 1), edge, is_active=False)])
        self.layers = nn.ModuleList(_Layer(config) for _ in range(config.num_layers))
        self.W_out = nn.ModuleList([PairNorm(dim), VectorPerceptron(state, (dim, 0), is_active=True)])

    def forward(self, inputs: FeaturisedBatch) -> Encoding:
        """Return residue and protein encodings, and the vectors of the residues."""
        edges = centred_edges(inputs.graph)
        edge_inputs = self._edge_inputs(inputs, edges)
        scalar = self.emb_in(inputs.scalar.to(self.emb_in.weight.dtype))
        scalar = self.W_v[0].get_submodule("scalar_norm")(scalar)
        scalar, vector = self.W_v[1](scalar, scalar.new_zeros(3, len(scalar), 0))
        for layer in self.layers:
            scalar, vector = layer(scalar, vector, edge_inputs, edges)
        residue, _ = self.W_out[1](*self.W_out[0](scalar, vector))
        protein = pool_residues(residue, inputs.residue_ptr, self.config.pool)
        return Encoding(residue, protein, vectors=vector.permute(1, 2, 0))

    def _edge_inputs(self, inputs: FeaturisedBatch, edges: CentredEdges) -> EdgeInputs:
        """Return what all layers read of the edges."""
        norm, perceptron = self.W_e
        assert isinstance(perceptron, VectorPerceptron)
        dtype = perceptron.ws.weight.dtype
        position = inputs.position
        arrow = unit_vector(position.index_select(0, edges.source) - position.index_select(0, edges.centre))
        basis, arrow = norm(self.radial_embedding(edges.distance).to(dtype), arrow.T[:, :, None].to(dtype))
        hidden = perceptron.wh(arrow)
        columns = torch.cat([basis, channel_length(hidden).to(dtype)], dim=1)
        gate = torch.sigmoid(perceptron.wsv(perceptron.ws(columns)))
        vector = perceptron.wv(hidden) * gate
        return EdgeInputs(columns, perceptron.ws.weight, perceptron.ws.bias, vector)
