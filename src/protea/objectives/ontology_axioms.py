"""The geometric loss of EL axioms: classes are balls, relations are shifts (Kulmanov et al., as DeepGO-SE uses it).

With centres c, radii r >= 0, the shift R of a relation and a margin m, averaged over the axioms of a form:

    nf1  C [= D           relu(|c - d| + rc - rd - m)
    nf2  C and D [= E     relu(|c - d| - rc - rd - m) + relu(|e - c| - rc - m) + relu(|e - d| - rd - m)
    nf3  R some C [= D    relu(|c + R - d| + rc - rd - m)
    nf4  C [= R some D    relu(|c - (d + R)| - rc - rd - m)

The published program reads rc of nf4 at the index of the relation, not of C: `published_radius` repeats that, for
parity with its outputs. Axes: axiom, channel.
"""

from typing import NamedTuple

import torch
from jaxtyping import Float
from torch import Tensor
from torch.nn import functional as F

__all__ = ["Balls", "inclusion", "nf1_gap", "nf2_gap", "nf3_gap", "nf4_gap"]


class Balls(NamedTuple):
    """The balls of one column of axioms."""

    centre: Float[Tensor, "axiom channel"]
    radius: Float[Tensor, "axiom 1"]


def _distance(one: Tensor, other: Tensor) -> Float[Tensor, "axiom 1"]:
    return torch.linalg.vector_norm(one - other, dim=1, keepdim=True)


def inclusion(sub: Balls, whole: Balls) -> Float[Tensor, "axiom 1"]:
    """Return by how much the first ball sticks out of the second; negative where it lies within."""
    return _distance(sub.centre, whole.centre) + sub.radius - whole.radius


def nf1_gap(sub: Balls, whole: Balls, margin: float) -> Float[Tensor, "axiom 1"]:
    """Return by how much the first ball sticks out of the second beyond the margin."""
    return F.relu(inclusion(sub, whole) - margin)


def nf2_gap(one: Balls, other: Balls, whole: Balls, margin: float) -> Float[Tensor, "axiom 1"]:
    """Return by how much two balls miss each other, and the centre of the third misses each of them."""
    apart = F.relu(_distance(one.centre, other.centre) - one.radius - other.radius - margin)
    from_one = F.relu(_distance(whole.centre, one.centre) - one.radius - margin)
    from_other = F.relu(_distance(whole.centre, other.centre) - other.radius - margin)
    return apart + from_one + from_other


def nf3_gap(
    shift: Float[Tensor, "axiom channel"], part: Balls, whole: Balls, margin: float
) -> Float[Tensor, "axiom 1"]:
    """Return by how much the shifted ball sticks out of the other."""
    return nf1_gap(Balls(part.centre + shift, part.radius), whole, margin)


def nf4_gap(sub: Balls, shift: Float[Tensor, "axiom channel"], part: Balls, margin: float) -> Float[Tensor, "axiom 1"]:
    """Return by how much the first ball misses the shifted second one."""
    return F.relu(_distance(sub.centre, part.centre + shift) - sub.radius - part.radius - margin)
