"""A layer: where it normalises, what its feedforward perceptrons are, and how it moves residues."""

from dataclasses import replace

import pytest
import torch

from protea.encoders.centred_edges import centred_edges
from protea.encoders.gcpnet_frames import EdgeFrames, edge_frames, edges_by_sender
from protea.encoders.gcpnet_layer import InteractionLayer, LayerSizes
from protea.encoders.gcpnet_perceptron import PerceptronHabits
from tests.encoders.proteins import pack, shake, walk

SIZES = LayerSizes(
    state=(6, 4), edge=(5, 2), num_messages=3, num_feedforward=2, bottleneck=4, message_bottleneck=2,
    habits=PerceptronHabits("silu", "silu", True, False), has_attention=True, has_norm=True, has_pre_norm=False,
    dropout=0.0, num_moves=0,
)  # fmt: skip


def inputs() -> tuple[tuple[torch.Tensor, torch.Tensor], tuple[torch.Tensor, torch.Tensor], EdgeFrames]:
    batch = pack([walk(7, seed=1), walk(1, seed=2)], k=3)
    edges, _ = edges_by_sender(centred_edges(batch.graph))
    frames = edge_frames(batch.position, edges, is_shortened=True, is_mirror_blind=False)
    draw = torch.Generator().manual_seed(0)
    shapes = ((8, 6), (3, 8, 4), (len(edges.source), 5), (3, len(edges.source), 2))
    values = [torch.randn(*shape, generator=draw, dtype=torch.float64) for shape in shapes]
    return (values[0], values[1]), (values[2], values[3]), frames


def built(sizes: LayerSizes) -> InteractionLayer:
    layer = InteractionLayer(sizes)
    shake(layer)
    return layer.double()


def test_bottlenecks_of_the_first_the_inner_and_the_last_perceptron() -> None:
    fusion = built(SIZES).interaction.message_fusion
    assert [module.num_hidden for module in fusion] == [5, 1, 2]
    two = built(replace(SIZES, num_messages=2)).interaction.message_fusion
    assert [module.num_hidden for module in two] == [5, 2]


@pytest.mark.parametrize(
    ("number", "dims"), [(1, [(12, 6)]), (2, [(12, 24), (24, 6)]), (3, [(12, 24), (24, 24), (24, 6)])]
)
def test_feedforward_perceptrons_are_wide_inside_and_the_last_is_deep(number: int, dims: list) -> None:
    network = built(replace(SIZES, num_feedforward=number)).feedforward_network
    assert [module.scalar_map.out_features for module in network] == [made for _, made in dims]
    assert [module.scalar_map.in_features - 9 - module.num_hidden for module in network] == [given for given, _ in dims]
    assert [isinstance(module.scalar_out, torch.nn.Sequential) for module in network] == [*[False] * (number - 1), True]
    assert network[-1].habits.scalar_activation == "none"


def test_norm_after_the_update_before_the_messages_or_nowhere() -> None:
    state, edge, frames = inputs()
    after, before, nowhere = (
        built(replace(SIZES, has_pre_norm=pre, has_norm=norm))
        for pre, norm in ((False, True), (True, True), (False, False))
    )
    before.load_state_dict(after.state_dict())
    nowhere.load_state_dict({key: value for key, value in after.state_dict().items() if "gcp_norm" not in key})
    norm = after.gcp_norm[0]
    plain = nowhere(state, edge, frames)[:2]
    for found, expected in (
        (after(state, edge, frames)[:2], norm(*plain)),
        (before(state, edge, frames)[:2], nowhere(norm(*state), edge, frames)[:2]),
    ):
        torch.testing.assert_close(found[0], expected[0])
        torch.testing.assert_close(found[1], expected[1])


@pytest.mark.parametrize("num_moves", [1, 4])
def test_a_move_is_the_sum_of_the_vectors_made_for_it(num_moves: int) -> None:
    state, edge, frames = inputs()
    layer = built(replace(SIZES, num_moves=num_moves))
    scalar, vector, move = layer(state, edge, frames)
    made = layer.node_position_update_gcp(scalar, vector, frames.seen_from_residues)[1]
    assert made.shape == (3, 8, num_moves)
    torch.testing.assert_close(move, made.sum(2).T)
    assert built(SIZES)(state, edge, frames)[2] is None


def test_dropout_acts_in_training_only() -> None:
    state, edge, frames = inputs()
    layer = built(replace(SIZES, dropout=0.5))
    assert not torch.equal(layer(state, edge, frames)[0], layer(state, edge, frames)[0])
    layer.eval()
    assert torch.equal(layer(state, edge, frames)[0], layer(state, edge, frames)[0])
