"""Message passing over a network: written plainly, blind to the order of pairs and to what it is not given."""

import pytest
import torch
from torch.nn import functional as F

from protea.objectives.interaction_graph import InteractionGraph, InteractionGraphConfig, both_directions

PAIR = torch.tensor([[0, 1], [1, 2], [0, 3]])


def head_of(dtype: torch.dtype = torch.float64, **settings: object) -> InteractionGraph:
    head = InteractionGraphConfig.model_validate({"width": 6, **settings}).build(4, 3)
    for module in head.modules():
        if isinstance(module, torch.nn.BatchNorm1d):
            size = module.num_features
            module.running_mean, module.running_var = torch.randn(size), torch.rand(size) + 0.5
    return head.to(dtype).eval()


@torch.no_grad()
def test_one_layer_written_plainly(dtype: torch.dtype, tolerance: float) -> None:
    head = head_of(dtype)
    head.gin_conv1.eps.fill_(0.3)
    protein = torch.randn(5, 4, dtype=dtype)  # protein 4 has no partner
    adjacency = torch.zeros(5, 5, dtype=dtype)
    for first, second in PAIR.tolist():
        adjacency[first, second] = adjacency[second, first] = 1
    expected = head.gin_conv1.nn(1.3 * protein + adjacency @ protein)
    found = head.layers(protein, both_directions(PAIR))
    assert len(found) == 1
    assert float((found[0] - expected).abs().max()) < tolerance * float(expected.abs().max())
    node = head.lin2(F.relu(head.lin1(expected)))
    logits = head.fc2(node[[0, 4]] * node[[2, 1]])
    assert torch.allclose(head(protein, both_directions(PAIR), torch.tensor([[0, 2], [4, 1]])), logits, atol=1e-4)


@pytest.mark.parametrize("fusion", ["product", "concatenation"])
@pytest.mark.parametrize("jumping", [False, True])
@torch.no_grad()
def test_pairs_have_no_order_and_the_order_of_edges_plays_no_part(fusion: str, jumping: bool) -> None:
    head = head_of(fusion=fusion, jumping_knowledge=jumping, layers=2)
    protein, asked = torch.randn(5, 4, dtype=torch.float64), torch.tensor([[0, 2], [4, 1]])
    found = head(protein, both_directions(PAIR), asked)
    shuffled = both_directions(PAIR.flip(0).flip(1))
    assert torch.allclose(head(protein, shuffled, asked.flip(1)), found, atol=1e-12)


@torch.no_grad()
def test_the_concatenation_is_the_mean_of_one_map_over_both_orders() -> None:
    head = head_of(fusion="concatenation")
    u, v = torch.randn(2, 3, 6, dtype=torch.float64)
    expected = (head.fc2(torch.cat([u, v], 1)) + head.fc2(torch.cat([v, u], 1))) / 2
    assert torch.allclose(head.logits(u, v), expected, atol=1e-12)


@torch.no_grad()
def test_what_is_two_steps_away_is_seen_by_two_layers_alone() -> None:
    protein, edge = torch.randn(5, 4, dtype=torch.float64), both_directions(PAIR)
    changed = protein.clone()
    changed[2] += 1.0  # two steps from protein 0, three from protein 3
    for layers, is_seen in ((1, False), (2, True)):
        head = head_of(layers=layers, width=32)
        assert torch.allclose(head.nodes(protein, edge)[0], head.nodes(changed, edge)[0]) != is_seen
        assert torch.allclose(head.nodes(protein, edge)[3], head.nodes(changed, edge)[3])


def test_epsilon_is_learned_where_asked() -> None:
    assert "gin_conv1.eps" in dict(head_of().named_parameters())
    fixed = head_of(learns_epsilon=False)
    assert "gin_conv1.eps" not in dict(fixed.named_parameters())
    assert "gin_conv1.eps" in fixed.state_dict()


def test_both_directions_holds_every_pair_and_then_every_reverse() -> None:
    assert both_directions(PAIR).tolist() == [[0, 1, 0, 1, 2, 3], [1, 2, 3, 0, 1, 0]]


def test_gradients_are_finite() -> None:
    head = head_of(fusion="concatenation", jumping_knowledge=True, layers=2).train()
    head(torch.randn(5, 4, dtype=torch.float64), both_directions(PAIR), PAIR).square().sum().backward()
    assert all(torch.isfinite(p.grad).all() for p in head.parameters() if p.grad is not None)
    assert all(p.grad is not None for p in head.parameters())
