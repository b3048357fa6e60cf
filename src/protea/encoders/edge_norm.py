"""Batch normalisation over real edges, as an affine map per channel: y = z * scale + shift.

In training, scale and shift follow from the mean and variance of the edges at hand; in evaluation they are constants
that fold into what comes before. The parameters live in `torch.nn.BatchNorm1d`, whose state has the published names.
The statistics of a sum over edges `P[i] + Q[j] + d w` are found from per-residue sums, without making the edges.
"""

from dataclasses import dataclass

import torch
from jaxtyping import Float
from torch import Tensor, nn

from protea.encoders.centred_edges import CentredEdges
from protea.encoders.row_sums import row_sums

__all__ = ["BlockMoments", "EdgeAffine", "PairTerms", "edge_affine"]


@dataclass(frozen=True, eq=False)
class EdgeAffine:
    """y = z * scale + shift, and what its backward pass needs.

    `mean` and `rstd` (1 / standard deviation) are those that made scale and shift; `count` is the number of edges they
    were taken over, or 0 where they are constants (evaluation).
    """

    scale: Float[Tensor, " channel"]
    shift: Float[Tensor, " channel"]
    mean: Float[Tensor, " channel"]
    rstd: Float[Tensor, " channel"]
    gain: float
    count: int

    def backward(
        self, grad_sum: Float[Tensor, " channel"], grad_z_sum: Float[Tensor, " channel"]
    ) -> tuple[Tensor, Tensor, Tensor, Tensor]:
        """Return (slope, offset, grad of weight, grad of bias) from the sums of g and of g * z over the edges.

        The gradient of the input is z-linear: scale * g + slope * z + offset.
        """
        normal_sum = self.rstd * (grad_z_sum - self.mean * grad_sum)
        if self.count == 0:
            zero = torch.zeros_like(self.mean)
            return zero, zero, self.gain * normal_sum, self.gain * grad_sum
        slope = -self.scale * self.rstd * normal_sum / self.count
        offset = -self.scale * grad_sum / self.count - slope * self.mean
        return slope, offset, self.gain * normal_sum, self.gain * grad_sum


def edge_affine(
    norm: nn.BatchNorm1d,
    mean: Float[Tensor, " channel"],
    variance: Float[Tensor, " channel"],
    count: int,
    gain: float = 1.0,
    bias: Float[Tensor, " channel"] | None = None,
) -> EdgeAffine:
    """Return the map of one normalisation times `gain`; in training the running statistics follow.

    `mean` and `variance` (biased) are read in training only, when there is at least one edge. With `bias` the map is
    norm(z + bias): the bias of the map before is never added to an edge.
    """
    wide = mean.dtype
    assert norm.running_mean is not None
    assert norm.running_var is not None
    added = torch.zeros_like(mean) if bias is None else bias.to(wide)
    if norm.training and count > 0:
        _follow(norm, mean + added, variance, count)
    else:
        mean, variance, count = norm.running_mean.to(wide) - added, norm.running_var.to(wide), 0
    rstd = torch.rsqrt(variance + norm.eps)
    scale = gain * norm.weight.to(wide) * rstd
    shift = gain * norm.bias.to(wide) - mean * scale
    return EdgeAffine(scale, shift, mean, rstd, gain, count)


def _follow(norm: nn.BatchNorm1d, mean: Tensor, variance: Tensor, count: int) -> None:
    """Move the running statistics as `BatchNorm1d` does (the variance without bias)."""
    assert norm.running_mean is not None
    assert norm.running_var is not None
    assert norm.num_batches_tracked is not None
    assert norm.momentum is not None
    norm.num_batches_tracked += 1
    unbiased = variance * (count / max(count - 1, 1))
    norm.running_mean.lerp_(mean.to(norm.running_mean.dtype), norm.momentum)
    norm.running_var.lerp_(unbiased.to(norm.running_var.dtype), norm.momentum)


class BlockMoments:
    """Mean and biased variance of rows that come block by block (merged as Chan et al. 1983, without cancellation)."""

    def __init__(self, channels: int, like: Tensor) -> None:
        self.dtype = torch.promote_types(like.dtype, torch.float32)
        self.count = 0
        self.mean = like.new_zeros(channels, dtype=self.dtype)
        self._square = like.new_zeros(channels, dtype=self.dtype)

    def add(self, block: Float[Tensor, "row channel"]) -> None:
        """Take in the rows of one block."""
        size = len(block)
        if size == 0:
            return
        mean, variance = (value.to(self.dtype) for value in torch.batch_norm_update_stats(block, None, None, 0.0))
        difference = mean - self.mean
        total = self.count + size
        self._square += variance * size + difference.square() * (self.count * size / total)
        self.mean += difference * (size / total)
        self.count = total

    @property
    def variance(self) -> Tensor:
        """The biased variance so far."""
        return self._square / max(self.count, 1)


class PairTerms:
    """Sums over all edges of z = P[i] + Q[j] + d w, from sums per residue.

    `centre` holds P, `source` Q [residue, channel], `weight` w, all in at least float32.
    """

    def __init__(self, centre: Tensor, source: Tensor, weight: Tensor, distance: Tensor, edges: CentredEdges) -> None:
        wide = torch.promote_types(centre.dtype, torch.float32)
        self.centre, self.source, self.weight = centre.to(wide), source.to(wide), weight.to(wide)
        self.distance, self.edges, self.count = distance.to(wide), edges, len(distance)
        column = self.distance[:, None]
        ptr = edges.incidence.transposed.ptr
        self.received = edges.edge_ptr.diff().to(wide)[:, None]
        self.sent = ptr.diff().to(wide)[:, None]
        index = torch.arange(self.count, device=column.device)
        self.distance_received = row_sums(column, index, edges.edge_ptr)
        self.distance_sent = row_sums(column, edges.incidence.order, ptr)
        self.neighbours = row_sums(self.source, edges.source, edges.edge_ptr)

    def total_by_centre(self) -> Tensor:
        """Return the sum of z over the edges that each residue receives."""
        return self.received * self.centre + self.neighbours + self.distance_received * self.weight

    def total_by_source(self) -> Tensor:
        """Return the sum of z over the edges that leave each residue."""
        transposed = self.edges.incidence.transposed
        centres = row_sums(self.centre, transposed.row, transposed.ptr)
        return centres + self.sent * self.source + self.distance_sent * self.weight

    def distance_total(self) -> Tensor:
        """Return the sum of d z."""
        return (
            (self.distance_received * self.centre).sum(0)
            + (self.distance_sent * self.source).sum(0)
            + self.distance.square().sum() * self.weight
        )

    def moments(self) -> tuple[Tensor, Tensor]:
        """Return mean and biased variance of z over all edges.

        P, Q and d are centred first, so that nothing large cancels.
        """
        count = max(self.count, 1)
        mean_p = (self.received * self.centre).sum(0) / count
        mean_q = (self.sent * self.source).sum(0) / count
        mean_d = self.distance.sum() / count
        p, q = self.centre - mean_p, self.source - mean_q
        neighbours = self.neighbours - self.received * mean_q
        d_received = self.distance_received - self.received * mean_d
        d_sent = self.distance_sent - self.sent * mean_d
        square = (self.received * p.square()).sum(0) + (self.sent * q.square()).sum(0)
        square = square + (self.distance - mean_d).square().sum() * self.weight.square()
        cross = (p * neighbours).sum(0) + self.weight * ((d_received * p).sum(0) + (d_sent * q).sum(0))
        variance = ((square + 2.0 * cross) / count).clamp(min=0.0)
        return mean_p + mean_q + mean_d * self.weight, variance
