"""The peer of the graph convolutions: torch_geometric's own layers on an edge list."""

from collections.abc import Sequence

from torch import Tensor, nn

from protea.encoders.activations import ACTIVATIONS

__all__ = ["PygStack"]


class PygStack(nn.Module):
    """torch_geometric's convolutions in a row, under the published names."""

    def __init__(self, input_dim: int, dims: Sequence[int], kinds: Sequence[str], activations: Sequence[str]) -> None:
        super().__init__()
        from torch_geometric.nn import GATConv, GATv2Conv, GCNConv, TransformerConv

        classes = {"gcn": GCNConv, "gat": GATConv, "gatv2": GATv2Conv, "graph_transformer": TransformerConv}
        widths = [input_dim, *dims]
        self.layers = nn.ModuleDict(
            {f"module_{3 * i}": classes[kind](widths[i], widths[i + 1]) for i, kind in enumerate(kinds)}
        )
        self.activations = list(activations)

    def forward(self, scalar: Tensor, edge_index: Tensor, edge_weight: Tensor | None = None) -> Tensor:
        """Return the residue encoding; `edge_weight` goes to every layer."""
        state = scalar
        extra = () if edge_weight is None else (edge_weight,)
        for layer, name in zip(self.layers.values(), self.activations, strict=True):
            state = ACTIVATIONS[name](layer(state, edge_index, *extra))
        return state
