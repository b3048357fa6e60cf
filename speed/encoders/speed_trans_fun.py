"""TransFun, forward and backward, against an edge list with every map on the edges."""

import torch
from torch import Tensor, nn

from protea.encoders.trans_fun import TransFunConfig
from protea.features.interface import FeaturisedBatch, edge_index_of
from speed.encoders.inputs import NUM_FEATURES, batch
from speed.encoders.step import rows_of_goals
from speed.harness import Row

__all__ = ["EdgeListTransFun", "measure", "test_same_mathematics"]


class _EdgeListLayer(nn.Module):
    """A round of messages on [h_i, h_j, d^2], joined edge by edge."""

    def __init__(self, dim: int) -> None:
        super().__init__()
        self.centre, self.source = nn.Linear(dim, dim), nn.Linear(dim, dim, bias=False)
        self.distance = nn.Linear(1, dim, bias=False)
        self.message = nn.Sequential(nn.SiLU(), nn.Linear(dim, dim), nn.SiLU())
        self.gate = nn.Linear(dim, 1)
        self.step = nn.Sequential(nn.Linear(dim, dim), nn.SiLU(), nn.Linear(dim, 1, bias=False))
        self.update = nn.Sequential(nn.Linear(2 * dim, dim), nn.SiLU(), nn.Linear(dim, dim))

    def forward(self, state: Tensor, position: Tensor, edge_index: Tensor) -> tuple[Tensor, Tensor]:
        source, target = edge_index
        difference = position[target] - position[source]
        joined = torch.cat([state[target], state[source], difference.square().sum(1, keepdim=True)], dim=1)
        weight = torch.cat([self.centre.weight, self.source.weight, self.distance.weight], dim=1)
        message = self.message(nn.functional.linear(joined, weight, self.centre.bias))
        message = message * torch.sigmoid(self.gate(message))
        degree = torch.bincount(target, minlength=len(state)).clamp(min=1)[:, None]
        moved = torch.zeros_like(position).index_add(0, target, difference * torch.tanh(self.step(message)))
        total = torch.zeros_like(state).index_add(0, target, message)
        return state + self.update(torch.cat([state, total], dim=1)), position + moved / degree


class _EdgeListStack(nn.Module):
    def __init__(self, input_dim: int, dim: int, output_dim: int, num_layers: int) -> None:
        super().__init__()
        self.first, self.last = nn.Linear(input_dim, dim), nn.Linear(dim, output_dim)
        self.layers = nn.ModuleList(_EdgeListLayer(dim) for _ in range(num_layers))

    def forward(self, state: Tensor, position: Tensor, edge_index: Tensor) -> tuple[Tensor, Tensor]:
        state = self.first(state)
        for layer in self.layers:
            state, position = layer(state, position, edge_index)
        return self.last(state), position


class EdgeListTransFun(nn.Module):
    """The stacks on an edge list; `published_pools` also joins all proteins of a batch, as published."""

    def __init__(self, config: TransFunConfig, input_dim: int) -> None:
        super().__init__()
        width, dim, num = config.width, config.hidden_dim, config.num_layers
        widths = (width, width // 2, width // 4)
        self.stacks = nn.ModuleList(
            _EdgeListStack(read, dim, made, num) for read, made in zip((input_dim, *widths), widths, strict=False)
        )
        self.sequence = nn.Module()
        self.sequence.first, self.sequence.last = nn.Linear(input_dim, dim), nn.Linear(dim, width // 2)
        self.sequence.layers = nn.ModuleList(
            nn.Sequential(nn.Linear(dim, dim), nn.SiLU(), nn.Linear(dim, dim)) for _ in range(num)
        )
        self.norms = nn.ModuleList(nn.LayerNorm(size) for size in (*widths, width // 2))

    def forward(self, inputs: FeaturisedBatch) -> tuple[Tensor, Tensor, Tensor]:
        """Return residue and protein encodings and the moved positions."""
        edge_index = edge_index_of(inputs.graph)
        state, position = inputs.scalar, torch.where(inputs.is_resolved[:, None], inputs.position, 0.0)
        found = []
        for stack in self.stacks:
            state, position = stack(state, position, edge_index)
            found.append(state)
        bounds = list(zip(inputs.residue_ptr[:-1].tolist(), inputs.residue_ptr[1:].tolist(), strict=True))
        alone = self.sequence.first(torch.stack([inputs.scalar[a:b].mean(0) for a, b in bounds]))
        for layer in self.sequence.layers:
            alone = alone + layer(alone)
        alone = self.sequence.last(alone)
        pools = [torch.stack([one[a:b].mean(0) for a, b in bounds]) for one in found]
        protein = torch.cat([norm(pool).relu() for norm, pool in zip(self.norms, [*pools, alone], strict=True)], dim=1)
        spread = torch.cat([alone[i].expand(b - a, -1) for i, (a, b) in enumerate(bounds)])
        return torch.cat([*found, spread], dim=1), protein, position

    def published_pools(self, inputs: FeaturisedBatch) -> Tensor:
        """Return what the first stack says of proteins that are joined to each other, by their mean positions."""
        bounds = list(zip(inputs.residue_ptr[:-1].tolist(), inputs.residue_ptr[1:].tolist(), strict=True))
        position = torch.where(inputs.is_resolved[:, None], inputs.position, 0.0)
        state, place = (torch.stack([value[a:b].mean(0) for a, b in bounds]) for value in (inputs.scalar, position))
        pairs = torch.combinations(torch.arange(len(bounds))).T
        stack: nn.Module = self.stacks[0]
        joined: Tensor = stack(state, place, torch.cat([pairs, pairs.flip(0)], dim=1))[0]
        return joined


def measure(repeats: int) -> list[Row]:
    torch.manual_seed(0)
    config = TransFunConfig(width=512, hidden_dim=512)
    inputs = batch(config.graph)
    ours, peer = config.build(NUM_FEATURES), EdgeListTransFun(config, NUM_FEATURES)
    peer.load_state_dict(ours.state_dict())

    def run_ours() -> Tensor:
        found = ours(inputs)
        return torch.cat([found.residue, found.position], dim=1)

    def run_peer() -> Tensor:
        residue, _, position = peer(inputs)
        return torch.cat([residue, position], dim=1)

    return rows_of_goals("TransFun", ours, peer, run_ours, run_peer, repeats, goals=(1.0, 1.0))


def test_same_mathematics() -> None:
    config = TransFunConfig(width=16, hidden_dim=16)
    inputs = batch(config.graph, num_proteins=2, length=30)
    ours, peer = config.build(NUM_FEATURES), EdgeListTransFun(config, NUM_FEATURES)
    peer.load_state_dict(ours.state_dict())
    residue, protein, position = peer(inputs)
    found = ours(inputs)
    torch.testing.assert_close(found.residue, residue, rtol=1e-3, atol=1e-3)
    torch.testing.assert_close(found.protein, protein, rtol=1e-3, atol=1e-3)
    torch.testing.assert_close(found.position, position, rtol=1e-3, atol=1e-3)
