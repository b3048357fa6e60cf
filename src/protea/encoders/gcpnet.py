"""GCPNet: scalars and vectors that are seen in frames on the edges (Morehead and Cheng 2024), as ProteinWorkshop ships
it: four perceptrons per message with residuals, attention on their scalars, two feedforward perceptrons, sum pool.

    m_ij = messages(state_i, edge_ij, state_j);  state_i = norm(state_i + feedforward([sum_j m_ij, state_i]))

Residues carry the orientation vectors, edges the distance, Gaussians of it and the direction. SE(3)-equivariant: the
frames tell hands apart; with `is_mirror_blind` E(3)-equivariant. Messages are gathered by the residue that an edge
leads away from (see `gcpnet_frames`). Key names of the published weights: `gcp_embedding`, `interaction_layers.i.{
interaction.{message_fusion.j, scalar_message_attention.0}, gcp_norm.0, feedforward_network.j}`,
`invariant_node_projection`.
"""

from typing import ClassVar, Literal

import torch
from jaxtyping import Float
from pydantic import Field, model_validator
from torch import Tensor, nn

from protea.encoders.activations import Activation
from protea.encoders.centred_edges import centred_edges
from protea.encoders.gcpnet_embedding import InputEmbedding
from protea.encoders.gcpnet_frames import EdgeFrames, centroids, edge_frames, edges_by_sender
from protea.encoders.gcpnet_layer import InteractionLayer, LayerSizes
from protea.encoders.gcpnet_perceptron import CompletePerceptron, PerceptronHabits
from protea.encoders.interface import Encoder, EncoderConfig, Encoding, Symmetry
from protea.encoders.pooling import Pool, pool_residues
from protea.encoders.scalar_vector import PairNorm
from protea.errors import InputError, describe
from protea.features.edges.catalogue import GraphConfig, KNearest
from protea.features.interface import FeaturisedBatch

__all__ = ["GCPNet", "GCPNetConfig", "MirrorBlindGCPNet"]


class GCPNetConfig(EncoderConfig):
    """GCPNet. The defaults are the sizes and habits of the published weights."""

    reads_orientation: ClassVar[bool] = True

    kind: Literal["gcpnet"] = "gcpnet"
    graph: GraphConfig = Field(default=KNearest(k=16), description="The graph of residues; any untyped one.")
    hidden_dim: int = Field(default=128, ge=1, description="Scalars of a residue.")
    num_vectors: int = Field(default=16, ge=1, description="Vectors of a residue.")
    edge_dim: int = Field(default=32, ge=1, description="Scalars of an edge.")
    num_edge_vectors: int = Field(default=4, ge=1, description="Vectors of an edge.")
    num_layers: int = Field(default=6, ge=1, description="Number of layers.")
    num_messages: int = Field(default=4, ge=1, description="Perceptrons that make a message.")
    num_feedforward: int = Field(default=2, ge=1, description="Perceptrons that update a residue.")
    bottleneck: int = Field(default=4, ge=1, description="Divides the vectors inside inner perceptrons.")
    message_bottleneck: int = Field(default=4, ge=1, description="The same for the first and last of a message.")
    num_gaussians: int = Field(default=8, ge=1, description="Number of Gaussians over the distance.")
    cutoff: float = Field(default=10.0, gt=0, description="Where the Gaussians end, angstrom.")
    scalar_activation: Activation = Field(default="silu", description="Activation of scalars.")
    vector_activation: Activation = Field(default="silu", description="Activation before the gate of vectors.")
    has_vector_gate: bool = Field(default=True, description="Scalars gate the vectors; False: their own length does.")
    has_attention: bool = Field(default=True, description="Each message weighs its own scalars.")
    has_norm: bool = Field(default=True, description="Normalise in every layer.")
    has_pre_norm: bool = Field(default=False, description="Normalise before the messages instead of after the update.")
    has_idle_norms: bool = Field(default=False, description="Hold a norm per perceptron that nothing reads.")
    has_short_axes: bool = Field(default=True, description="Divide the axes of frames by their length plus 1.")
    is_mirror_blind: bool = Field(default=False, description="Take sizes of what the axial axis sees: E(3).")
    has_projection: bool = Field(default=True, description="Encode by a last perceptron; False: the scalars as is.")
    moves_positions: bool = Field(default=False, description="Every layer moves the positions.")
    position_weight: float = Field(default=1.0, description="Factor of these moves.")
    moves_by_all_vectors: bool = Field(default=False, description="Move by the sum of all vectors, not by one made.")
    dropout: float = Field(default=0.0, ge=0, lt=1, description="Share of scalars and of vectors dropped per update.")
    num_edge_inputs: int = Field(default=1, ge=1, description="Scalars given per edge; none in the batch: distance.")
    pool: Pool = Field(default="sum", description="How residues make the protein.")

    @model_validator(mode="after")
    def _bottlenecks_divide(self) -> "GCPNetConfig":
        given = [(2 * self.num_vectors + self.num_edge_vectors, self.message_bottleneck, "message_bottleneck")]
        given += [(self.num_vectors, self.message_bottleneck, "message_bottleneck")] * (self.num_messages > 1)
        given += [(self.num_vectors, self.bottleneck, "bottleneck")] * (self.num_messages > 2 or self.moves_positions)
        given += [(2 * self.num_vectors, self.bottleneck, "bottleneck")]
        for number, divisor, name in given:
            if number % divisor:
                raise ValueError(f"{name} = {divisor} must divide the {number} vectors given to a perceptron")
        return self

    @classmethod
    def published(cls) -> "GCPNetConfig":
        """Return the sizes of the published weights."""
        return cls()

    def build(self, input_dim: int) -> "GCPNet":
        """Return the encoder for features of this width."""
        return MirrorBlindGCPNet(self, input_dim) if self.is_mirror_blind else GCPNet(self, input_dim)

    def habits(self) -> PerceptronHabits:
        """Return what all perceptrons share."""
        return PerceptronHabits(
            self.scalar_activation, self.vector_activation, self.has_vector_gate, self.has_idle_norms
        )

    def layer_sizes(self) -> LayerSizes:
        """Return what a layer is made of."""
        return LayerSizes(
            state=(self.hidden_dim, self.num_vectors),
            edge=(self.edge_dim, self.num_edge_vectors),
            num_messages=self.num_messages,
            num_feedforward=self.num_feedforward,
            bottleneck=self.bottleneck,
            message_bottleneck=self.message_bottleneck,
            habits=self.habits(),
            has_attention=self.has_attention,
            has_norm=self.has_norm,
            has_pre_norm=self.has_pre_norm,
            dropout=self.dropout,
            num_moves=(self.num_vectors if self.moves_by_all_vectors else 1) if self.moves_positions else 0,
        )


class GCPNet(Encoder):
    """The GCPNet encoder (see the module docstring)."""

    symmetry: ClassVar[Symmetry] = "SE(3)-equivariant"
    config: GCPNetConfig

    def __init__(self, config: GCPNetConfig, input_dim: int) -> None:
        super().__init__()
        self.config = config
        self.output_dim = dim = config.hidden_dim
        state = (dim, config.num_vectors)
        self.gcp_embedding = InputEmbedding(
            input_dim, config.num_edge_inputs, state, (config.edge_dim, config.num_edge_vectors), config.habits(),
            config.num_gaussians, config.cutoff,
        )  # fmt: skip
        self.interaction_layers = nn.ModuleList(
            InteractionLayer(config.layer_sizes()) for _ in range(config.num_layers)
        )
        if config.has_projection:
            last = CompletePerceptron(state, (dim, 0), config.habits())
            self.invariant_node_projection = nn.ModuleList([PairNorm(dim), last])

    def forward(self, inputs: FeaturisedBatch) -> Encoding:
        """Return residue and protein encodings, the vectors of the residues, and where they move, the positions.

        Raises:
            InputError: if the batch brings no orientation vectors, or another number of edge features.
        """
        if inputs.vector is None or inputs.vector.shape[1] != 2:
            raise InputError(
                describe(
                    "GCPNet without the orientation of residues",
                    expected="two vectors per residue",
                    found="none" if inputs.vector is None else f"{inputs.vector.shape[1]} per residue",
                    do="Set scheme.orientation to true.",
                )
            )
        edges, order = edges_by_sender(centred_edges(inputs.graph))
        position = torch.where(inputs.is_resolved[:, None], inputs.position, 0.0)
        centre = centroids(position, inputs.is_resolved, inputs.residue_ptr)
        centred = torch.where(inputs.is_resolved[:, None], position - centre, 0.0)
        config = self.config
        axes = {"is_shortened": config.has_short_axes, "is_mirror_blind": config.is_mirror_blind}
        frames = edge_frames(centred, edges, **axes)
        (scalar, vector), edge_state = self.gcp_embedding(inputs, centred, frames, order)
        moved = centred
        for layer in self.interaction_layers:
            scalar, vector, move = layer((scalar, vector), edge_state, frames)
            moved = moved if move is None else moved + config.position_weight * move.to(moved.dtype)
        if config.moves_positions:
            moved = torch.where(inputs.is_resolved[:, None], moved + centre, 0.0)
            centred = moved - centroids(moved, inputs.is_resolved, inputs.residue_ptr)
            frames = edge_frames(centred, edges, **axes)
        residue = self._projected(scalar, vector, frames)
        return Encoding(
            residue,
            pool_residues(residue, inputs.residue_ptr, config.pool),
            vectors=vector.permute(1, 2, 0),
            position=moved if config.moves_positions else None,
        )

    def _projected(
        self, scalar: Float[Tensor, "residue scalar"], vector: Float[Tensor, "3 residue vector"], frames: EdgeFrames
    ) -> Float[Tensor, "residue scalar"]:
        if not self.config.has_projection:
            return scalar
        norm, perceptron = self.invariant_node_projection
        residue: Tensor = perceptron(*norm(scalar, vector), frames.seen_from_residues)[0]
        return residue


class MirrorBlindGCPNet(GCPNet):
    """GCPNet whose frames do not tell hands apart: a mirror image has the mirrored encoding."""

    symmetry: ClassVar[Symmetry] = "E(3)-equivariant"
