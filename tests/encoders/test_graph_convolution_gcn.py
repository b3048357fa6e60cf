"""The GCN convolution against torch_geometric's, outputs and gradients, on a table and on segments."""

import pytest
import torch

from protea.encoders.graph_convolution_gcn import GCNConvolution
from tests.encoders.pyg_layers import compare_with_pyg
from tests.encoders.small_graphs import GRAPHS

# torch_geometric compiles a helper with torch.jit.script when its layers are first used.
pytestmark = pytest.mark.filterwarnings("ignore:.*torch.jit.script.*:DeprecationWarning")


@pytest.mark.parametrize("graph", GRAPHS)
def test_equals_torch_geometric(graph: str, dtype: torch.dtype, tolerance: float) -> None:
    from torch_geometric.nn import GCNConv

    compare_with_pyg(GCNConvolution(5, 7), GCNConv(5, 7), GRAPHS[graph](), 5, dtype, tolerance)


def test_worked_case_on_two_residues(dtype: torch.dtype) -> None:
    from protea.encoders.centred_edges import CentredEdges

    layer = GCNConvolution(1, 1).to(dtype)
    with torch.no_grad():
        layer.lin.weight.fill_(2.0)
        layer.bias.fill_(0.5)
    # 1 hears 0 and nobody hears 1: degrees 1 and 2 with the loops.
    edges = CentredEdges(torch.tensor([0, 0, 1]), torch.tensor([0]), torch.ones(1, dtype=dtype), None)
    found = layer(torch.tensor([[3.0], [5.0]], dtype=dtype), edges, None)
    expected = torch.tensor([[2 * 3.0 + 0.5], [2 * (3.0 / 2**0.5 + 5.0 / 2.0) + 0.5]], dtype=dtype)
    torch.testing.assert_close(found, expected)


@pytest.mark.parametrize("graph", GRAPHS)
def test_weights_equal_torch_geometric(graph: str, tolerance: float, dtype: torch.dtype) -> None:
    from torch_geometric.nn import GCNConv

    edges = GRAPHS[graph]()
    ours, theirs = GCNConvolution(5, 7).to(dtype), GCNConv(5, 7).to(dtype)
    theirs.load_state_dict(ours.state_dict())
    state = torch.randn(4, 5, dtype=dtype)
    grads = []
    outputs = []
    for run in (
        lambda weight: ours(state, edges, weight),
        lambda weight: theirs(state, torch.stack([edges.source, edges.centre]), weight),
    ):
        weight = edges.distance.to(dtype).clone().requires_grad_()
        outputs.append(run(weight))
        outputs[-1].sin().sum().backward()
        grads.append(weight.grad)
    torch.testing.assert_close(outputs[0], outputs[1], rtol=tolerance, atol=tolerance)
    torch.testing.assert_close(grads[0], grads[1], rtol=tolerance, atol=tolerance)
