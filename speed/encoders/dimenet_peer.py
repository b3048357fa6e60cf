"""The peer of DimeNet++: torch_geometric's blocks on a list of triplets, wired as ProteinWorkshop does."""

import torch
from torch import Tensor, nn

from protea.encoders.dimenet import DimeNetConfig
from protea.encoders.dimenet_basis import angular_basis, radial_basis

__all__ = ["PygDimeNet", "list_triplets"]


def list_triplets(edge_index: Tensor, num_residues: int) -> tuple[Tensor, Tensor, Tensor]:
    """Return (k, edge k -> j, edge j -> i) of all k -> j -> i with k other than i; edges sorted by target."""
    source, target = edge_index
    degree = torch.bincount(target, minlength=num_residues)
    first = degree.cumsum(0) - degree
    heard = degree[source]
    to_edge = torch.arange(len(source)).repeat_interleave(heard)
    from_edge = first[source[to_edge]] + torch.arange(len(to_edge)) - (heard.cumsum(0) - heard)[to_edge]
    is_other = source[from_edge] != target[to_edge]
    return source[from_edge][is_other], from_edge[is_other], to_edge[is_other]


class _Embedding(nn.Module):
    def __init__(self, input_dim: int, hidden: int, radial: int) -> None:
        super().__init__()
        self.emb = nn.Linear(input_dim, hidden)
        self.lin_rbf = nn.Linear(radial, hidden)
        self.lin = nn.Linear(3 * hidden, hidden)

    def forward(self, scalar: Tensor, rbf: Tensor, i: Tensor, j: Tensor) -> Tensor:
        act = nn.functional.silu
        state = self.emb(scalar)
        return act(self.lin(torch.cat([state[i], state[j], act(self.lin_rbf(rbf))], dim=1)))


class PygDimeNet(nn.Module):
    """DimeNet++ with a row per triplet, under the published names."""

    def __init__(self, input_dim: int, config: DimeNetConfig) -> None:
        super().__init__()
        from torch_geometric.nn.models.dimenet import BesselBasisLayer, InteractionPPBlock, OutputPPBlock

        act, self.config = nn.functional.silu, config
        self.rbf = BesselBasisLayer(config.num_radial, config.cutoff, config.envelope_exponent)
        self.emb = _Embedding(input_dim, config.hidden_dim, config.num_radial)
        self.interaction_blocks = nn.ModuleList(
            InteractionPPBlock(
                config.hidden_dim, config.triplet_dim, config.basis_dim, config.num_spherical, config.num_radial,
                config.num_before_skip, config.num_after_skip, act,
            ) for _ in range(config.num_layers)
        )  # fmt: skip
        self.output_blocks = nn.ModuleList(
            OutputPPBlock(
                config.num_radial, config.hidden_dim, config.output_hidden_dim, config.output_dim,
                config.num_output_layers, act,
            ) for _ in range(config.num_layers + 1)
        )  # fmt: skip

    def forward(self, scalar: Tensor, position: Tensor, edge_index: Tensor) -> Tensor:
        """Return the residue encoding; edges sorted by target."""
        config, (j, i) = self.config, edge_index
        distance = (position[i] - position[j]).norm(dim=1)
        k, from_edge, to_edge = list_triplets(edge_index, len(scalar))
        target, middle, start = position[i[to_edge]], position[j[to_edge]], position[k]
        pair = (middle - target, start - target) if config.angle == "at_target" else (target - middle, middle - start)
        angle = torch.atan2(torch.linalg.cross(*pair).norm(dim=1), (pair[0] * pair[1]).sum(1))
        rbf = self.rbf(distance)
        sizes = (config.num_spherical, config.num_radial)
        radial = radial_basis(distance, config.cutoff, config.envelope_exponent, *sizes)
        sbf = (radial[from_edge] * angular_basis(angle.cos(), config.num_spherical)[:, :, None]).flatten(1)
        state = self.emb(scalar, rbf, i, j)
        total = self.output_blocks[0](state, rbf, i, num_nodes=len(scalar))
        for interaction, output in zip(self.interaction_blocks, self.output_blocks[1:], strict=True):
            state = interaction(state, rbf, sbf, from_edge, to_edge)
            total = total + output(state, rbf, i, num_nodes=len(scalar))
        return total
