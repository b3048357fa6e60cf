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
from protea.encoders.block_vectors import edges_last, from_rows, gated, mapped, to_rows
from protea.encoders.gcpnet_blocks import attended, geometry_rows, scalars_and_gates
from protea.encoders.gcpnet_frames import EdgeFrames
from protea.encoders.gcpnet_perceptron import NUM_SEEN, CompletePerceptron, PerceptronHabits, softened_length
from protea.encoders.precision import compute_dtype

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
    weights = [of_edge, _with_bias(of_geometry, first), down_edge, *_vector_maps(first)]
    for module in chain[1:]:
        of_scalar, of_geometry = module.scalar_map.weight.split([num_scalars, module.num_hidden + 3 * NUM_SEEN], dim=1)
        weights += [of_scalar, _with_bias(of_geometry, module), _down(module), *_vector_maps(module)]
    weights += [] if attention is None else [attention.weight, attention.bias]
    dtype = compute_dtype(first.scalar_map.weight)
    given = [
        (linear(scalar, of_here), linear(scalar, of_there)),
        (to_rows(linear(vector, down_here)), to_rows(linear(vector, down_there))),
    ]
    total = message_sum(
        _Chain(len(chain), first.habits, frames.is_mirror_blind, attention is not None),
        [(here.to(dtype), there.to(dtype)) for here, there in given],
        [edge_state[0], to_rows(edge_state[1]), frames.axes.flatten(1)],
        weights,
        frames.edges,
    ).to(scalar.dtype)
    made, moved = total.split([num_scalars, 3 * num_vectors], dim=1)
    return made, from_rows(moved)


def _with_bias(of_geometry: Tensor, module: CompletePerceptron) -> Tensor:
    """Return the map of the geometry with the bias as its last column, which meets the ones there."""
    return torch.cat([of_geometry, module.scalar_map.bias[:, None]], dim=1)


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
        """Return s and the rows of v for a block of edges."""
        given, down = pairs
        edge_scalar, arrow, axes = (edges_last(value) if i else value for i, value in enumerate(values))
        rest = iter(weights)
        scalar, vector = self._perceptron(edge_scalar, arrow, (given, edges_last(down)), axes, rest, products)
        for _ in range(self.length - 1):
            scalar, vector = self._perceptron(scalar, vector, None, axes, rest, products)
        if self.has_attention:
            scalar = attended(scalar, next(rest), next(rest))
        return scalar, vector.flatten(0, 1).t().contiguous()

    def _perceptron(
        self,
        scalar: Float[Tensor, "edge channel"],
        vector: Float[Tensor, "vector 3 edge"],
        given: tuple[Tensor, Tensor] | None,
        axes: Float[Tensor, "axis 3 edge"],
        weights: Iterator[Tensor],
        products: Products,
    ) -> tuple[Float[Tensor, "edge made"], Float[Tensor, "made_vector 3 edge"]]:
        """Return the next scalars and vectors: added to those before, but where residues gave their part."""
        maps, down, up = (next(weights), next(weights)), next(weights), next(weights)
        gate = (next(weights), next(weights)) if self.habits.has_vector_gate else None
        both = mapped(vector, down)
        if given is not None:
            both = both + given[1]
        hidden, looked_at = both.split([len(both) - NUM_SEEN, NUM_SEEN])
        geometry = geometry_rows(hidden, looked_at, axes, is_mirror_blind=self.is_mirror_blind)
        acts = ACTIVATIONS[self.habits.scalar_activation], ACTIVATIONS[self.habits.vector_activation]
        made, gates = scalars_and_gates(
            products, acts, scalar, None if given is None else given[0], geometry, maps, gate
        )
        base, turn = None if given is not None else vector, mapped(hidden, up)
        if gates is not None:
            return made, gated(base, turn, gates)
        if self.habits.vector_activation != "none":
            turn = turn * acts[1](softened_length(turn.transpose(0, 1)))[:, None]
        return made, turn if base is None else base + turn
