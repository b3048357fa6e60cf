"""The messages of GCPNet: a chain of perceptrons on every edge, each added to what came before, summed at the end.

    (s, v) = P1([s_i, e, s_j], [v_i, a, v_j]);  (s, v) += Pn(s, v);  s *= sigmoid(w s + b)

The maps of the first perceptron are split into parts of i, of j and of the edge. Every later map has an activation
before it and after it, so all of them stay on the edges: in blocks, of which only the products are kept.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import torch
from jaxtyping import Float
from torch import Tensor, nn
from torch.nn.functional import linear

from protea.encoders.activations import ACTIVATIONS
from protea.encoders.block_messages import Products, message_sum
from protea.encoders.gcpnet_frames import EdgeFrames
from protea.encoders.gcpnet_perceptron import NUM_SEEN, CompletePerceptron, PerceptronHabits, softened_length
from protea.encoders.precision import compute_dtype
from protea.encoders.scalar_vector import to_columns, to_planes

__all__ = ["summed_messages"]


def summed_messages(
    state: tuple[Float[Tensor, "residue scalar"], Float[Tensor, "3 residue vector"]],
    edge_state: tuple[Float[Tensor, "edge edge_scalar"], Float[Tensor, "3 edge edge_vector"]],
    frames: EdgeFrames,
    perceptrons: nn.ModuleList,
    attention: nn.Linear | None,
) -> tuple[Float[Tensor, "residue scalar"], Float[Tensor, "3 residue vector"]]:
    """Return the sum of the messages to every residue."""
    scalar, vector = state
    chain = [module for module in perceptrons if isinstance(module, CompletePerceptron)]
    first = chain[0]
    num_scalars, num_vectors = scalar.shape[1], vector.shape[2]
    sizes = [num_scalars, edge_state[0].shape[1], num_scalars, first.num_hidden + 3 * NUM_SEEN]
    of_here, of_edge, of_there, of_geometry = first.scalar_map.weight.split(sizes, dim=1)
    down_here, down_edge, down_there = _down(first).split([num_vectors, edge_state[1].shape[2], num_vectors], dim=1)
    weights = [of_edge, of_geometry, down_edge, *_vector_maps(first)]
    for module in chain[1:]:
        of_scalar, of_geometry = module.scalar_map.weight.split([num_scalars, module.num_hidden + 3 * NUM_SEEN], dim=1)
        weights += [of_scalar, of_geometry, module.scalar_map.bias, _down(module), *_vector_maps(module)]
    weights += [] if attention is None else [attention.weight, attention.bias]
    dtype = compute_dtype(first.scalar_map.weight)
    given = [
        (linear(scalar, of_here, first.scalar_map.bias), linear(scalar, of_there)),
        (to_columns(linear(vector, down_here)), to_columns(linear(vector, down_there))),
    ]
    total = message_sum(
        _Chain(len(chain), first.habits, frames.is_mirror_blind, attention is not None),
        [(here.to(dtype), there.to(dtype)) for here, there in given],
        [edge_state[0], to_columns(edge_state[1]), frames.axes.flatten(1)],
        weights,
        frames.edges,
    ).to(scalar.dtype)
    made, moved = total.split([num_scalars, 3 * num_vectors], dim=1)
    return made, to_planes(moved)


def _down(module: CompletePerceptron) -> Tensor:
    """Return the map to hidden vectors and, after them, to those that the frames see."""
    return torch.cat([module.vector_down.weight, module.vector_down_frames.weight])


def _vector_maps(module: CompletePerceptron) -> list[Tensor]:
    gate = [module.vector_out_scale.weight, module.vector_out_scale.bias] if module.habits.has_vector_gate else []
    return [module.vector_up.weight, *gate]


@dataclass(frozen=True)
class _Chain:
    """The message function for a number of perceptrons."""

    length: int
    habits: PerceptronHabits
    is_mirror_blind: bool
    has_attention: bool

    def __call__(
        self, pairs: Sequence[Tensor], values: Sequence[Tensor], weights: Sequence[Tensor], products: Products
    ) -> tuple[Tensor, ...]:
        """Return s and the planes of v for a block of edges."""
        given, down = pairs
        edge_scalar, arrow, axes = values
        axes = axes.t().contiguous().unflatten(0, (3, 3))
        rest = iter(weights)
        of_edge, of_geometry, down_edge = next(rest), next(rest), next(rest)
        hidden, geometry = self._geometry(linear(to_planes(arrow), down_edge) + to_planes(down), axes)
        made = products(given, edge_scalar, of_edge, geometry, of_geometry)
        scalar, vector = self._activated(made, hidden, rest, products)
        for _ in range(self.length - 1):
            of_scalar, of_geometry, bias, down_state = next(rest), next(rest), next(rest), next(rest)
            hidden, geometry = self._geometry(linear(vector, down_state), axes)
            made = products(bias, scalar, of_scalar, geometry, of_geometry)
            change, turn = self._activated(made, hidden, rest, products)
            scalar, vector = scalar + change, vector + turn
        if self.has_attention:
            scalar = scalar * torch.sigmoid(linear(scalar, next(rest), next(rest)))
        return scalar, *vector.unbind(0)

    def _geometry(
        self, both: Float[Tensor, "3 edge channel"], axes: Float[Tensor, "axis 3 edge"]
    ) -> tuple[Float[Tensor, "3 edge hidden"], Float[Tensor, "edge column"]]:
        """Return the hidden vectors, and [their lengths, what the axes see of the last three vectors]."""
        hidden, looked_at = both.split([both.shape[2] - NUM_SEEN, NUM_SEEN], dim=2)
        # [vector, axis, coordinate, edge]: the edges come last, so that every step is long.
        seen = (axes[None] * looked_at.permute(2, 0, 1).contiguous()[:, None]).sum(2)
        if self.is_mirror_blind:
            seen = torch.stack([seen[:, 0], seen[:, 1].abs(), seen[:, 2]], dim=1)
        return hidden, torch.cat([softened_length(hidden), seen.flatten(0, 1).t()], dim=1)

    def _activated(
        self, made: Tensor, hidden: Tensor, rest: Iterator[Tensor], products: Products
    ) -> tuple[Tensor, Tensor]:
        """Return the scalars and vectors of one perceptron."""
        scalar_name, vector_name = self.habits.scalar_activation, self.habits.vector_activation
        scalar, vector = ACTIVATIONS[scalar_name](made), linear(hidden, next(rest))
        if self.habits.has_vector_gate:
            weight, bias = next(rest), next(rest)
            gating = scalar if scalar_name == vector_name else ACTIVATIONS[vector_name](made)
            return scalar, vector * torch.sigmoid(products(bias, gating, weight))
        if vector_name == "none":
            return scalar, vector
        return scalar, vector * ACTIVATIONS[vector_name](softened_length(vector))
