"""The identity: hands on the features and nothing else. A control: what it reaches, no structure was needed for."""

from typing import ClassVar, Literal

from pydantic import Field

from protea.encoders.interface import Encoder, EncoderConfig, Encoding, Symmetry
from protea.encoders.pooling import Pool, pool_residues
from protea.features.edges.catalogue import GraphConfig, KNearest
from protea.features.interface import FeaturisedBatch

__all__ = ["Identity", "IdentityConfig"]


class IdentityConfig(EncoderConfig):
    """The identity; it reads no graph."""

    reads_positions: ClassVar[bool] = False

    kind: Literal["identity"] = "identity"
    graph: GraphConfig = Field(default=KNearest(k=1), description="Not read.")
    pool: Pool = Field(default="mean", description="How residues make the protein.")

    def build(self, input_dim: int) -> "Identity":
        """Return the encoder for features of this width."""
        return Identity(self, input_dim)


class Identity(Encoder):
    """Residue encodings are the features."""

    symmetry: ClassVar[Symmetry] = "E(3)-invariant"
    config: IdentityConfig

    def __init__(self, config: IdentityConfig, input_dim: int) -> None:
        super().__init__()
        self.config = config
        self.output_dim = input_dim

    def forward(self, inputs: FeaturisedBatch) -> Encoding:
        """Return the features and their pool."""
        return Encoding(inputs.scalar, pool_residues(inputs.scalar, inputs.residue_ptr, self.config.pool))
