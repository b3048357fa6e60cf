"""MACE: messages of many bodies, made as powers of the sum over neighbours (Batatia et al. 2022), as ProteinWorkshop
ships it: the convolution of TFN with Bessel functions of distance, then products up to a power and a linear map.

    a_i = norm(gate(sum_j W(d_ij, h_i, h_j) [h_j x Y(x_i - x_j)])),   h_i = norm(L [a_i + a_i a_i + a_i a_i a_i]) + h_i

E(3)-invariant: what turns, or changes its sign in a mirror, stays inside; the last layer is scalar, without the
residual. The graph is read both ways. Key names of the published weights: `emb_in`, `radial_embedding.{bessel_fn,
cutoff_fn}`, `convs.i.{fc.0, fc.3, batch_norm}`, `prods.i.{symmetric_contractions, linear, batch_norm}`.
"""

from typing import ClassVar, Literal

import torch
from pydantic import Field, field_validator
from torch import nn

from protea.encoders.bessel_basis import BesselEmbedding
from protea.encoders.centred_edges import centred_edges
from protea.encoders.edge_directions import edge_harmonics, edge_vectors
from protea.encoders.interface import Encoder, EncoderConfig, Encoding, Symmetry
from protea.encoders.irreps import IrrepBlock, check_hidden, parse_irreps
from protea.encoders.mace_product import ProductBlock
from protea.encoders.pooling import Pool, pool_residues
from protea.encoders.symmetric_edges import symmetric_edges
from protea.encoders.tensor_layer import LayerSettings, NeighbourSum, TensorLayer, resized
from protea.errors import ConfigError, describe
from protea.features.edges.catalogue import GraphConfig, KNearest
from protea.features.interface import FeaturisedBatch

__all__ = ["MACE", "MACEConfig"]


class MACEConfig(EncoderConfig):
    """MACE, in the sizes that ProteinWorkshop ships."""

    kind: Literal["mace"] = "mace"
    graph: GraphConfig = Field(default=KNearest(k=16), description="The graph of residues; any untyped one.")
    hidden_irreps: str = Field(
        default="32x0e + 32x1o + 32x2e",
        description="Irreps of the hidden states, each once and as often, scalars (0e) first: those are the encoding.",
    )
    num_layers: int = Field(default=2, ge=2, description="Number of layers; the last one makes scalars only.")
    max_degree: int = Field(default=2, ge=0, le=8, description="Highest degree of the harmonics of a direction.")
    correlation: int = Field(default=3, ge=2, le=4, description="Highest power of the products: bodies less one.")
    num_bessel: int = Field(default=8, ge=1, description="Number of Bessel functions of the distance.")
    cutoff: float = Field(default=10.0, gt=0, description="Where these functions end, angstrom.")
    cutoff_power: int = Field(default=5, ge=1, description="How sharply they end: p of the polynomial cutoff.")
    mlp_dim: int = Field(default=256, ge=1, description="Hidden width of the network that makes the weights.")
    dropout: float = Field(default=0.1, ge=0, lt=1, description="Share of that network's hidden values dropped.")
    aggregation: NeighbourSum = Field(default="sum", description="How messages are put together.")
    has_residual: bool = Field(default=True, description="Add the state to its update, but for the last layer.")
    has_batch_norm: bool = Field(default=True, description="Normalise sums and products.")
    has_gate: bool = Field(default=False, description="Gate the sums: silu, and sigmoids of extra scalars.")
    has_rounded_couplings: bool = Field(
        default=False, description="Wigner 3j symbols in float32, as published weights have them even in float64."
    )
    pool: Pool = Field(default="mean", description="How residues make the protein.")

    @field_validator("hidden_irreps")
    @classmethod
    def _check_irreps(cls, text: str) -> str:
        blocks = parse_irreps(text)
        check_hidden(blocks, where="encoder.hidden_irreps")
        names = {(block.degree, block.parity) for block in blocks}
        if len({block.num for block in blocks}) > 1 or len(names) < len(blocks):
            raise ConfigError(
                describe(
                    "products are made channel by channel",
                    where="encoder.hidden_irreps",
                    expected="every irrep once, all with the same number of channels",
                    found=text,
                )
            )
        return text

    @classmethod
    def published(cls) -> "MACEConfig":
        """Return the sizes and habits of the published weights."""
        return cls(has_rounded_couplings=True)

    def build(self, input_dim: int) -> "MACE":
        """Return the encoder for features of this width."""
        return MACE(self, input_dim)


class MACE(Encoder):
    """The MACE encoder (see the module docstring)."""

    symmetry: ClassVar[Symmetry] = "E(3)-invariant"
    config: MACEConfig

    def __init__(self, config: MACEConfig, input_dim: int) -> None:
        super().__init__()
        self.config = config
        hidden = parse_irreps(config.hidden_irreps)
        scalars = (IrrepBlock(hidden[0].num, 0, 1),)
        self.output_dim = scalars[0].num
        settings = LayerSettings(
            num_basis=config.num_bessel,
            scalar_dim=self.output_dim,
            max_degree=config.max_degree,
            mlp_dim=config.mlp_dim,
            dropout=config.dropout,
            aggregation=config.aggregation,
            has_batch_norm=config.has_batch_norm,
            has_gate=config.has_gate,
            is_rounded=config.has_rounded_couplings,
        )
        last = config.num_layers - 1
        self.radial_embedding = BesselEmbedding(config.cutoff, config.num_bessel, config.cutoff_power)
        self.emb_in = nn.Linear(input_dim, self.output_dim)
        self.convs = nn.ModuleList(TensorLayer(hidden if i else scalars, hidden, settings) for i in range(last + 1))
        self.prods = nn.ModuleList(
            ProductBlock(hidden, hidden if i < last else scalars, config.correlation, config.has_batch_norm)
            for i in range(last + 1)
        )

    def forward(self, inputs: FeaturisedBatch) -> Encoding:
        """Return residue and protein encodings."""
        edges = symmetric_edges(centred_edges(inputs.graph))
        position = torch.where(inputs.is_resolved[:, None], inputs.position, 0.0)
        length, direction = edge_vectors(position.index_select(0, edges.order), edges)
        harmonics = edge_harmonics(direction, self.config.max_degree, edges)
        basis = self.radial_embedding(length)
        dtype = self.emb_in.weight.dtype
        state = self.emb_in(inputs.scalar.index_select(0, edges.order).to(dtype)).to(dtype)
        last = self.config.num_layers - 1
        for i, (convolution, products) in enumerate(zip(self.convs, self.prods, strict=True)):
            update = products(convolution(state, basis, harmonics, edges))
            is_added = self.config.has_residual and i < last
            state = update + resized(state, update.shape[1]) if is_added else update
        residue = state.index_select(0, edges.rank)
        return Encoding(residue, pool_residues(residue, inputs.residue_ptr, self.config.pool))
