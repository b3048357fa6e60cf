"""The one interface of all encoders: a featurised batch in, an `Encoding` out.

Axes: residue (packed), protein, channel. Law (eval mode): encode(pack(a, b)) == pack(encode(a), encode(b)).
"""

from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import ClassVar, Literal

from jaxtyping import Float
from torch import Tensor, nn

from protea.config import Config
from protea.features.edges.catalogue import GraphConfig
from protea.features.interface import FeaturisedBatch

__all__ = ["Encoder", "EncoderConfig", "Encoding", "Symmetry"]

Symmetry = Literal["E(3)-invariant", "SE(3)-invariant", "E(3)-equivariant", "SE(3)-equivariant", "none"]
"""How the outputs transform with the positions while the scalar inputs stay fixed."""


@dataclass(frozen=True, eq=False)
class Encoding:
    """What an encoder returns; `vectors` and `position` (angstrom) turn with the input, the rest does not."""

    residue: Float[Tensor, "residue channel"]
    protein: Float[Tensor, "protein channel"]
    vectors: Float[Tensor, "residue vector 3"] | None = None
    position: Float[Tensor, "residue 3"] | None = None
    attention: Tensor | None = None


class Encoder(nn.Module, ABC):
    """Base of all encoders. A subclass is final: it implements `forward` and says its symmetry and width."""

    symmetry: ClassVar[Symmetry]
    config: "EncoderConfig"
    output_dim: int

    @abstractmethod
    def forward(self, inputs: FeaturisedBatch) -> Encoding:
        """Return the encoding of packed proteins."""


class EncoderConfig(Config, ABC):
    """Base of all encoder configurations; the subclass adds `kind: Literal[...]` and the sizes.

    `graph` is the graph that the encoder reads; sizes that follow from the features are passed to `build`.
    """

    kind: str
    graph: GraphConfig

    @abstractmethod
    def build(self, input_dim: int) -> Encoder:
        """Return the encoder for features of this width."""
