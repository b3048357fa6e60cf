"""What GCPNet starts from: residues and edges, normalised and mapped to their states by one perceptron each."""

import torch
from jaxtyping import Float, Int
from torch import Tensor, nn

from protea.encoders.gcpnet_frames import EdgeFrames
from protea.encoders.gcpnet_perceptron import CompletePerceptron, PerceptronHabits
from protea.encoders.scalar_vector import PairNorm, ScalarVector
from protea.errors import InputError, describe
from protea.features.interface import FeaturisedBatch
from protea.geometry.vectors import unit_vector, vector_length

__all__ = ["InputEmbedding", "gaussians"]


def gaussians(distance: Float[Tensor, " edge"], number: int, cutoff: float) -> Float[Tensor, "edge gaussian"]:
    """Return exp(-((d - mu) / width)^2) for `number` mu from 0 to the cutoff (angstrom), width cutoff / number."""
    centre = torch.linspace(0.0, cutoff, number, dtype=distance.dtype, device=distance.device)
    return torch.exp(-((distance[:, None] - centre) * (number / cutoff)).square())


class InputEmbedding(nn.Module):
    """The first state of residues and that of edges."""

    def __init__(
        self, input_dim: int, num_edge_inputs: int, state: tuple[int, int], edge: tuple[int, int],
        habits: PerceptronHabits, num_gaussians: int, cutoff: float,
    ) -> None:  # fmt: skip
        super().__init__()
        self.num_edge_inputs, self.num_gaussians, self.cutoff = num_edge_inputs, num_gaussians, cutoff
        edge_dim = num_edge_inputs + num_gaussians
        self.edge_normalization, self.node_normalization = PairNorm(edge_dim), PairNorm(input_dim)
        # As published, silu here whatever the activations of the layers are.
        edge_habits = PerceptronHabits("silu", "silu", habits.has_vector_gate, habits.has_idle_norm)
        self.edge_embedding = CompletePerceptron((edge_dim, 1), edge, edge_habits)
        self.node_embedding = CompletePerceptron((input_dim, 2), state, habits.inactive())

    def forward(
        self,
        inputs: FeaturisedBatch,
        centred: Float[Tensor, "residue 3"],
        frames: EdgeFrames,
        order: Int[Tensor, " edge"],
    ) -> tuple[ScalarVector, ScalarVector]:
        """Return the state of the residues and that of the edges of `frames`.

        Edges carry the features that the batch brings (`order` says where each stands there), else the distance and
        the direction to the residue that they lead away from.
        """
        edges, dtype = frames.edges, self.edge_embedding.vector_down.weight.dtype
        arm = centred.index_select(0, edges.centre) - centred.index_select(0, edges.source)
        length = vector_length(arm)
        scalar = length[:, None] if inputs.edge_scalar is None else inputs.edge_scalar[order]
        arrow = unit_vector(arm)[:, None] if inputs.edge_vector is None else inputs.edge_vector[order]
        if scalar.shape[1] != self.num_edge_inputs or arrow.shape[1] != 1:
            raise InputError(
                describe(
                    "other edge features than GCPNet was built for",
                    expected=f"{self.num_edge_inputs} scalars and 1 vector per edge",
                    found=f"{scalar.shape[1]} scalars and {arrow.shape[1]} vectors",
                    do="Set encoder.num_edge_inputs, or leave scheme.edge_features empty.",
                )
            )
        columns = torch.cat([scalar, gaussians(length, self.num_gaussians, self.cutoff).to(scalar.dtype)], dim=1)
        edge = self.edge_normalization(columns.to(dtype), arrow.permute(2, 0, 1).to(dtype))
        assert inputs.vector is not None
        residue = self.node_normalization(inputs.scalar.to(dtype), inputs.vector.permute(2, 0, 1).to(dtype))
        return (
            self.node_embedding(*residue, frames.seen_from_residues),
            self.edge_embedding(*edge, frames.seen_from_edges),
        )
