"""The peers: the same mathematics with an edge list, a gather per edge, and index_add."""

import torch
from torch import Tensor, nn

from protea.encoders.continuous_filter import shifted_softplus
from protea.encoders.radial_basis import GaussianSmearing

__all__ = ["PygSchNet"]


class PygSchNet(nn.Module):
    """SchNet from torch_geometric's interaction blocks, wired as ProteinWorkshop does."""

    def __init__(self, input_dim: int, hidden: int, out: int, layers: int, filters: int, gaussians: int) -> None:
        super().__init__()
        from torch_geometric.nn.models.schnet import InteractionBlock

        self.embedding = nn.Linear(input_dim, hidden)
        self.distance_expansion = GaussianSmearing(10.0, gaussians)
        self.interactions = nn.ModuleList(InteractionBlock(hidden, gaussians, filters, 10.0) for _ in range(layers))
        self.lin1 = nn.Linear(hidden, hidden // 2)
        self.lin2 = nn.Linear(hidden // 2, out)

    def forward(self, scalar: Tensor, position: Tensor, edge_index: Tensor) -> Tensor:
        """Return the residue encoding."""
        distance = (position[edge_index[0]] - position[edge_index[1]]).norm(dim=1)
        basis = self.distance_expansion(distance)
        state = self.embedding(scalar)
        for interaction in self.interactions:
            state = state + interaction(state, edge_index, distance, basis)
        residue: Tensor = self.lin2(shifted_softplus(self.lin1(state)))
        return residue


def edge_list(neighbour: Tensor) -> Tensor:
    """Return [source, target] of a table without empty slots."""
    target = torch.arange(len(neighbour)).repeat_interleave(neighbour.shape[1])
    return torch.stack([neighbour.flatten(), target])
