"""Numbers along chains and the frame of every residue, as CDConv reads them (Fan et al. 2023, section 3.2).

The frame of residue i has the rows b, n, b x n, all of length 1, with u and v the steps to i and from i,
b along u - v and n along u x v. Residues at the end of a chain, or beside a hidden one, take the frame of their
neighbour in the same chain; where there is none the frame is 0.
"""

import torch
from jaxtyping import Bool, Float, Int
from torch import Tensor

__all__ = ["chain_numbers", "residue_frames", "unit"]

_LEAST_SQUARE = 1e-24


def chain_numbers(
    residue_ptr: Int[Tensor, " protein_plus_1"], chain_of: Int[Tensor, " residue"], multiple: int, gap: int
) -> Int[Tensor, " residue"]:
    """Return numbers that rise by 1 along a chain; each chain begins at a multiple, at least `gap` after the last.

    The difference of two residues of one protein does not depend on what is packed before it.
    """
    num_residues = len(chain_of)
    index = torch.arange(num_residues, device=chain_of.device)
    is_first = torch.ones(num_residues, dtype=torch.bool, device=chain_of.device)
    is_first[1:] = chain_of[1:] != chain_of[:-1]
    is_first[residue_ptr[:-1][residue_ptr[:-1] < num_residues]] = True
    first = is_first.nonzero().squeeze(1)
    length = torch.cat([first[1:], first.new_full((1,), num_residues)])[: len(first)] - first
    room = (length + gap + multiple - 1) // multiple * multiple
    chain = is_first.cumsum(0) - 1
    return index - first[chain] + (room.cumsum(0) - room)[chain]


def residue_frames(
    position: Float[Tensor, "residue 3"], is_resolved: Bool[Tensor, " residue"], number: Int[Tensor, " residue"]
) -> Float[Tensor, "residue 3 3"]:
    """Return the frame of every residue; hidden positions must be finite."""
    num_residues = len(position)
    if num_residues == 0:
        return position.new_zeros(0, 3, 3)
    is_step = (number.diff() == 1) & is_resolved[1:] & is_resolved[:-1]
    off = is_step.new_zeros(1)
    is_reached, is_left = torch.cat([off, is_step]), torch.cat([is_step, off])
    step = unit(position.diff(dim=0))
    border = position.new_zeros(1, 3)
    to, on = torch.cat([border, step]), torch.cat([step, border])
    is_own = is_reached & is_left
    bisector, normal = unit(to - on), unit(torch.linalg.cross(to, on))
    own = torch.stack([bisector, normal, unit(torch.linalg.cross(bisector, normal))], dim=1)
    own = torch.where(is_own[:, None, None], own, 0.0)
    before, after = own.roll(1, 0), own.roll(-1, 0)
    has_before, has_after = is_own.roll(1, 0) & is_reached, is_own.roll(-1, 0) & is_left
    lent = torch.where(has_after[:, None, None], after, torch.where(has_before[:, None, None], before, 0.0))
    return torch.where(is_own[:, None, None], own, lent)


def unit(vector: Float[Tensor, "*any 3"]) -> Float[Tensor, "*any 3"]:
    """Return vectors of length 1; 0, with gradient 0, where the length is 0."""
    square = vector.square().sum(-1, keepdim=True)
    is_long = square > _LEAST_SQUARE
    return torch.where(is_long, vector * torch.where(is_long, square, 1.0).rsqrt(), 0.0)
