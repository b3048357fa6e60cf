"""The messages against the perceptrons run on every edge, one after the other, with each habit."""

import pytest
import torch
from torch import nn

from protea.encoders.centred_edges import centred_edges
from protea.encoders.gcpnet_frames import edge_frames, edges_by_sender
from protea.encoders.gcpnet_messages import summed_messages
from protea.encoders.gcpnet_perceptron import CompletePerceptron, PerceptronHabits
from tests.encoders.proteins import pack, shake, walk

STATE, EDGE = (6, 4), (5, 2)
USUAL = PerceptronHabits("silu", "silu", True, False)
CASES = {
    "usual": (USUAL, 3, False, True),
    "one perceptron": (USUAL, 1, False, True),
    "no attention": (USUAL, 2, False, False),
    "mirror blind": (USUAL, 2, True, True),
    "two activations": (PerceptronHabits("relu", "tanh", True, True), 3, False, True),
    "no gate": (PerceptronHabits("elu", "sigmoid", False, False), 3, True, False),
    "no activation": (PerceptronHabits("none", "none", False, False), 2, False, True),
}


@pytest.mark.parametrize("case", CASES)
def test_values_and_gradients_equal_those_of_the_perceptrons(case: str) -> None:
    habits, number, is_mirror_blind, has_attention = CASES[case]
    given = (2 * STATE[0] + EDGE[0], 2 * STATE[1] + EDGE[1])
    chain = nn.ModuleList(
        CompletePerceptron(STATE if i else given, STATE, habits, bottleneck=2) for i in range(number)
    ).double()
    attention = nn.Linear(STATE[0], 1).double() if has_attention else None
    shake(chain)
    batch = pack([walk(9, seed=1, hide=(2,)), walk(1, seed=2), walk(6, seed=3)], k=4)
    edges, _ = edges_by_sender(centred_edges(batch.graph))
    position = torch.where(batch.is_resolved[:, None], batch.position, 0.0).requires_grad_()
    frames = edge_frames(position, edges, is_shortened=True, is_mirror_blind=is_mirror_blind)
    num_edges = len(edges.source)
    shapes = ((16, STATE[0]), (3, 16, STATE[1]), (num_edges, EDGE[0]), (3, num_edges, EDGE[1]))
    scalar, vector, edge_scalar, edge_vector = leaves = [
        torch.randn(*shape, dtype=torch.float64, requires_grad=True) for shape in shapes
    ]
    ours = summed_messages((scalar, vector), (edge_scalar, edge_vector), frames, chain, attention)

    i, j = edges.centre, edges.source
    pair = (
        torch.cat([scalar[i], edge_scalar, scalar[j]], dim=1),
        torch.cat([vector[:, i], edge_vector, vector[:, j]], dim=2),
    )
    for n, perceptron in enumerate(chain):
        made = perceptron(*pair, frames.seen_from_edges)
        pair = made if n == 0 else (pair[0] + made[0], pair[1] + made[1])
    weight = 1.0 if attention is None else torch.sigmoid(attention(pair[0]))
    theirs = (
        torch.zeros_like(scalar).index_add(0, i, pair[0] * weight),
        torch.zeros_like(vector).index_add(1, i, pair[1]),
    )
    parameters = [*chain.parameters(), *([] if attention is None else attention.parameters())]
    leaves = [*leaves, position, *(value for value in parameters if value.requires_grad)]
    directions = [torch.randn_like(value) for value in theirs]
    grads = [torch.autograd.grad(side, leaves, directions, retain_graph=True) for side in (ours, theirs)]
    for mine, other in zip((*ours, *grads[0]), (*theirs, *grads[1]), strict=True):
        torch.testing.assert_close(mine, other, rtol=1e-9, atol=1e-9)
