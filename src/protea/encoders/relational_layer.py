"""The relational convolution that GearNet and GearNet-Edge share, by small functions on its published parameters.

    update[t, r] = sum over edges s -> t of relation r of (h_s + W_e f_st + c_e)
    out = relu(norm(W [update[t, 0], update[t, 1], ...] + c + W_0 h_t + c_0))

Another activation, and no normalisation, may be set.

The map of the edge features follows their sum, which is the same in every layer; so no product is as large as the
edges.
"""

from dataclasses import dataclass
from typing import Literal

from jaxtyping import Float
from torch import Tensor, nn

from protea.encoders.activations import ACTIVATIONS
from protea.encoders.precision import compute_dtype
from protea.encoders.relational_edges import RelationalEdges
from protea.encoders.row_sums import sum_rows

__all__ = ["LayerEnd", "NodeConvolution", "RelationalActivation", "RelationalLayer"]

RelationalActivation = Literal["relu", "elu", "leaky_relu", "tanh", "sigmoid", "silu"]
"""The activations that the original finds by their names."""


@dataclass(frozen=True)
class LayerEnd:
    """What follows the maps of a layer."""

    activation: RelationalActivation = "relu"
    has_batch_norm: bool = True


class RelationalLayer(nn.Module):
    """The parameters of one convolution, under their published names."""

    def __init__(
        self, input_dim: int, output_dim: int, relations: int, edge_dim: int | None, end: LayerEnd = LayerEnd()
    ) -> None:
        super().__init__()
        self.function = ACTIVATIONS[end.activation]
        self.self_loop = nn.Linear(input_dim, output_dim)
        self.linear = nn.Linear(relations * input_dim, output_dim)
        self.batch_norm = nn.BatchNorm1d(output_dim) if end.has_batch_norm else None
        if edge_dim is not None:
            self.edge_linear = nn.Linear(edge_dim, input_dim)

    def map_update(self, update: Float[Tensor, "residue joined"]) -> Float[Tensor, "residue output"]:
        """Return W [update of every relation] + c."""
        return nn.functional.linear(update, self.linear.weight, self.linear.bias)

    def ended(self, hidden: Float[Tensor, "row output"]) -> Float[Tensor, "row output"]:
        """Return the normalised and activated rows."""
        return self.function(hidden if self.batch_norm is None else self.batch_norm(hidden))


class NodeConvolution(RelationalLayer):
    """The convolution over residues."""

    def __init__(
        self, input_dim: int, output_dim: int, relations: int, edge_dim: int, end: LayerEnd = LayerEnd()
    ) -> None:
        super().__init__(input_dim, output_dim, relations, edge_dim, end)

    def forward(
        self,
        state: Float[Tensor, "residue channel"],
        features: Float[Tensor, "segment edge_feature"],
        degree: Float[Tensor, "segment 1"],
        edges: RelationalEdges,
    ) -> Float[Tensor, "residue output"]:
        """Return the new state; `features` are the summed edge features, `degree` their number."""
        dtype = compute_dtype(self.linear.weight)
        update = sum_rows(state.to(dtype), edges.sources)
        bias = degree * self.edge_linear.bias
        update = update + nn.functional.linear(features, self.edge_linear.weight) + bias.to(dtype)
        hidden = self.map_update(update.view(edges.num_residues, -1)) + self.self_loop(state)
        return self.ended(hidden)
