"""How buried a residue is, from CA and the direction of its side chain: counts, half-spheres, cones, ranks.

Half-sphere exposure after Hamelryck (2005): neighbours above (on the side-chain side) and below the residue. Nothing
here tells the residue type. Axes: residue, column. Counts are of residues, distances in angstrom.
"""

import torch
from jaxtyping import Float
from torch import Tensor

from protea.benchmark.controls.surroundings import Surroundings
from protea.geometry.segments import segment_mean

__all__ = ["RADII", "burial_columns", "half_sphere", "rank_in_protein", "shape_columns"]

RADII = (6.0, 8.0, 10.0, 12.0, 14.0, 17.0, 20.0)
_SPHERES = (8.0, 10.0, 13.0, 16.0, 20.0)
_CONE = 0.5
"""Cosine of the half-angle of a cone around the side chain (60 degrees)."""


def half_sphere(around: Surroundings, radius: float) -> tuple[Float[Tensor, " residue"], Float[Tensor, " residue"]]:
    """Return the number of CA within `radius` above and below each residue."""
    is_near = around.ca_distance < radius
    is_above = around.cosine > 0
    return around.count(is_near & is_above), around.count(is_near & ~is_above)


def burial_columns(around: Surroundings) -> Float[Tensor, "residue column"]:
    """Return counts by CA and by side-chain centre at seven radii, half-spheres and cones, and smooth counts."""
    columns = [around.count(around.ca_distance < radius) for radius in RADII]
    columns += [around.count(around.centre_distance < radius) for radius in RADII]
    for radius in _SPHERES:
        columns += list(half_sphere(around, radius))
        columns.append(around.count((around.ca_distance < radius) & (around.cosine > _CONE)))
    for width in (5.0, 9.0):
        columns.append(around.sum(torch.exp(-((around.centre_distance / width) ** 2))))
    columns.append(around.sum(around.cosine / around.ca_distance.clamp_min(3.0)))
    return torch.stack(columns, dim=1)


def shape_columns(around: Surroundings) -> Float[Tensor, "residue column"]:
    """Return how the protein lies around each residue: pull of the neighbours, protrusion, place in the whole.

    Pull is the length of the mean neighbour offset (0 in the middle, large on a tip) and its part along the side chain.
    """
    columns = []
    for radius in (10.0, 14.0, 20.0):
        offset = around.mean_offset(around.ca_distance < radius)
        columns += [offset.norm(dim=1), (offset * around.direction).sum(1)]
    batch = around.batch
    ptr, protein_of = batch.residue_ptr, batch.protein_of()
    weight = around.has_ca.float()
    centroid = segment_mean(around.ca * weight[:, None], ptr) / segment_mean(weight, ptr).clamp_min(1e-6)[:, None]
    from_centre = (around.ca - centroid[protein_of]) * weight[:, None]
    distance = from_centre.norm(dim=1)
    size = segment_mean(distance, ptr)[protein_of].clamp_min(1e-6)
    outward = (from_centre * around.direction).sum(1) / distance.clamp_min(1e-3)
    return torch.stack([*columns, distance, distance / size, outward], dim=1)


def rank_in_protein(value: Float[Tensor, "residue column"], around: Surroundings) -> Float[Tensor, "residue column"]:
    """Return the rank of each value among the residues of its protein, from 0 to 1; ties by place in the chain."""
    ptr = around.batch.residue_ptr
    rank = torch.zeros_like(value)
    for start, stop in zip(ptr[:-1].tolist(), ptr[1:].tolist(), strict=True):
        order = value[start:stop].argsort(dim=0, stable=True).argsort(dim=0)
        rank[start:stop] = order / max(stop - start - 1, 1)
    return rank
