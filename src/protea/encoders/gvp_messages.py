"""The messages of GVP: three perceptrons on every edge, averaged at the residue that receives.

    (s1, v1) = G1([s_j, e, s_i], [v_j, a, v_i]);  (s2, v2) = G2(s1, v1);  (s3, v3) = G3(s2, v2)

What is linear leaves the edges. The maps of the first perceptron are split into parts of i, of j and of the edge, and
the edge's scalars e, linear in a few columns x, are never made. Each gate is a map of scalars before their relu, so it
is one product with them. s3 is linear in s2 and |h3|: their means are mapped, per residue, after the sum.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import torch
from jaxtyping import Float
from torch import Tensor, nn
from torch.nn.functional import linear

from protea.encoders.block_messages import Products, message_sum
from protea.encoders.centred_edges import CentredEdges
from protea.encoders.gvp_perceptron import VectorPerceptron
from protea.encoders.precision import compute_dtype
from protea.encoders.scalar_vector import channel_length, to_columns, to_planes

__all__ = ["EdgeInputs", "mean_messages"]


@dataclass(frozen=True, eq=False)
class EdgeInputs:
    """What every layer reads of the edges: scalars W x + b, given by x, W and b, and vectors."""

    columns: Float[Tensor, "edge column"]
    weight: Float[Tensor, "edge_scalar column"]
    bias: Float[Tensor, " edge_scalar"]
    vector: Float[Tensor, "3 edge edge_vector"]


def mean_messages(
    scalar: Float[Tensor, "residue scalar"],
    vector: Float[Tensor, "3 residue vector"],
    inputs: EdgeInputs,
    perceptrons: nn.Sequential,
    edges: CentredEdges,
) -> tuple[Float[Tensor, "residue scalar"], Float[Tensor, "3 residue vector"]]:
    """Return the mean message to every residue; 0 to one without neighbours."""
    first, second, third = perceptrons
    assert isinstance(first, VectorPerceptron)
    assert isinstance(second, VectorPerceptron)
    assert isinstance(third, VectorPerceptron)
    num_scalars, num_vectors = scalar.shape[1], vector.shape[2]
    weight, bias = _with_gate(first)
    of_source, of_edge, of_centre, of_length = weight.split(
        [num_scalars, len(inputs.bias), num_scalars, first.num_hidden], dim=1
    )
    down_source, down_edge, down_centre = first.wh.weight.split(
        [num_vectors, inputs.vector.shape[2], num_vectors], dim=1
    )
    dtype = compute_dtype(first.ws.weight)
    given = [(linear(scalar, of_centre, bias + of_edge @ inputs.bias), linear(scalar, of_source))]
    given += [(to_columns(linear(vector, down_centre)), to_columns(linear(vector, down_source)))]
    weight2, bias2 = _with_gate(second)
    weight3, bias3 = _gate_alone(third)
    total = message_sum(
        _message,
        [(centre.to(dtype), source.to(dtype)) for centre, source in given],
        [inputs.columns, to_columns(inputs.vector)],
        [
            of_edge @ inputs.weight, of_length, down_edge, first.wv.weight,
            second.wh.weight, *weight2.split([num_scalars, num_vectors], dim=1), bias2, second.wv.weight,
            third.wh.weight, *weight3.split([num_scalars, num_vectors], dim=1), bias3, third.wv.weight,
        ],
        edges,
    ).to(scalar.dtype)  # fmt: skip
    degree = edges.edge_ptr.diff()[:, None].to(scalar.dtype)
    mean = total / degree.clamp(min=1)
    mapped, moved = mean.split([num_scalars + num_vectors, 3 * num_vectors], dim=1)
    made = linear(mapped, third.ws.weight) + third.ws.bias * (degree > 0)
    return made, to_planes(moved)


def _with_gate(perceptron: VectorPerceptron) -> tuple[Tensor, Tensor]:
    """Return the map to [scalars, gates before the sigmoid], and its bias."""
    gate_weight, gate_bias = _gate_alone(perceptron)
    return torch.cat([perceptron.ws.weight, gate_weight]), torch.cat([perceptron.ws.bias, gate_bias])


def _gate_alone(perceptron: VectorPerceptron) -> tuple[Tensor, Tensor]:
    gate = perceptron.wsv.weight
    return gate @ perceptron.ws.weight, gate @ perceptron.ws.bias + perceptron.wsv.bias


def _message(
    pairs: Sequence[Tensor], values: Sequence[Tensor], weights: Sequence[Tensor], products: Products
) -> tuple[Tensor, ...]:
    """Return s2, |h3| and the planes of v3 for a block of edges."""
    given, down = pairs
    columns, arrow = values
    of_edge, of_length, down_edge, up, down2, of_scalar2, of_length2, bias2, up2 = weights[:9]
    down3, of_scalar3, of_length3, bias3, up3 = weights[9:]
    hidden = linear(to_planes(arrow), down_edge) + to_planes(down)
    made = products(given, columns, of_edge, channel_length(hidden), of_length)
    scalar, vector = _activated(made, linear(hidden, up))
    hidden = linear(vector, down2)
    made = products(bias2, scalar, of_scalar2, channel_length(hidden), of_length2)
    scalar, vector = _activated(made, linear(hidden, up2))
    hidden = linear(vector, down3)
    length = channel_length(hidden)
    gate = torch.sigmoid(products(bias3, scalar, of_scalar3, length, of_length3))
    return scalar, length, *(linear(hidden, up3) * gate).unbind(0)


def _activated(made: Tensor, vector: Tensor) -> tuple[Tensor, Tensor]:
    """Return relu(scalars) and gated vectors from [scalars, gates] and vectors."""
    num_vectors = vector.shape[2]
    scalar, gate = made.split([made.shape[1] - num_vectors, num_vectors], dim=1)
    # A copy of the narrow slice costs far less than a sigmoid of short strided rows.
    return torch.relu(scalar), vector * torch.sigmoid(gate.contiguous())
