"""How the states of edges travel over triplets, forward and backward, in blocks that stay in the cache.

    s_tb = sum over l, n of V_b,ln R_ln(kj) Y_l(t)                 (`triplet_weights`)
    out_ji,c = sum over b of W_cb sum over t = kj -> ji of s_tb x_kj,c      (`triplet_sum`)

The sum over triplets comes first and the map W after it: nothing as large as triplets times channels is ever made.
"""

from collections.abc import Iterator
from typing import Any

import torch
from jaxtyping import Float
from torch import Tensor
from torch.autograd.function import once_differentiable

from protea.encoders.dimenet_triplets import Triplets
from protea.encoders.row_sums import row_sums

__all__ = ["triplet_sum", "triplet_weights"]

_BLOCK_VALUES = {"cpu": 1 << 18, "cuda": 1 << 27}


def triplet_weights(
    radial: Float[Tensor, "edge spherical radial"],
    angular: Float[Tensor, "edge slot spherical"],
    weight: Float[Tensor, "basis spherical_radial"],
    paths: Triplets,
) -> Float[Tensor, "edge slot basis"]:
    """Return s of every slot (differentiable once); `angular` must be 0 where there is no triplet."""
    with torch.autocast(weight.device.type, enabled=False):
        weights: Tensor = _TripletWeights.apply(radial, angular, weight, paths)
    return weights


def triplet_sum(
    state: Float[Tensor, "edge channel"],
    weights: Float[Tensor, "edge slot basis"],
    mixing: Float[Tensor, "channel basis"],
    paths: Triplets,
) -> Float[Tensor, "edge channel"]:
    """Return the messages to every edge (differentiable once)."""
    with torch.autocast(state.device.type, enabled=False):
        total: Tensor = _TripletSum.apply(state, weights.to(state.dtype), mixing.to(state.dtype), paths)
    return total


class _TripletWeights(torch.autograd.Function):
    @staticmethod
    def forward(ctx: Any, radial: Tensor, angular: Tensor, weight: Tensor, paths: Triplets) -> Tensor:
        ctx.paths = paths
        ctx.save_for_backward(radial, angular, weight)
        num_edges, num_slots, _ = angular.shape
        result = weight.new_empty(num_edges, num_slots, len(weight))
        for rows in _edge_blocks(angular, weight.shape[1]):
            basis, _ = _basis(radial, angular, paths, rows)
            result[rows] = (basis @ weight.t()).view(-1, num_slots, len(weight))
        return result

    @staticmethod
    @once_differentiable
    def backward(ctx: Any, grad: Tensor) -> tuple[Tensor | None, ...]:
        radial, angular, weight = ctx.saved_tensors
        paths: Triplets = ctx.paths
        needs_radial, needs_angular, *_ = ctx.needs_input_grad
        grad_weight = torch.zeros_like(weight)
        grad_radial = _with_empty_row(torch.zeros_like(radial)) if needs_radial else None
        grad_angular = torch.empty_like(angular) if needs_angular else None
        for rows in _edge_blocks(angular, weight.shape[1]):
            basis, heard = _basis(radial, angular, paths, rows)
            block = grad[rows].reshape(len(basis), -1)
            grad_weight += block.t() @ basis
            if grad_radial is None and grad_angular is None:
                continue
            grad_basis = (block @ weight).view(heard.shape)
            if grad_angular is not None:
                grad_angular[rows] = (grad_basis * heard).sum(-1).view(angular[rows].shape)
            if grad_radial is not None:
                message = grad_basis * angular[rows].reshape(*heard.shape[:2], 1)
                grad_radial.index_add_(0, paths.partner[rows].flatten(), message)
        return None if grad_radial is None else grad_radial[:-1], grad_angular, grad_weight, None


class _TripletSum(torch.autograd.Function):
    @staticmethod
    def forward(ctx: Any, state: Tensor, weights: Tensor, mixing: Tensor, paths: Triplets) -> Tensor:
        ctx.paths = paths
        ctx.save_for_backward(state, weights, mixing)
        slots, total, turned = _slots(state, paths), torch.empty_like(state), mixing.t().contiguous()
        for sources, rows in _source_blocks(paths, slots):
            order = paths.edges.incidence.order[rows]
            heard = _heard(slots, paths, sources, rows)
            summed = torch.bmm(weights[order].transpose(1, 2), heard)
            total[order] = (summed * turned).sum(1)
        return total

    @staticmethod
    @once_differentiable
    def backward(ctx: Any, grad: Tensor) -> tuple[Tensor | None, ...]:
        state, weights, mixing = ctx.saved_tensors
        paths: Triplets = ctx.paths
        slots, turned = _slots(state, paths), mixing.t().contiguous()
        grad_slots, grad_weights = torch.empty_like(slots), torch.empty_like(weights)
        grad_mixing = torch.zeros_like(turned, dtype=torch.promote_types(turned.dtype, torch.float32))
        source_ptr = paths.edges.incidence.transposed.ptr
        for sources, rows in _source_blocks(paths, slots):
            order = paths.edges.incidence.order[rows]
            heard, share, received = _heard(slots, paths, sources, rows), weights[order], grad[order][:, None]
            summed = torch.bmm(share.transpose(1, 2), heard)
            grad_mixing += (summed * received).sum(0)
            mixed = received * turned
            grad_weights[order] = torch.bmm(heard, mixed.transpose(1, 2))
            message = torch.bmm(share, mixed).flatten(1)
            ptr = source_ptr[sources.start : sources.stop + 1] - rows.start
            index = torch.arange(len(message), device=message.device)
            grad_slots[sources] = row_sums(message, index, ptr).view_as(grad_slots[sources])
        # Every edge has one slot, in the order of the slots.
        is_filled = paths.edge_in < len(state)
        return grad_slots[is_filled], grad_weights, grad_mixing.t().to(mixing.dtype), None


def _edge_blocks(angular: Tensor, width: int) -> Iterator[slice]:
    """Yield blocks of edges whose basis stays in the cache."""
    step = max(1, _BLOCK_VALUES.get(angular.device.type, 1 << 18) // (angular.shape[1] * width))
    for start in range(0, len(angular), step):
        yield slice(start, start + step)


def _basis(radial: Tensor, angular: Tensor, paths: Triplets, rows: slice) -> tuple[Tensor, Tensor]:
    """Return the basis of a block of edges [edge * slot, spherical * radial], and the radial part of it."""
    # An empty slot reads any row: its angular part is 0.
    partner = paths.partner[rows].flatten().clamp(max=max(len(radial) - 1, 0))
    heard = radial.index_select(0, partner)
    return (heard * angular[rows].reshape(*heard.shape[:2], 1)).flatten(1), heard


def _slots(state: Tensor, paths: Triplets) -> Tensor:
    """Return the states of the edges that every residue receives [residue, slot, channel]; 0 in empty slots."""
    num_residues, num_slots = paths.edge_in.shape
    if len(state) == num_residues * num_slots:
        return state.contiguous().view(num_residues, num_slots, -1)
    return _with_empty_row(state)[paths.edge_in]


def _with_empty_row(value: Tensor) -> Tensor:
    return torch.cat([value, value.new_zeros(1, *value.shape[1:])])


def _source_blocks(paths: Triplets, slots: Tensor) -> Iterator[tuple[slice, slice]]:
    """Yield blocks of residues with the edges that leave them, as rows of `incidence.order`."""
    edges, num_values = paths.edges, slots.shape[1] * slots.shape[2]
    total, num_residues = len(edges.source), len(slots)
    num_blocks = max(1, total * num_values // _BLOCK_VALUES.get(slots.device.type, 1 << 18))
    step = max(1, num_residues // num_blocks)
    starts = [*range(0, num_residues, step), num_residues]
    ptr = edges.incidence.transposed.ptr[starts].tolist()
    for i in range(len(starts) - 1):
        yield slice(starts[i], starts[i + 1]), slice(ptr[i], ptr[i + 1])


def _heard(slots: Tensor, paths: Triplets, sources: slice, rows: slice) -> Tensor:
    """Return the slots of the source of every edge of a block [edge, slot, channel]."""
    order = paths.edges.incidence.order[rows]
    return slots[sources].index_select(0, paths.edges.source[order] - sources.start)
