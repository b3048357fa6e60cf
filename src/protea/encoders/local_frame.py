"""The SE(3) reference: messages see neighbours in the residue's own CA frame, so that the encoder knows hands.

    m_ij = silu(A h_i + B h_j + G g_ij);  h_i += U silu(norm(V [h_i, sum_j m_ij]))

g_ij holds Gaussians of the distance, the direction to the neighbour in the frame of i, the rotation from the frame of
i to that of j, and whether both frames exist (columns that need a missing frame are 0). Frames come from CA atoms
alone, so any feature scheme has them. SE(3)-invariant: outputs do not turn, and a mirror image has other outputs.
"""

from typing import ClassVar, Literal

import torch
from jaxtyping import Float
from pydantic import Field
from torch import Tensor, nn

from protea.encoders.centred_edges import CentredEdges, centred_edges
from protea.encoders.frame_messages import activated_pair_sum
from protea.encoders.interface import Encoder, EncoderConfig, Encoding, Symmetry
from protea.encoders.pooling import Pool, pool_residues
from protea.encoders.precision import compute_dtype
from protea.encoders.radial_basis import GaussianSmearing
from protea.features.edges.catalogue import GraphConfig, KNearest
from protea.features.interface import FeaturisedBatch
from protea.features.residue.ca_frame import ca_frames

__all__ = ["LocalFrame", "LocalFrameConfig"]

_FRAME_COLUMNS = 3 + 9 + 2


class LocalFrameConfig(EncoderConfig):
    """The SE(3) reference encoder."""

    kind: Literal["local_frame"] = "local_frame"
    graph: GraphConfig = Field(default=KNearest(k=16), description="The graph of residues; any untyped one.")
    hidden_dim: int = Field(default=128, ge=1, description="Width of states and messages.")
    num_layers: int = Field(default=3, ge=1, description="Number of layers.")
    num_gaussians: int = Field(default=16, ge=2, description="Number of Gaussians over the distance.")
    cutoff: float = Field(default=20.0, gt=0, description="Where the Gaussians end, angstrom.")
    pool: Pool = Field(default="sum", description="How residues make the protein.")

    def build(self, input_dim: int) -> "LocalFrame":
        """Return the encoder for features of this width."""
        return LocalFrame(self, input_dim)


class _Layer(nn.Module):
    """One round of messages."""

    def __init__(self, dim: int, geometry_dim: int) -> None:
        super().__init__()
        self.pair = nn.Linear(dim, 2 * dim)
        self.geometry = nn.Linear(geometry_dim, dim, bias=False)
        self.mix = nn.Linear(2 * dim, dim)
        self.norm = nn.LayerNorm(dim)
        self.out = nn.Linear(dim, dim)

    def forward(
        self,
        state: Float[Tensor, "residue channel"],
        geometry: Float[Tensor, "edge geometry"],
        edges: CentredEdges,
    ) -> Float[Tensor, "residue channel"]:
        """Return the change of the state."""
        dtype = compute_dtype(self.geometry.weight)
        centre, source = self.pair(state).to(dtype).chunk(2, dim=1)
        total = activated_pair_sum(centre.contiguous(), source.contiguous(), geometry, self.geometry.weight, edges)
        mixed = self.mix(torch.cat([state, total.to(state.dtype)], dim=1))
        change: Tensor = self.out(nn.functional.silu(self.norm(mixed)))
        return change


class LocalFrame(Encoder):
    """The local-frame encoder (see the module docstring)."""

    symmetry: ClassVar[Symmetry] = "SE(3)-invariant"
    config: LocalFrameConfig

    def __init__(self, config: LocalFrameConfig, input_dim: int) -> None:
        super().__init__()
        self.config = config
        self.output_dim = config.hidden_dim
        self.embedding = nn.Linear(input_dim, config.hidden_dim)
        self.distance_expansion = GaussianSmearing(config.cutoff, config.num_gaussians)
        geometry_dim = config.num_gaussians + _FRAME_COLUMNS
        self.layers = nn.ModuleList(_Layer(config.hidden_dim, geometry_dim) for _ in range(config.num_layers))

    def forward(self, inputs: FeaturisedBatch) -> Encoding:
        """Return residue and protein encodings."""
        edges = centred_edges(inputs.graph)
        geometry = torch.cat([self.distance_expansion(edges.distance), _seen_from_frames(inputs, edges)], dim=1)
        state = self.embedding(inputs.scalar.to(self.embedding.weight.dtype))
        for layer in self.layers:
            state = state + layer(state, geometry, edges)
        return Encoding(state, pool_residues(state, inputs.residue_ptr, self.config.pool))


def _seen_from_frames(inputs: FeaturisedBatch, edges: CentredEdges) -> Float[Tensor, "edge column"]:
    """Return direction [3], relative rotation [9] and whether the frames of i and j exist [2] for every edge."""
    found = ca_frames(inputs.position, inputs.is_resolved, inputs.residue_ptr, inputs.chain_of)
    rotation, has_frame = found.frames.rotation, found.is_defined.to(inputs.position.dtype)
    position = torch.where(inputs.is_resolved[:, None], inputs.position, 0.0)
    i, j = edges.centre, edges.source
    turn, at_i, at_j = rotation[i].transpose(1, 2), has_frame[i, None], has_frame[j, None]
    difference = position[j] - position[i]
    direction = difference / edges.distance.clamp(min=1e-3)[:, None]
    local = (turn @ direction[:, :, None])[:, :, 0] * at_i
    relative = (turn @ rotation[j]).flatten(1) * at_i * at_j
    return torch.cat([local, relative, at_i, at_j], dim=1)
