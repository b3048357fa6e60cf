"""The least work of a step: what is counted of a known function, and that the time is the sum over what was counted."""

from collections.abc import Iterator

import pytest
import torch
from torch import Tensor

from protea.encoders.gcpnet import GCPNetConfig
from speed.encoders import ceiling as ceiling_module
from speed.encoders.ceiling import LeastWork, least_seconds
from speed.encoders.inputs import NUM_FEATURES, batch
from speed.encoders.step import with_ceiling
from speed.harness import checked_row

ROWS = 50


def known(state: Tensor, weight: Tensor, bias: Tensor) -> Tensor:
    """Two maps of rows and one of the weights; three activations of rows and one of a weight."""
    composed = weight @ weight.t()
    made = torch.addmm(bias, torch.nn.functional.silu(state), weight.t())
    pairs = torch.bmm(made.view(10, 5, 4), made.view(10, 5, 4).transpose(1, 2))
    gate = torch.sigmoid(made @ composed) * torch.sigmoid(bias) + torch.relu_(pairs.sum(2)).view(ROWS, 1)
    return (gate + state[:, :4]).t()


def operands(dtype: torch.dtype = torch.float32) -> tuple[Tensor, Tensor, Tensor]:
    return torch.randn(ROWS, 6, dtype=dtype), torch.randn(4, 6, dtype=dtype), torch.randn(4, dtype=dtype)


def test_products_and_activations_over_rows_are_counted() -> None:
    with LeastWork(ROWS) as work:
        known(*operands())
    assert work.products == {
        (1, ROWS, 6, 4, torch.float32): 1,
        (1, ROWS, 4, 4, torch.float32): 1,
        (10, 5, 4, 5, torch.float32): 1,
    }
    assert work.activations == {("silu", ROWS * 6, torch.float32): 1, ("sigmoid", ROWS * 4, torch.float32): 1}


def test_a_product_counts_the_same_whichever_way_it_stands() -> None:
    state, weight, _ = operands()
    with LeastWork(ROWS) as work:
        _ = weight @ state.t()
        _ = state @ weight.t()
    assert work.products == {(1, ROWS, 6, 4, torch.float32): 2}


def test_seconds_add_up_forward_and_backward(monkeypatch: pytest.MonkeyPatch) -> None:
    clock: Iterator[int] = iter(range(10_000))
    monkeypatch.setattr(ceiling_module, "now", lambda: float(next(clock)))
    # Every call takes one second of this clock: three per product, two per activation.
    assert least_seconds(lambda: known(*operands()), ROWS, torch.float32, repeats=3) == 3 * 3 + 2 * 2


def test_gradients_of_the_activations_are_those_of_autograd() -> None:
    value = torch.linspace(0.1, 2.0, 7, dtype=torch.float64).requires_grad_()
    signed = torch.linspace(-2.0, 2.0, 8, dtype=torch.float64).requires_grad_()
    for name, backward in ceiling_module._BACKWARD.items():
        leaf = value if name == "sqrt" else signed
        result = getattr(torch.ops.aten, name)(leaf)
        (expected,) = torch.autograd.grad(result.sum(), leaf)
        found = backward(torch.ones_like(leaf), leaf.detach(), result.detach())
        # Of the root, half of it: a factor costs a pass that a whole chain folds into its neighbours.
        torch.testing.assert_close(found / 2 if name == "sqrt" else found, expected)


@pytest.mark.parametrize("dtype", [torch.float32, torch.bfloat16])
def test_the_messages_of_gcpnet_are_counted_once_and_in_the_precision_of_the_row(dtype: torch.dtype) -> None:
    config = GCPNetConfig(hidden_dim=16, num_vectors=4, edge_dim=8, num_edge_vectors=4, num_layers=2)
    inputs = batch(config.graph, num_proteins=2, length=30)
    model, num_edges = config.build(NUM_FEATURES), 2 * 30 * 16
    with torch.autocast("cpu", dtype=torch.bfloat16, enabled=dtype == torch.bfloat16), LeastWork(60) as work:
        model(inputs)
    # Of four perceptrons in each of two layers, the first reads the edge and the others the state.
    assert work.products[1, num_edges, 16, 16, dtype] == 2 * 3
    assert work.products[1, num_edges, 8, 16, dtype] == 2
    assert work.activations["silu", num_edges * 16, dtype] == 2 * 4


def test_the_fields_belong_to_the_row() -> None:
    row = {"name": "a", "ours": 2.0, "peer": 3.0, "ratio": 1.5, "goal": 2.0}
    found = checked_row(with_ceiling(row, least=1.5))
    assert found["ceiling"] == 2.0
    assert found["share_of_ceiling"] == 0.75 == found["ratio"] / found["ceiling"]
