"""The convolution on the line graph against one pair after the other, and its gradients against finite differences."""

import pytest
import torch

from protea.encoders import line_messages
from protea.encoders.line_messages import LineGraph, line_convolution
from protea.encoders.relational_layer import RelationalLayer
from protea.encoders.row_sums import Incidence

LINE = LineGraph(Incidence(torch.tensor([1, 2, 0, 0, 3, 2]), torch.tensor([0, 2, 2, 3, 4, 6, 6, 6, 6]), 4), bins=2)


@pytest.fixture(params=[1 << 20, 6])
def _block(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(line_messages, "_BLOCK_VALUES", {"cpu": request.param})


@pytest.mark.usefixtures("_block")
def test_values_and_gradients() -> None:
    layer = RelationalLayer(3, 5, 2, None).double()
    value = torch.randn(4, 3, dtype=torch.float64, requires_grad=True)
    sums = torch.zeros(4, 2, 3, dtype=torch.float64)
    for segment in range(8):
        for item in range(int(LINE.incidence.ptr[segment]), int(LINE.incidence.ptr[segment + 1])):
            sums[segment // 2, segment % 2] += value.detach()[LINE.incidence.row[item]]
    expected = layer.linear(sums.view(4, 6)) + layer.self_loop(value)
    torch.testing.assert_close(line_convolution(value, LINE, layer), expected)

    def by_weights(rows: torch.Tensor, weight: torch.Tensor, own: torch.Tensor, bias: torch.Tensor) -> torch.Tensor:
        return line_messages._LineConvolution.apply(LINE, rows, weight, own, bias)

    inputs = (value, layer.linear.weight, layer.self_loop.weight, layer.self_loop.bias)
    assert torch.autograd.gradcheck(by_weights, inputs)
