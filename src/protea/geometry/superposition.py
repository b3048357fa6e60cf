"""Superposition of matched points: the best rigid motion (Kabsch) and the RMSD.

Points are matched one to one: item i of `mobile` belongs to item i of `target`. Proteins are packed, one motion each;
`weight` (0 = leave out) is per item. The rotation is always proper, also where a mirror image would fit better.
Source: Kabsch, Acta Cryst. A34, 827 (1978), by singular value decomposition.
"""

import torch
from jaxtyping import Float, Int
from torch import Tensor

from protea.geometry.frames import Frames
from protea.geometry.segments import segment_of, segment_sum

__all__ = ["proper_rotation", "rmsd", "rmsd_as_placed", "superpose", "superpose_batch"]


def superpose(
    mobile: Float[Tensor, "item 3"],
    target: Float[Tensor, "item 3"],
    ptr: Int[Tensor, " protein_plus_1"],
    weight: Float[Tensor, " item"] | None = None,
) -> Frames:
    """Return one motion per protein that brings `mobile` closest to `target` (least weighted squares).

    It carries no gradient: the optimum may not be unique (points on a line, fewer than three), where the derivative
    of the rotation is infinite. A protein whose weights are all 0 gets a rotation of identity and no translation.
    """
    mobile, target = mobile.detach(), target.detach()
    if weight is None:
        weight = mobile.new_ones(mobile.shape[0])
    owner = segment_of(ptr, mobile.shape[0])
    total = segment_sum(weight, ptr)[:, None]
    total = torch.where(total > 0, total, 1.0)
    centre_mobile = segment_sum(weight[:, None] * mobile, ptr) / total
    centre_target = segment_sum(weight[:, None] * target, ptr) / total
    left = weight[:, None] * (mobile - centre_mobile[owner])
    covariance = segment_sum(left[:, :, None] * (target - centre_target[owner])[:, None, :], ptr)
    return _motion(proper_rotation(covariance), centre_mobile, centre_target)


def superpose_batch(
    mobile: Float[Tensor, "*batch item 3"],
    target: Float[Tensor, "*batch item 3"],
    weight: Float[Tensor, "*batch item"],
) -> Frames:
    """Return one motion per batch entry for equally long point sets; otherwise as `superpose`."""
    mobile, target = mobile.detach(), target.detach()
    total = weight.sum(-1)[..., None]
    share = (weight / torch.where(total > 0, total, 1.0))[..., None]
    centre_mobile, centre_target = (share * mobile).sum(-2), (share * target).sum(-2)
    left = share * (mobile - centre_mobile[..., None, :])
    covariance = left.transpose(-1, -2) @ (target - centre_target[..., None, :])
    return _motion(proper_rotation(covariance), centre_mobile, centre_target)


def proper_rotation(covariance: Float[Tensor, "*batch 3 3"]) -> Float[Tensor, "*batch 3 3"]:
    """Return the rotation R that maximises trace(R C), for C = sum of mobile target^T; the identity for C = 0."""
    u, _, vh = torch.linalg.svd(covariance)
    handedness = torch.sign(torch.linalg.det(u) * torch.linalg.det(vh))
    scale = torch.ones_like(covariance[..., 0])
    scale[..., 2] = handedness
    return (vh.transpose(-1, -2) * scale[..., None, :]) @ u.transpose(-1, -2)


def rmsd(
    mobile: Float[Tensor, "item 3"],
    target: Float[Tensor, "item 3"],
    ptr: Int[Tensor, " protein_plus_1"],
    weight: Float[Tensor, " item"] | None = None,
) -> Float[Tensor, " protein"]:
    """Return the root mean square deviation after superposition, angstrom; 0 for a protein without weight.

    Differentiable in both structures: at the optimum the motion does not contribute to the gradient, so the gradient
    at a fixed motion is the exact one. It is 0 where the deviation is 0.
    """
    motion = superpose(mobile, target, ptr, weight).select(segment_of(ptr, mobile.shape[0]))
    return rmsd_as_placed(motion.apply(mobile), target, ptr, weight)


def rmsd_as_placed(
    mobile: Float[Tensor, "item 3"],
    target: Float[Tensor, "item 3"],
    ptr: Int[Tensor, " protein_plus_1"],
    weight: Float[Tensor, " item"] | None = None,
) -> Float[Tensor, " protein"]:
    """Return the root mean square deviation without superposition, angstrom."""
    if weight is None:
        weight = mobile.new_ones(mobile.shape[0])
    total = segment_sum(weight, ptr)
    squared = segment_sum(weight * (mobile - target).square().sum(-1), ptr) / torch.where(total > 0, total, 1.0)
    is_zero = squared == 0
    return squared.masked_fill(is_zero, 1.0).sqrt().masked_fill(is_zero, 0.0)


def _motion(
    rotation: Float[Tensor, "*batch 3 3"],
    centre_mobile: Float[Tensor, "*batch 3"],
    centre_target: Float[Tensor, "*batch 3"],
) -> Frames:
    return Frames(rotation, centre_target - (rotation @ centre_mobile[..., None]).squeeze(-1))
