"""One of our convolutions beside torch_geometric's with the same weights: outputs and gradients."""

from collections.abc import Callable

import torch
from torch import Tensor, nn

from protea.encoders.centred_edges import CentredEdges
from tests.encoders.proteins import shake


def compare_with_pyg(
    ours: nn.Module, theirs: nn.Module, edges: CentredEdges, input_dim: int, dtype: torch.dtype, tolerance: float
) -> None:
    """Assert that outputs and all gradients agree."""
    ours, theirs = ours.double(), theirs.double()
    shake(ours)
    theirs.load_state_dict(ours.state_dict(), strict=True)
    edge_index = torch.stack([edges.source, edges.centre])
    state = torch.randn(edges.num_residues, input_dim, dtype=torch.float64)
    found = _output_and_gradients(ours.to(dtype), state.to(dtype), lambda module, value: module(value, edges))
    theirs = theirs.to(dtype)
    expected = _output_and_gradients(theirs, state.to(dtype), lambda module, value: module(value, edge_index))
    assert found.keys() == expected.keys()
    for name, value in expected.items():
        scale = max(float(value.abs().max()), 1e-3)
        assert float((found[name] - value).abs().max()) <= tolerance * scale, name


def _output_and_gradients(
    module: nn.Module, state: Tensor, run: Callable[[nn.Module, Tensor], Tensor]
) -> dict[str, Tensor]:
    state = state.clone().requires_grad_()
    output = run(module, state)
    output.sin().sum().backward()
    assert state.grad is not None
    grads = {name: value.grad for name, value in module.named_parameters() if value.grad is not None}
    return {"output": output.detach(), "state": state.grad, **grads}
