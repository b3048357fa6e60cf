"""TFN: tensor field network, messages of scalars, vectors and higher harmonics (Thomas et al. 2018), as ProteinWorkshop
ships it: weights from distance and both scalars, normalisation of irreps, residual states; the last layer is scalar.

    h_i += norm(gate(sum_j W(d_ij, h_i, h_j) [h_j x Y(x_i - x_j)]))

E(3)-invariant: what turns, or changes its sign in a mirror, stays inside. The graph is read both ways. Key names of the
published weights: `emb_in`, `convs.i.{fc.0, fc.3, batch_norm}`.
"""

from typing import ClassVar, Literal

import torch
from jaxtyping import Float
from pydantic import Field, field_validator
from torch import Tensor, nn

from protea.encoders.centred_edges import centred_edges
from protea.encoders.edge_directions import edge_harmonics, edge_vectors
from protea.encoders.interface import Encoder, EncoderConfig, Encoding, Symmetry
from protea.encoders.irreps import IrrepBlock, check_hidden, parse_irreps
from protea.encoders.pooling import Pool, pool_residues
from protea.encoders.symmetric_edges import symmetric_edges
from protea.encoders.tensor_layer import LayerSettings, NeighbourSum, TensorLayer, resized
from protea.features.edges.catalogue import GraphConfig, KNearest
from protea.features.interface import FeaturisedBatch

__all__ = ["TFN", "TFNConfig", "distance_gaussians"]

_LEAST_EXPONENT = -60.0


class TFNConfig(EncoderConfig):
    """TFN, in the sizes that ProteinWorkshop ships."""

    kind: Literal["tfn"] = "tfn"
    graph: GraphConfig = Field(default=KNearest(k=16), description="The graph of residues; any untyped one.")
    hidden_irreps: str = Field(
        default="64x0e + 64x0o + 8x1e + 8x1o + 4x2e + 4x2o",
        description="Irreps of the hidden states, scalars (0e) first; these are also the encoding.",
    )
    num_layers: int = Field(default=4, ge=2, description="Number of layers; the last one makes scalars only.")
    max_degree: int = Field(default=2, ge=0, le=8, description="Highest degree of the harmonics of a direction.")
    num_basis: int = Field(default=16, ge=2, description="Number of Gaussians over the distance.")
    cutoff: float = Field(default=10.0, gt=0, description="Where the Gaussians end, angstrom.")
    mlp_dim: int = Field(default=256, ge=1, description="Hidden width of the network that makes the weights.")
    dropout: float = Field(default=0.1, ge=0, lt=1, description="Share of that network's hidden values dropped.")
    aggregation: NeighbourSum = Field(default="sum", description="How messages are put together.")
    has_residual: bool = Field(default=True, description="Add the state to its update, cut or filled up to its width.")
    has_batch_norm: bool = Field(default=True, description="Normalise every update.")
    has_gate: bool = Field(default=False, description="Gate every update: silu, and sigmoids of extra scalars.")
    has_rounded_couplings: bool = Field(
        default=False, description="Wigner 3j symbols in float32, as published weights have them even in float64."
    )
    pool: Pool = Field(default="mean", description="How residues make the protein.")

    @field_validator("hidden_irreps")
    @classmethod
    def _check_irreps(cls, text: str) -> str:
        check_hidden(parse_irreps(text), where="encoder.hidden_irreps")
        return text

    @classmethod
    def published(cls) -> "TFNConfig":
        """Return the sizes and habits of the published weights."""
        return cls(has_rounded_couplings=True)

    def build(self, input_dim: int) -> "TFN":
        """Return the encoder for features of this width."""
        return TFN(self, input_dim)


def distance_gaussians(distance: Float[Tensor, " slot"], cutoff: float, num_basis: int) -> Float[Tensor, "slot basis"]:
    """Return exp(-((d - mu) num / cutoff)^2) on a grid from 0 to `cutoff` (angstrom), and e^-60 where that is less.

    Made in at least float32. Denormal numbers would slow down the products.
    """
    wide = distance.to(torch.promote_types(distance.dtype, torch.float32))
    grid = torch.linspace(0.0, cutoff, num_basis, device=distance.device, dtype=wide.dtype)
    scaled = (wide[:, None] - grid) * (num_basis / cutoff)
    return torch.exp(-scaled.square().clamp(max=-_LEAST_EXPONENT))


class TFN(Encoder):
    """The TFN encoder (see the module docstring)."""

    symmetry: ClassVar[Symmetry] = "E(3)-invariant"
    config: TFNConfig

    def __init__(self, config: TFNConfig, input_dim: int) -> None:
        super().__init__()
        self.config = config
        hidden = parse_irreps(config.hidden_irreps)
        scalars = (IrrepBlock(hidden[0].num, 0, 1),)
        self.output_dim = scalars[0].num
        settings = LayerSettings(
            num_basis=config.num_basis,
            scalar_dim=self.output_dim,
            max_degree=config.max_degree,
            mlp_dim=config.mlp_dim,
            dropout=config.dropout,
            aggregation=config.aggregation,
            has_batch_norm=config.has_batch_norm,
            has_gate=config.has_gate,
            is_rounded=config.has_rounded_couplings,
        )
        states = [scalars, *[hidden] * (config.num_layers - 1), scalars]
        self.emb_in = nn.Linear(input_dim, self.output_dim)
        self.convs = nn.ModuleList(TensorLayer(states[i], states[i + 1], settings) for i in range(config.num_layers))

    def forward(self, inputs: FeaturisedBatch) -> Encoding:
        """Return residue and protein encodings."""
        edges = symmetric_edges(centred_edges(inputs.graph))
        position = torch.where(inputs.is_resolved[:, None], inputs.position, 0.0)
        length, direction = edge_vectors(position.index_select(0, edges.order), edges)
        harmonics = edge_harmonics(direction, self.config.max_degree, edges)
        basis = distance_gaussians(length, self.config.cutoff, self.config.num_basis)
        dtype = self.emb_in.weight.dtype
        state = self.emb_in(inputs.scalar.index_select(0, edges.order).to(dtype)).to(dtype)
        for layer in self.convs:
            update = layer(state, basis, harmonics, edges)
            state = update + resized(state, update.shape[1]) if self.config.has_residual else update
        residue = state.index_select(0, edges.rank)
        return Encoding(residue, pool_residues(residue, inputs.residue_ptr, self.config.pool))
