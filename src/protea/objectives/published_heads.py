"""The heads of ProteinWorkshop: `MLPDecoder` with skips and the equivariant `PositionDecoder`, by their own key names.

    hidden layer: x' = act(W x + b);  next input: [x', x] (skip `concat`), x' + x (`sum`), x' (none)

The last layer has no skip, and no activation unless it is set. With a skip the keys are `layers.layers.i`; without one
the decoder is a sequence of map, activation and dropout, all of which the keys count: `layers.0`, `layers.3`, ... The
first layer reads the embedding itself, so that a wide encoder gets a larger head; `heads.py` has heads of equal size.
"""

from collections.abc import Callable, Sequence
from typing import Literal

import torch
from jaxtyping import Float, Int
from torch import Tensor, nn
from torch.nn import functional as F

__all__ = ["ACTIVATIONS", "Activation", "MLPDecoder", "PositionDecoder", "Skip"]

Activation = Literal["relu", "silu", "swish", "elu", "tanh", "leaky_relu", "sigmoid", "none"]
Skip = Literal["concat", "sum", "none"]

ACTIVATIONS: dict[Activation, Callable[[], nn.Module]] = {
    "relu": nn.ReLU,
    "silu": nn.SiLU,
    "swish": nn.SiLU,
    "elu": nn.ELU,
    "tanh": nn.Tanh,
    "leaky_relu": nn.LeakyReLU,
    "sigmoid": nn.Sigmoid,
    "none": nn.Identity,
}
"""The activations by the names of the original configurations."""

# torch.pairwise_distance of the original adds this to every coordinate difference.
_DISTANCE_EPS = 1e-6


class _SkipLayers(nn.Module):
    """Linear maps with a skip after each but the last; `activations` holds one for every map."""

    def __init__(self, dims: Sequence[int], activations: Sequence[Activation], dropout: float, skip: Skip) -> None:
        super().__init__()
        self.skip = skip
        width = dims[0]
        layers = []
        for dim in dims[1:]:
            layers.append(nn.Linear(width, dim))
            width = dim + width if skip == "concat" else dim
        self.layers = nn.ModuleList(layers)
        self.activations = nn.ModuleList(ACTIVATIONS[name]() for name in activations)
        self.dropout = nn.Dropout(dropout)

    def forward(self, state: Float[Tensor, "item channel"]) -> Float[Tensor, "item output"]:
        for layer, activation in zip(self.layers[:-1], self.activations[:-1], strict=True):
            hidden = self.dropout(activation(layer(state)))
            state = torch.cat([hidden, state], dim=-1) if self.skip == "concat" else hidden + state
        return self.activations[-1](self.layers[-1](state))


class MLPDecoder(nn.Module):
    """Hidden layers of the given widths and an output; `graph_label` was 3 x 512, node heads 2 x 128, skip `concat`.

    `activations` are those of all layers, the output's last; without them `activation` follows all but the output.
    """

    def __init__(
        self, input_dim: int, hidden_dims: Sequence[int], output_dim: int, *, skip: Skip = "concat",
        activation: Activation = "relu", activations: Sequence[Activation] | None = None, dropout: float = 0.0,
    ) -> None:  # fmt: skip
        super().__init__()
        dims = [input_dim, *hidden_dims, output_dim]
        names = [*[activation] * len(hidden_dims), "none"] if activations is None else activations
        if skip != "none":
            self.layers: nn.Module = _SkipLayers(dims, names, dropout, skip)
            return
        modules: list[nn.Module] = []
        for index in range(len(dims) - 1):
            modules.append(nn.Linear(dims[index], dims[index + 1]))
            modules.append(ACTIVATIONS[names[index]]())
            if index < len(dims) - 2:
                modules.append(nn.Dropout(dropout))
        self.layers = nn.Sequential(*modules)

    def forward(self, state: Float[Tensor, "item channel"]) -> Float[Tensor, "item output"]:
        """Return one prediction per item."""
        return self.layers(state)


class PositionDecoder(nn.Module):
    """A vector per residue: the sum over its edges of a scalar message times the unit vector to the source.

    message = message_mlp([h_source, h_target, distance_mlp(|x_source - x_target|)]). The vector turns with the input,
    but for the published choice of the largest instead of the sum.
    """

    def __init__(
        self, input_dim: int, message_dims: Sequence[int] = (128, 128), distance_dims: Sequence[int] = (128,), *,
        message_activation: Activation = "relu", distance_activation: Activation = "relu",
        message_skip: Skip = "none", distance_skip: Skip = "none", aggregation: Literal["sum", "mean", "max"] = "sum",
    ) -> None:  # fmt: skip
        super().__init__()
        self.aggregation = aggregation
        self.message_mlp = MLPDecoder(
            2 * input_dim + 1, message_dims, 1, skip=message_skip, activation=message_activation
        )
        self.distance_mlp = MLPDecoder(1, distance_dims, 1, skip=distance_skip, activation=distance_activation)

    def forward(
        self, embedding: Float[Tensor, "residue channel"], position: Float[Tensor, "residue 3"],
        edge_index: Int[Tensor, "2 edge"],
    ) -> Float[Tensor, "residue 3"]:  # fmt: skip
        """Return the vectors; `edge_index` is [source; target]."""
        source, target = edge_index
        offset = position[source] - position[target]
        distance = F.pairwise_distance(position[source], position[target], eps=_DISTANCE_EPS)[:, None]
        message = self.message_mlp(torch.cat([embedding[source], embedding[target], self.distance_mlp(distance)], -1))
        step = message * F.normalize(offset, dim=-1)
        if self.aggregation == "max":  # coordinate by coordinate, so that the vector does not turn with the input
            place = target[:, None].expand(-1, 3)
            empty = position.new_zeros(position.shape)
            return empty.scatter_reduce(0, place, step.to(position.dtype), "amax", include_self=False)
        total = position.new_zeros(position.shape).index_add(0, target, step.to(position.dtype))
        if self.aggregation == "mean":
            degree = torch.bincount(target, minlength=len(position)).clamp(min=1)
            total = total / degree[:, None].to(total.dtype)
        return total
