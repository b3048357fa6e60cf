"""The GAT convolution against torch_geometric's, outputs and gradients, on a table and on segments."""

import pytest
import torch

from protea.encoders.graph_convolution_gat import GATConvolution
from tests.encoders.pyg_layers import compare_with_pyg
from tests.encoders.small_graphs import GRAPHS

# torch_geometric compiles a helper with torch.jit.script when its layers are first used.
pytestmark = pytest.mark.filterwarnings("ignore:.*torch.jit.script.*:DeprecationWarning")


@pytest.mark.parametrize("graph", GRAPHS)
def test_equals_torch_geometric(graph: str, dtype: torch.dtype, tolerance: float) -> None:
    from torch_geometric.nn import GATConv

    compare_with_pyg(GATConvolution(5, 7), GATConv(5, 7), GRAPHS[graph](), 5, dtype, tolerance)
