"""The peer of GCPNet: every perceptron on the edges, on concatenated inputs, and index_add."""

import torch
from torch import Tensor, nn
from torch.nn.functional import silu

__all__ = ["EdgeListGCPNet"]

_Pair = tuple[Tensor, Tensor]


def _length(vector: Tensor) -> Tensor:
    return (vector.square().sum(1) + 1e-8).sqrt() + 1e-8


class _Perceptron(nn.Module):
    """One geometry-complete perceptron on (scalar [item, s], vector [item, v, 3]) with silu throughout."""

    def __init__(
        self, given: tuple[int, int], made: tuple[int, int], bottleneck: int, is_active: bool = True,
        is_deep: bool = False,
    ) -> None:  # fmt: skip
        super().__init__()
        self.made, self.is_active = made, is_active
        hidden = given[1] // bottleneck if bottleneck > 1 else max(given[1], made[1])
        self.vector_down = nn.Linear(given[1], hidden, bias=False)
        self.vector_down_frames = nn.Linear(given[1], 3, bias=False)
        first = nn.Linear(given[0] + hidden + 9, made[0])
        self.scalar_out = nn.Sequential(first, nn.SiLU(), nn.Linear(made[0], made[0])) if is_deep else first
        if made[1]:
            self.vector_up = nn.Linear(hidden, made[1], bias=False)
            self.vector_out_scale = nn.Linear(made[0], made[1])

    def forward(self, pair: _Pair, edge_index: Tensor, frames: Tensor, is_residue: bool) -> _Pair:
        scalar, vector = pair
        given = vector.transpose(1, 2)
        hidden, seen = self.vector_down(given), self.vector_down_frames(given)
        local = (frames @ (seen[edge_index[0]] if is_residue else seen)).transpose(1, 2).flatten(1)
        if is_residue:
            count = torch.bincount(edge_index[0], minlength=len(scalar)).clamp(min=1)[:, None]
            local = _sum_to(local, edge_index[0], len(scalar)) / count
        made = self.scalar_out(torch.cat([scalar, _length(hidden), local], dim=1))
        if self.made[1]:
            gate = self.vector_out_scale(silu(made) if self.is_active else made)
            vector = self.vector_up(hidden).transpose(1, 2) * torch.sigmoid(gate)[:, :, None]
        return (silu(made) if self.is_active else made), vector


class _Norm(nn.Module):
    def __init__(self, dim: int) -> None:
        super().__init__()
        self.scalar_norm = nn.LayerNorm(dim)

    def forward(self, pair: _Pair) -> _Pair:
        scalar, vector = pair
        square = vector.square().sum(2, keepdim=True).clamp(min=1e-8)
        return self.scalar_norm(scalar), vector / square.mean(1, keepdim=True).sqrt()


class _Embedding(nn.Module):
    def __init__(self, given: tuple[int, int], state: tuple[int, int], edge: tuple[int, int], num_rbf: int) -> None:
        super().__init__()
        self.edge_normalization, self.node_normalization = _Norm(1 + num_rbf), _Norm(given[0])
        self.edge_embedding = _Perceptron((1 + num_rbf, 1), edge, 1)
        self.node_embedding = _Perceptron(given, state, 1, is_active=False)


class _Interaction(nn.Module):
    def __init__(self, state: tuple[int, int], edge: tuple[int, int], bottleneck: int, num_messages: int) -> None:
        super().__init__()
        first = (2 * state[0] + edge[0], 2 * state[1] + edge[1])
        self.message_fusion = nn.ModuleList(
            _Perceptron(state if i else first, state, bottleneck) for i in range(num_messages)
        )
        self.scalar_message_attention = nn.Sequential(nn.Linear(state[0], 1), nn.Sigmoid())

    def forward(self, pair: _Pair, edge: _Pair, edge_index: Tensor, frames: Tensor) -> _Pair:
        row, column = edge_index
        scalar, vector = pair
        given = (
            torch.cat([scalar[row], edge[0], scalar[column]], 1),
            torch.cat([vector[row], edge[1], vector[column]], 1),
        )
        message = self.message_fusion[0](given, edge_index, frames, False)
        for module in self.message_fusion[1:]:
            more = module(message, edge_index, frames, False)
            message = message[0] + more[0], message[1] + more[1]
        attended = message[0] * self.scalar_message_attention(message[0])
        return _sum_to(attended, row, len(scalar)), _sum_to(message[1], row, len(scalar))


class _Layer(nn.Module):
    def __init__(self, state: tuple[int, int], edge: tuple[int, int], bottleneck: int, num_messages: int) -> None:
        super().__init__()
        wide = (4 * state[0], 2 * state[1])
        self.interaction = _Interaction(state, edge, bottleneck, num_messages)
        self.gcp_norm = nn.ModuleList([_Norm(state[0])])
        self.feedforward_network = nn.ModuleList(
            [
                _Perceptron((2 * state[0], 2 * state[1]), wide, bottleneck),
                _Perceptron(wide, state, bottleneck, is_active=False, is_deep=True),
            ]
        )

    def forward(self, pair: _Pair, edge: _Pair, edge_index: Tensor, frames: Tensor) -> _Pair:
        message = self.interaction(pair, edge, edge_index, frames)
        change = torch.cat([message[0], pair[0]], dim=1), torch.cat([message[1], pair[1]], dim=1)
        for module in self.feedforward_network:
            change = module(change, edge_index, frames, True)
        return self.gcp_norm[0]((pair[0] + change[0], pair[1] + change[1]))


def _sum_to(message: Tensor, row: Tensor, num_rows: int) -> Tensor:
    return message.new_zeros(num_rows, *message.shape[1:]).index_add(0, row, message)


def _shortened(vector: Tensor) -> Tensor:
    return vector / (vector.square().sum(1, keepdim=True).sqrt() + 1)


class EdgeListGCPNet(nn.Module):
    """GCPNet with the published key names and settings; returns the residue encoding."""

    def __init__(
        self, input_dim: int, state: tuple[int, int], edge: tuple[int, int], num_layers: int, bottleneck: int = 4,
        num_messages: int = 4, cutoff: float = 10.0, num_rbf: int = 8,
    ) -> None:  # fmt: skip
        super().__init__()
        self.cutoff, self.num_rbf = cutoff, num_rbf
        self.gcp_embedding = _Embedding((input_dim, 2), state, edge, num_rbf)
        self.interaction_layers = nn.ModuleList(
            _Layer(state, edge, bottleneck, num_messages) for _ in range(num_layers)
        )
        self.invariant_node_projection = nn.ModuleList([_Norm(state[0]), _Perceptron(state, (state[0], 0), 1)])

    def forward(
        self, scalar: Tensor, vector: Tensor, position: Tensor, protein_of: Tensor, edge_index: Tensor
    ) -> Tensor:
        """Return the residue encoding; `vector` is [residue, 2, 3]."""
        row, column = edge_index
        count = torch.bincount(protein_of)[:, None]
        position = position - (_sum_to(position, protein_of, len(count)) / count)[protein_of]
        arm, cross = position[row] - position[column], torch.cross(position[row], position[column], dim=1)
        distance = arm.norm(dim=1, keepdim=True)
        x, y = _shortened(arm), _shortened(cross)
        frames = torch.stack([x, y, torch.cross(x, y, dim=1)], dim=1)
        centre = torch.linspace(0.0, self.cutoff, self.num_rbf, dtype=position.dtype)
        rbf = torch.exp(-(((distance - centre) * self.num_rbf / self.cutoff) ** 2))
        embedding = self.gcp_embedding
        edge = embedding.edge_normalization((torch.cat([distance, rbf], dim=1), (arm / distance)[:, None]))
        edge = embedding.edge_embedding(edge, edge_index, frames, False)
        pair = embedding.node_embedding(embedding.node_normalization((scalar, vector)), edge_index, frames, True)
        for layer in self.interaction_layers:
            pair = layer(pair, edge, edge_index, frames)
        norm, projection = self.invariant_node_projection
        residue: Tensor = projection(norm(pair), edge_index, frames, True)[0]
        return residue
