"""The activated pair sum against autograd over an edge list."""

import torch

from protea.encoders.centred_edges import centred_edges
from protea.encoders.frame_messages import activated_pair_sum
from tests.encoders.proteins import pack, walk


def test_value_and_every_gradient_equal_the_edge_list() -> None:
    for hide in ((), (3,)):
        edges = centred_edges(pack([walk(20, seed=1, hide=hide)], k=5).graph)
        draw = [
            torch.randn(*shape, dtype=torch.float64) for shape in ((20, 6), (20, 6), (len(edges.source), 4), (6, 4))
        ]
        inputs = [value.requires_grad_() for value in draw]
        centre, source, geometry, weight = inputs
        message = torch.nn.functional.silu(centre[edges.centre] + source[edges.source] + geometry @ weight.T)
        expected = torch.zeros_like(centre).index_add(0, edges.centre, message)
        found = activated_pair_sum(centre, source, geometry, weight, edges)
        torch.testing.assert_close(found, expected, rtol=1e-9, atol=1e-9)
        direction = torch.randn_like(found)
        for ours, theirs in zip(
            torch.autograd.grad(found, inputs, direction), torch.autograd.grad(expected, inputs, direction), strict=True
        ):
            torch.testing.assert_close(ours, theirs, rtol=1e-9, atol=1e-9)
