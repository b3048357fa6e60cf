"""The sum of tensor products equals e3nn's message by message, with all its gradients."""

import pytest
import torch
from e3nn import o3

from protea.encoders.centred_edges import centred_edges
from protea.encoders.edge_directions import edge_harmonics, edge_vectors
from protea.encoders.irreps import parse_irreps, to_channel_first
from protea.encoders.symmetric_edges import symmetric_edges
from protea.encoders.tensor_convolution import TensorProduct, tensor_convolution
from tests.encoders.proteins import pack, walk

CHAINS = (walk(17, seed=1, hide=(4,)), walk(1, seed=2), walk(9, seed=3))
MIXED = "6x0e + 5x0o + 2x1e + 3x1o + 1x2e + 2x2o"


@pytest.mark.parametrize(
    ("inputs", "outputs", "degree"),
    [("6x0e", MIXED, 2), (MIXED, MIXED, 2), (MIXED, "6x0e", 2), ("2x0e + 2x1o", "2x0e + 2x3o + 2x1o", 3)],
)
def test_values_and_gradients_equal_e3nn(inputs: str, outputs: str, degree: int) -> None:
    batch = pack(CHAINS, k=6)
    edges = symmetric_edges(centred_edges(batch.graph))
    product = TensorProduct(parse_irreps(inputs), degree, parse_irreps(outputs))
    assert product.sent or outputs == "6x0e", "both ways of summing must be tried"
    draw = torch.Generator().manual_seed(0)

    def random(*shape: int) -> torch.Tensor:
        return torch.randn(shape, generator=draw, dtype=torch.float64).requires_grad_()

    state, hidden = random(27, sum(block.dim for block in product.inputs)), random(len(edges.source), 4)
    weight, bias = random(product.num_weights, 4), random(product.num_weights)
    place = torch.where(batch.is_resolved[:, None], batch.position, 0.0)[edges.order].requires_grad_()
    _, direction = edge_vectors(place, edges)
    harmonics = edge_harmonics(direction, degree, edges)
    ours = tensor_convolution(product, state, harmonics, hidden, weight, bias, edges)
    theirs = o3.FullyConnectedTensorProduct(
        inputs, o3.Irreps.spherical_harmonics(degree), outputs, shared_weights=False
    ).double()
    heard = state[edges.source][:, to_channel_first(product.inputs)]
    message = theirs(heard, harmonics, hidden @ weight.T + bias)
    expected = message.new_zeros(27, message.shape[1]).index_add(0, edges.centre, message)
    ours = ours[:, to_channel_first(product.outputs)]
    # e3nn keeps its symbols in float32.
    assert torch.allclose(ours, expected, atol=1e-6 * float(expected.detach().abs().max()))
    tensors = [state, hidden, weight, bias, place]
    for found, wanted in zip(
        torch.autograd.grad(ours.sin().sum(), tensors, retain_graph=True),
        torch.autograd.grad(expected.sin().sum(), tensors),
        strict=True,
    ):
        assert torch.allclose(found, wanted, atol=1e-5 * float(wanted.abs().max()))


def test_two_residues_by_hand() -> None:
    # One scalar channel to one vector channel: the message is W h_j sqrt(3) C Y = W h_j Y of the direction.
    batch = pack([walk(2, seed=5)])
    edges = symmetric_edges(centred_edges(batch.graph))
    product = TensorProduct(parse_irreps("1x0e"), 1, parse_irreps("1x1o"))
    _, direction = edge_vectors(batch.position[edges.order], edges)
    harmonics = edge_harmonics(direction, 1, edges)
    hidden = torch.full((len(edges.source), 1), 2.0).double()
    state = torch.tensor([[3.0], [5.0]]).double()
    bias = torch.ones(1).double()
    found = tensor_convolution(product, state, harmonics, hidden, torch.full((1, 1), 0.5).double(), bias, edges)
    here = direction[edges.is_edge]
    assert torch.allclose(found[0], (0.5 * 2 + 1) * 5 * 3**0.5 * here[0])
    assert torch.allclose(found[1], (0.5 * 2 + 1) * 3 * 3**0.5 * here[1])
