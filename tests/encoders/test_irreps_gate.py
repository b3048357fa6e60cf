"""The gate equals that of e3nn, whatever the order of its blocks."""

import pytest
import torch
from e3nn import nn as e3nn_nn
from e3nn import o3

from protea.encoders.irreps import parse_irreps, to_channel_first
from protea.encoders.irreps_gate import IrrepsGate


@pytest.mark.parametrize("text", ["3x0e + 2x0o + 2x1e + 1x1o + 1x2e", "2x0e + 1x2e + 2x1o", "3x0e"])
def test_equals_e3nn(text: str, dtype: torch.dtype) -> None:
    outputs = parse_irreps(text)
    ours = IrrepsGate(outputs)
    gated = [f"{block}" for block in outputs if not block.is_invariant]
    num_gates = sum(block.num for block in outputs if not block.is_invariant)
    silu, sigmoid = torch.nn.functional.silu, torch.sigmoid
    if gated:
        theirs = e3nn_nn.Gate(str(outputs[0]), [silu], f"{num_gates}x0e", [sigmoid], "+".join(gated))
        assert [str(block) for block in ours.inputs] == [f"{mul}x{ir}" for mul, ir in theirs.irreps_in]
    else:
        theirs = e3nn_nn.Activation(text, acts=[silu])
        assert ours.inputs == outputs
    value = torch.randn(5, sum(block.dim for block in ours.inputs), dtype=dtype)
    expected = theirs.to(dtype)(value[:, to_channel_first(ours.inputs)])
    assert torch.allclose(ours(value)[:, to_channel_first(outputs)], expected, atol=1e-5)
    assert o3.Irreps(text).dim == expected.shape[1]


def test_a_gate_that_is_shut_lets_nothing_through() -> None:
    gate = IrrepsGate(parse_irreps("1x0e + 2x1o"))
    value = torch.ones(1, 9).double()
    value[:, 1] = -1e4  # the gate of the first vector
    found = gate(value)[:, 1:].view(3, 2)
    assert not found[:, 0].any()
    assert bool((found[:, 1] > 0.5).all())
