"""The peer of GVP: every perceptron on the edges, on concatenated inputs, and index_add."""

import torch
from torch import Tensor, nn

from protea.encoders.bessel_basis import BesselEmbedding

__all__ = ["EdgeListGVP"]

_Pair = tuple[Tensor, Tensor]


def _length(vector: Tensor, dim: int) -> Tensor:
    return vector.square().sum(dim).clamp(min=1e-8).sqrt()


class _Perceptron(nn.Module):
    """One geometric vector perceptron on (scalar [item, s], vector [item, v, 3])."""

    def __init__(self, given: tuple[int, int], made: tuple[int, int], is_active: bool) -> None:
        super().__init__()
        self.given, self.made, self.is_active = given, made, is_active
        hidden = max(given[1], made[1]) if given[1] else 0
        if hidden:
            self.wh = nn.Linear(given[1], hidden, bias=False)
            if made[1]:
                self.wv = nn.Linear(hidden, made[1], bias=False)
                self.wsv = nn.Linear(made[0], made[1])
        self.ws = nn.Linear(given[0] + hidden, made[0])
        self.register_buffer("dummy_param", torch.empty(0))

    def forward(self, pair: _Pair) -> _Pair:
        scalar, vector = pair
        if not self.given[1]:
            scalar = self.ws(scalar)
            return scalar, scalar.new_zeros(len(scalar), self.made[1], 3)
        hidden = self.wh(vector.transpose(1, 2))
        scalar = self.ws(torch.cat([scalar, _length(hidden, 1)], dim=1))
        if self.made[1]:
            vector = self.wv(hidden).transpose(1, 2) * torch.sigmoid(self.wsv(scalar))[:, :, None]
        return (torch.relu(scalar) if self.is_active else scalar), vector


class _Norm(nn.Module):
    def __init__(self, dim: int) -> None:
        super().__init__()
        self.scalar_norm = nn.LayerNorm(dim)

    def forward(self, pair: _Pair) -> _Pair:
        scalar, vector = pair
        if not vector.shape[1]:
            return self.scalar_norm(scalar), vector
        square = vector.square().sum(2, keepdim=True).clamp(min=1e-8)
        return self.scalar_norm(scalar), vector / square.mean(1, keepdim=True).sqrt()


class _Conv(nn.Module):
    def __init__(self, state: tuple[int, int], edge: tuple[int, int]) -> None:
        super().__init__()
        first = (2 * state[0] + edge[0], 2 * state[1] + edge[1])
        self.message_func = nn.Sequential(
            _Perceptron(first, state, True), _Perceptron(state, state, True), _Perceptron(state, state, False)
        )


class _VectorDropout(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.register_buffer("dummy_param", torch.empty(0))


class _Dropout(nn.Module):
    def __init__(self, rate: float) -> None:
        super().__init__()
        self.vdropout = _VectorDropout()
        self.rate = rate

    def forward(self, pair: _Pair) -> _Pair:
        scalar, vector = pair
        keep = nn.functional.dropout(torch.ones_like(vector[:, :, :1]), self.rate, self.training)
        return nn.functional.dropout(scalar, self.rate, self.training), vector * keep


class _Layer(nn.Module):
    def __init__(self, state: tuple[int, int], edge: tuple[int, int], dropout: float) -> None:
        super().__init__()
        wide = (4 * state[0], 2 * state[1])
        self.conv = _Conv(state, edge)
        self.norm = nn.ModuleList(_Norm(state[0]) for _ in range(2))
        self.dropout = nn.ModuleList(_Dropout(dropout) for _ in range(2))
        self.ff_func = nn.Sequential(_Perceptron(state, wide, True), _Perceptron(wide, state, False))

    def forward(self, pair: _Pair, edge_index: Tensor, edge: _Pair) -> _Pair:
        source, target = edge_index
        scalar, vector = pair
        given = (
            torch.cat([scalar[source], edge[0], scalar[target]], dim=1),
            torch.cat([vector[source], edge[1], vector[target]], dim=1),
        )
        message = self.conv.message_func(given)
        degree = torch.bincount(target, minlength=len(scalar)).clamp(min=1)
        mean = [_sum_to(value, target, len(scalar)) / degree.view(-1, *[1] * (value.ndim - 1)) for value in message]
        change = self.dropout[0]((mean[0], mean[1]))
        pair = self.norm[0]((scalar + change[0], vector + change[1]))
        change = self.dropout[1](self.ff_func(pair))
        return self.norm[1]((pair[0] + change[0], pair[1] + change[1]))


def _sum_to(message: Tensor, row: Tensor, num_rows: int) -> Tensor:
    return message.new_zeros(num_rows, *message.shape[1:]).index_add(0, row, message)


class EdgeListGVP(nn.Module):
    """GVP with the published key names; returns the residue encoding."""

    def __init__(self, input_dim: int, state: tuple[int, int], edge: tuple[int, int], num_layers: int,
                 dropout: float, cutoff: float = 10.0, num_bessel: int = 8, power: int = 8) -> None:  # fmt: skip
        super().__init__()
        self.emb_in = nn.Linear(input_dim, state[0])
        self.W_v = nn.Sequential(_Norm(state[0]), _Perceptron((state[0], 0), state, False))
        self.radial_embedding = BesselEmbedding(cutoff, num_bessel, power)
        self.W_e = nn.Sequential(_Norm(num_bessel), _Perceptron((num_bessel, 1), edge, False))
        self.layers = nn.ModuleList(_Layer(state, edge, dropout) for _ in range(num_layers))
        self.W_out = nn.Sequential(_Norm(state[0]), _Perceptron(state, (state[0], 0), True))

    def forward(self, scalar: Tensor, position: Tensor, edge_index: Tensor) -> Tensor:
        """Return the residue encoding."""
        arm = position[edge_index[0]] - position[edge_index[1]]
        distance = arm.norm(dim=1)
        edge = self.W_e((self.radial_embedding(distance), (arm / distance[:, None])[:, None]))
        state = self.emb_in(scalar)
        pair = self.W_v((state, state.new_zeros(len(state), 0, 3)))
        for layer in self.layers:
            pair = layer(pair, edge_index, edge)
        return self.W_out(pair)[0]
