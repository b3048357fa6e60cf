"""Lengths and directions of vectors with gradients that stay finite at zero."""

from jaxtyping import Float
from torch import Tensor

__all__ = ["unit_vector", "vector_length"]


def vector_length(vector: Float[Tensor, "*batch dim"]) -> Float[Tensor, "*batch"]:
    """Return the Euclidean length over the last axis; the gradient of a zero length is 0."""
    squared = vector.square().sum(-1)
    is_zero = squared == 0
    # The root of 0 has an infinite slope: zero entries leave the graph before it.
    return squared.masked_fill(is_zero, 1.0).sqrt().masked_fill(is_zero, 0.0)


def unit_vector(vector: Float[Tensor, "*batch dim"]) -> Float[Tensor, "*batch dim"]:
    """Return the direction over the last axis; a zero vector gives 0 with gradient 0."""
    squared = vector.square().sum(-1, keepdim=True)
    is_zero = squared == 0
    return (vector * squared.masked_fill(is_zero, 1.0).rsqrt()).masked_fill(is_zero, 0.0)
