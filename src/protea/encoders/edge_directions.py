"""What equivariant encoders read of an edge: its length, and spherical harmonics of its direction."""

from functools import cache

import torch
from jaxtyping import Float
from torch import Tensor, nn

from protea.encoders.symmetric_edges import SymmetricEdges

__all__ = ["edge_harmonics", "edge_vectors"]


def edge_vectors(
    position: Float[Tensor, "row 3"], edges: SymmetricEdges
) -> tuple[Float[Tensor, " slot"], Float[Tensor, "slot 3"]]:
    """Return length (angstrom) and unit vector of centre - neighbour in every slot.

    An empty slot, and an edge between residues at one place, has length 0 and no direction, with gradient 0.
    """
    difference = edges.spread(position) - edges.gather(position)
    square = difference.square().sum(1)
    is_zero = square == 0
    length = torch.where(is_zero, 1.0, square).sqrt()
    return torch.where(is_zero, 0.0, length), difference / length[:, None]


@cache
def _harmonics(max_degree: int) -> nn.Module:
    from e3nn import o3  # seconds to import, and needed here only

    module: nn.Module = o3.SphericalHarmonics(list(range(max_degree + 1)), False, normalization="component")
    return module


def edge_harmonics(
    direction: Float[Tensor, "slot 3"], max_degree: int, edges: SymmetricEdges
) -> Float[Tensor, "slot harmonic"]:
    """Return the real spherical harmonics of degrees 0 to `max_degree` of unit vectors; 0 in empty slots.

    Their mean square is 1 per component (the "component" of e3nn); they are made in at least float32.
    """
    wide = direction.to(torch.promote_types(direction.dtype, torch.float32))
    return torch.where(edges.is_edge[:, None], _harmonics(max_degree)(wide), 0.0)
