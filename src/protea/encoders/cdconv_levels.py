"""The levels of CDConv: points in space along the sequence, who hears whom at what relation, and how points pair up.

Axes: point (residues at first, then pairs of points), slot of a neighbour; slot 0 is the point itself.
"""

from dataclasses import dataclass

import torch
from jaxtyping import Bool, Float, Int
from torch import Tensor

from protea.encoders.cdconv_frames import unit
from protea.encoders.row_sums import Incidence
from protea.geometry.neighbours import NeighbourTable, radius_edges
from protea.geometry.segments import ptr_from_lengths

__all__ = ["Level", "Relations", "halve", "mean_of_pairs", "relations"]


@dataclass(frozen=True, eq=False)
class Level:
    """Points along the sequence.

    Attributes:
        position: angstrom; 0 where nothing of the point is resolved.
        is_resolved: whether any of it is.
        frame: rows of length 1, or 0.
        number: place in the sequence; chains are far apart.
        point_ptr: points of every protein.
    """

    position: Float[Tensor, "point 3"]
    is_resolved: Bool[Tensor, " point"]
    frame: Float[Tensor, "point 3 3"]
    number: Int[Tensor, " point"]
    point_ptr: Int[Tensor, " protein_plus_1"]


@dataclass(frozen=True, eq=False)
class Relations:
    """What points hear of each other.

    Attributes:
        incidence: every point hears the points of its slots.
        geometry: direction in the own frame, cosines between the frames' rows, distance in angstrom.
        offset: which of the sequence offsets -s .. s a slot has, as one of 0 and 1.
        weight: how much a slot counts, 0 where it is empty.
    """

    incidence: Incidence
    geometry: Float[Tensor, "point slot 7"]
    offset: Float[Tensor, "point slot offset"]
    weight: Float[Tensor, "point slot"]

    @property
    def heard(self) -> Int[Tensor, "point slot"]:
        """The point of every slot; the point itself where a slot is empty."""
        return self.incidence.row.view(self.weight.shape)


def relations(level: Level, radius: float, kernel_size: int) -> Relations:
    """Return the relations of every point to itself and to all within the radius (angstrom)."""
    position, num_points = level.position, len(level.number)
    edges = radius_edges(position.detach(), level.point_ptr, radius, is_valid=level.is_resolved)
    table = NeighbourTable.from_edge_index(edges.edge_index(), edges.distance, num_points)
    own = torch.arange(num_points, device=position.device)[:, None]
    heard = torch.cat([own, table.neighbour], dim=1)
    is_heard = torch.cat([torch.ones_like(own, dtype=torch.bool), table.is_edge], dim=1)
    difference = position[heard] - position[:, None]
    square = difference.square().sum(-1)
    # Of a point to itself there is no direction, and no gradient: 1 / 1e-9 of it would not quite cancel.
    is_apart = is_heard & (square > 0)
    length = torch.where(is_apart, square, 1.0).sqrt()
    distance = torch.where(is_apart, length, 0.0)
    direction = torch.where(is_apart[:, :, None], difference / (length + 1e-9)[:, :, None], 0.0)
    direction = direction @ level.frame.transpose(1, 2)
    cosines = (level.frame[:, None] * level.frame[heard]).sum(-1)
    half = kernel_size // 2
    step = (level.number[heard] - level.number[:, None]).clamp(-half, half)
    # Far along the sequence and far in space at once fades out (Hermosilla et al. 2021).
    fade = 0.5 - 0.5 * torch.tanh(distance / radius * (step.abs() / half) * 16.0 - 14.0)
    row = heard.flatten()
    ptr = torch.arange(0, len(row) + 1, heard.shape[1], device=row.device)
    return Relations(
        Incidence(row, ptr, num_points),
        torch.cat([direction, cosines, distance[:, :, None]], dim=2),
        torch.nn.functional.one_hot(step + half, kernel_size).to(position.dtype),
        torch.where(is_heard, fade, 0.0),
    )


def halve(level: Level) -> tuple[Level, Int[Tensor, " point"]]:
    """Return the level of pairs 2 m, 2 m + 1 along every chain, and the pair of every point.

    A pair lies at the mean of its resolved points, with the mean of their frames made of length 1 again.
    """
    number = level.number // 2
    is_first = torch.ones_like(number, dtype=torch.bool)
    is_first[1:] = number[1:] != number[:-1]
    pair_of = is_first.cumsum(0) - 1
    pair_ptr = ptr_from_lengths(is_first.to(torch.int64))[level.point_ptr]
    is_resolved = level.is_resolved.to(level.position.dtype)[:, None]
    share = mean_of_pairs(is_resolved, pair_of)
    position = mean_of_pairs(level.position * is_resolved, pair_of) / torch.where(share > 0, share, 1.0)
    frame = unit(mean_of_pairs(level.frame.flatten(1), pair_of).view(-1, 3, 3))
    return Level(position, share.squeeze(1) > 0, frame, number[is_first], pair_ptr), pair_of


def mean_of_pairs(
    value: Float[Tensor, "point channel"], pair_of: Int[Tensor, " point"]
) -> Float[Tensor, "pair channel"]:
    """Return the mean over the one or two points of every pair."""
    is_first = torch.ones_like(pair_of, dtype=torch.bool)
    is_first[1:] = pair_of[1:] != pair_of[:-1]
    first = is_first.nonzero().squeeze(1)
    last = is_first.roll(-1).nonzero().squeeze(1)
    return 0.5 * (value.index_select(0, first) + value.index_select(0, last))
