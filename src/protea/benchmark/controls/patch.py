"""What lies around a residue: composition of the neighbourhood, and means over the exposed residues nearby.

Axes: residue, column. A neighbour's exposure falls with the number of residues above it; means over a patch weigh by
it, since the partner meets the surface.
"""

import torch
from jaxtyping import Float
from torch import Tensor

from protea.benchmark.controls.burial import half_sphere
from protea.benchmark.controls.residue_scales import RESIDUE_SCALES
from protea.benchmark.controls.surroundings import Surroundings
from protea.protein.alphabets import NUM_RESIDUE_TYPES, UNKNOWN_RESIDUE

__all__ = ["composition_columns", "exposure_weight", "patch_columns", "patch_mean"]

_HALF = 12.0
"""Number of residues above a residue, within 13 angstrom, at which its weight has fallen to 1/e."""


def exposure_weight(around: Surroundings) -> Float[Tensor, " residue"]:
    """Return a weight from 1 (nothing above within 13 angstrom) to 0 (buried)."""
    above, _ = half_sphere(around, 13.0)
    return torch.exp(-above / _HALF) * around.has_ca


def composition_columns(around: Surroundings, radius: float = 10.0) -> Float[Tensor, "residue 20"]:
    """Return how many residues of each of the 20 types lie within `radius` (CA-CA, angstrom)."""
    is_near = around.ca_distance < radius
    slot = around.target[is_near] * NUM_RESIDUE_TYPES + around.batch.residue_type[around.source[is_near]]
    count = torch.bincount(slot, minlength=around.batch.num_residues * NUM_RESIDUE_TYPES)
    return count.view(-1, NUM_RESIDUE_TYPES)[:, :UNKNOWN_RESIDUE].float()


def patch_mean(
    around: Surroundings, value: Float[Tensor, "residue column"], weight: Float[Tensor, " residue"], radius: float
) -> Float[Tensor, "residue column"]:
    """Return the weighted mean of a value over the side-chain centres within `radius` angstrom, own included."""
    is_near = around.centre_distance < radius
    source, target = around.source[is_near], around.target[is_near]
    weighted = value * weight[:, None]
    total = weighted.index_add(0, target, weighted[source])
    return total / weight.index_add(0, target, weight[source]).clamp_min(1e-6)[:, None]


def patch_columns(around: Surroundings) -> Float[Tensor, "residue column"]:
    """Return means of residue scales and of exposure over the exposed neighbours within 9 and 14 angstrom."""
    weight = exposure_weight(around)
    value = torch.cat([RESIDUE_SCALES[around.batch.residue_type], weight[:, None]], dim=1)
    near = patch_mean(around, value, weight, 9.0)
    far = patch_mean(around, value, weight, 14.0)
    everyone = patch_mean(around, value, torch.ones_like(weight), 10.0)
    return torch.cat([near, far, everyone], dim=1)
