"""The messages against autograd through ordinary modules, in training and in evaluation, and the work of a block."""

import copy

import pytest
import torch
from torch import nn

from protea.encoders import centred_edges as centred_edges_module
from protea.encoders.centred_edges import centred_edges
from protea.encoders.egnn_messages import MessageLayers, edge_messages
from tests.encoders.proteins import pack, shake, walk

DIM = 6


@pytest.mark.parametrize("is_training", [True, False])
@pytest.mark.parametrize("block", [1 << 20, 60])
@pytest.mark.parametrize("used", ["both", "total", "gate"])
def test_values_and_gradients(is_training: bool, block: int, used: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(centred_edges_module, "_BLOCK_VALUES", {"cpu": block})
    edges = centred_edges(pack([walk(12, seed=1), walk(3, seed=2)], k=4).graph)
    norms = nn.ModuleList(nn.BatchNorm1d(DIM) for _ in range(3))
    maps = nn.ModuleList([nn.Linear(DIM, DIM), nn.Linear(DIM, DIM), nn.Linear(DIM, 1)])
    module = nn.ModuleList([norms, maps]).double().train(is_training)
    shake(module)
    other_module = copy.deepcopy(module)
    shapes = ((15, DIM), (15, DIM), (DIM,), (len(edges.source),))
    inputs = [torch.randn(*shape, dtype=torch.float64, requires_grad=True) for shape in shapes]
    centre, source, weight, distance = inputs
    layers = MessageLayers(norms[0], maps[0], norms[1], maps[1], norms[2], maps[2], dropout=0.0)
    ours = edge_messages(centre, source, weight, distance, edges, layers)

    norms, maps = other_module[0], other_module[1]
    z1 = centre[edges.centre] + source[edges.source] + distance[:, None] * weight
    message = torch.relu(norms[1](maps[0](torch.relu(norms[0](z1)))))
    gate = maps[2](torch.relu(norms[2](maps[1](message))))
    theirs = (torch.zeros_like(centre).index_add(0, edges.centre, message), gate)
    for mine, other in zip(module.buffers(), other_module.buffers(), strict=True):
        torch.testing.assert_close(mine, other, rtol=1e-9, atol=1e-9)
    picked = {"both": [0, 1], "total": [0], "gate": [1]}[used]
    directions = [torch.randn_like(theirs[i]) for i in picked]
    grads = [
        torch.autograd.grad([side[i] for i in picked], [*inputs, *owner.parameters()], directions, allow_unused=True)
        for side, owner in ((ours, module), (theirs, other_module))
    ]
    for i in range(2):
        torch.testing.assert_close(ours[i], theirs[i], rtol=1e-9, atol=1e-9)
    for mine, other in zip(*grads, strict=True):
        if other is None:
            assert mine is None
        else:
            assert mine is not None
            torch.testing.assert_close(mine, other, rtol=1e-8, atol=1e-8)


def test_dropped_values_pass_no_gradient_and_the_rest_is_scaled() -> None:
    edges = centred_edges(pack([walk(30, seed=1)], k=8).graph)
    norms = nn.ModuleList(nn.BatchNorm1d(DIM) for _ in range(3)).double()
    maps = nn.ModuleList([nn.Linear(DIM, DIM), nn.Linear(DIM, DIM), nn.Linear(DIM, 1)]).double()
    layers = MessageLayers(norms[0], maps[0], norms[1], maps[1], norms[2], maps[2], dropout=0.3)
    draw = [torch.randn(30, DIM, dtype=torch.float64, requires_grad=True) for _ in range(2)]
    weight, distance = torch.randn(DIM, dtype=torch.float64), torch.rand(240, dtype=torch.float64)

    def run(centre: torch.Tensor, source: torch.Tensor) -> torch.Tensor:
        torch.manual_seed(5)  # the same mask at every point of the finite differences
        total, gate = edge_messages(centre, source, weight, distance, edges, layers)
        return torch.cat([total.flatten(), gate.flatten()]).sin().sum()

    run(*draw).backward()
    epsilon = 1e-6
    for value in draw:
        direction = torch.randn_like(value)
        with torch.no_grad():
            moved = [
                [other + sign * epsilon * direction if other is value else other for other in draw] for sign in (1, -1)
            ]
            slope = (run(*moved[0]) - run(*moved[1])) / (2 * epsilon)
        torch.testing.assert_close((value.grad * direction).sum(), slope, rtol=1e-5, atol=1e-6)
