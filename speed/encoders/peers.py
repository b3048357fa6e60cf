"""The peers: the same mathematics with an edge list, a gather per edge, and index_add."""

import math

import torch
from torch import Tensor, nn

from protea.encoders.radial_basis import GaussianSmearing

__all__ = ["EdgeListEGNN", "EdgeListGearNet", "PygSchNet", "edge_list"]


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
        residue: Tensor = self.lin2(nn.functional.softplus(self.lin1(state)) - math.log(2.0))
        return residue


def edge_list(neighbour: Tensor) -> Tensor:
    """Return [source, target] of a table without empty slots."""
    target = torch.arange(len(neighbour)).repeat_interleave(neighbour.shape[1])
    return torch.stack([neighbour.flatten(), target])


class EdgeListEGNN(nn.Module):
    """EGNN with every map on the edges: concatenate, multiply, normalise, sum."""

    def __init__(self, input_dim: int, dim: int, layers: int, dropout: float) -> None:
        super().__init__()
        self.emb_in = nn.Linear(input_dim, dim)
        self.convs = nn.ModuleList(_EdgeListEGNNLayer(dim, dropout) for _ in range(layers))

    def forward(self, scalar: Tensor, position: Tensor, edge_index: Tensor) -> tuple[Tensor, Tensor]:
        """Return the residue encoding and the moved positions."""
        state = self.emb_in(scalar)
        for layer in self.convs:
            change, position = layer(state, position, edge_index)
            state = state + change
        return state, position


def _normed(first_dim: int, dim: int, dropout: float) -> list[nn.Module]:
    return [nn.Linear(first_dim, dim), nn.BatchNorm1d(dim), nn.ReLU(), nn.Dropout(dropout)]


class _EdgeListEGNNLayer(nn.Module):
    def __init__(self, dim: int, dropout: float) -> None:
        super().__init__()
        self.mlp_msg = nn.Sequential(*_normed(2 * dim + 1, dim, dropout), *_normed(dim, dim, dropout))
        self.mlp_upd = nn.Sequential(*_normed(2 * dim, dim, dropout), *_normed(dim, dim, dropout))
        self.mlp_pos = nn.Sequential(*_normed(dim, dim, dropout), nn.Linear(dim, 1))

    def forward(self, state: Tensor, position: Tensor, edge_index: Tensor) -> tuple[Tensor, Tensor]:
        source, target = edge_index
        difference = position[target] - position[source]
        distance = difference.norm(dim=1, keepdim=True)
        message = self.mlp_msg(torch.cat([state[target], state[source], distance], dim=1))
        step = difference / (distance + 1.0) * self.mlp_pos(message)
        degree = torch.bincount(target, minlength=len(state)).clamp(min=1)[:, None]
        moved = position + torch.zeros_like(position).index_add(0, target, step.to(position.dtype)) / degree
        total = torch.zeros_like(state, dtype=message.dtype).index_add(0, target, message)
        return self.mlp_upd(torch.cat([state, total], dim=1)), moved


class EdgeListGearNet(nn.Module):
    """GearNet and GearNet-Edge with a message per edge: gather, map, index_add into [target, relation]."""

    def __init__(self, input_dim: int, dim: int, layers: int, relations: int, bins: int | None) -> None:
        super().__init__()
        dims = [input_dim] + [dim] * layers
        edge_dim = 2 * input_dim + relations + 2
        self.relations, self.bins = relations, bins
        self.layers = nn.ModuleList(
            _EdgeListRelational(dims[i], dims[i + 1], relations, edge_dim) for i in range(layers)
        )
        if bins is not None:
            edge_dims = [edge_dim, *dims[:-1]]
            self.edge_layers = nn.ModuleList(
                _EdgeListRelational(edge_dims[i], edge_dims[i + 1], bins, None) for i in range(layers)
            )
        self.batch_norms = nn.ModuleList(nn.BatchNorm1d(dim) for _ in range(layers))

    def forward(self, scalar: Tensor, edges: tuple[Tensor, ...], line: tuple[Tensor, ...] | None) -> Tensor:
        """Return the residue encoding; `edges` = (source, target, relation, distance), `line` = (from, to, bin)."""
        source, target, relation, distance = edges
        one_hot = nn.functional.one_hot(relation, self.relations).to(scalar.dtype)
        offset = (source - target).abs()[:, None].to(scalar.dtype)
        features = torch.cat([scalar[source], scalar[target], one_hot, offset, distance[:, None]], dim=1)
        state, edge_state, states = scalar, features, []
        for i, (layer, norm) in enumerate(zip(self.layers, self.batch_norms, strict=True)):
            hidden = layer(state, source, target, relation, features)
            if hidden.shape == state.shape:
                hidden = hidden + state
            if line is not None:
                edge_state = self.edge_layers[i](edge_state, *line, None)
                update = _sum_to(edge_state, target * self.relations + relation, len(scalar) * self.relations)
                hidden = hidden + torch.relu(layer.linear(update.view(len(scalar), -1)))
            state = norm(hidden)
            states.append(state)
        return torch.cat(states, dim=1)


class _EdgeListRelational(nn.Module):
    def __init__(self, input_dim: int, output_dim: int, relations: int, edge_dim: int | None) -> None:
        super().__init__()
        self.relations = relations
        self.self_loop = nn.Linear(input_dim, output_dim)
        self.linear = nn.Linear(relations * input_dim, output_dim)
        self.batch_norm = nn.BatchNorm1d(output_dim)
        if edge_dim is not None:
            self.edge_linear = nn.Linear(edge_dim, input_dim)

    def forward(
        self, state: Tensor, source: Tensor, target: Tensor, relation: Tensor, features: Tensor | None
    ) -> Tensor:
        message = state.index_select(0, source)
        if features is not None:
            message = message + self.edge_linear(features)
        update = _sum_to(message, target * self.relations + relation, len(state) * self.relations)
        return torch.relu(self.batch_norm(self.linear(update.view(len(state), -1)) + self.self_loop(state)))


def _sum_to(message: Tensor, row: Tensor, num_rows: int) -> Tensor:
    return message.new_zeros(num_rows, message.shape[1]).index_add(0, row, message)
