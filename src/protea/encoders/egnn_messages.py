"""The messages of EGNN with their three normalisations, forward and backward written out.

    z1 = P[i] + Q[j] + d w;  a1 = drop(relu(norm1 z1));  z2 = W2 a1 + c2;  a2 = drop(relu(norm2 z2))
    total_i = sum_j a2;  z3 = W3 a2 + c3;  a3 = drop(relu(norm3 z3));  gate = w4 . a3 + c4

Two of the four edge-sized products of the original vanish: the first map is split into P and Q per residue, and z1 is
never kept. Its statistics, and the gradients that pass its normalisation, follow from sums per residue (`PairTerms`).
The biases c2 and c3 are folded into the normalisation that follows, so z2 and z3 are kept without them.
Between products everything happens in blocks that stay in the cache; z2, z3 and the dropout masks are kept.
"""

from dataclasses import dataclass
from typing import Any

import torch
from jaxtyping import Float
from torch import Tensor, nn
from torch.autograd.function import once_differentiable

from protea.encoders.centred_edges import CentredEdges, EdgeBlock
from protea.encoders.edge_dropout import keep_mask
from protea.encoders.edge_norm import BlockMoments, EdgeAffine, PairTerms, edge_affine

__all__ = ["MessageLayers", "edge_messages"]


@dataclass(frozen=True, eq=False)
class MessageLayers:
    """The layers after the first map; `dropout` acts in training only."""

    norm1: nn.BatchNorm1d
    linear2: nn.Linear
    norm2: nn.BatchNorm1d
    linear3: nn.Linear
    norm3: nn.BatchNorm1d
    linear4: nn.Linear
    dropout: float


def edge_messages(
    centre: Float[Tensor, "residue channel"],
    source: Float[Tensor, "residue channel"],
    weight: Float[Tensor, " channel"],
    distance: Float[Tensor, " edge"],
    edges: CentredEdges,
    layers: MessageLayers,
) -> tuple[Float[Tensor, "residue channel"], Float[Tensor, "edge 1"]]:
    """Return the summed messages of every residue and the gate of every edge, in the dtype of `centre`.

    Differentiable once in everything.
    """
    dtype = centre.dtype
    linears = (layers.linear2, layers.linear3, layers.linear4)
    maps = [tensor.to(dtype) for linear in linears for tensor in (linear.weight, linear.bias)]
    norms = [tensor for norm in (layers.norm1, layers.norm2, layers.norm3) for tensor in (norm.weight, norm.bias)]
    with torch.autocast(centre.device.type, enabled=False):
        total, gate = _EdgeMessages.apply(
            edges, layers, centre, source, weight.to(dtype), distance.to(dtype), *maps, *norms
        )
    return total, gate


class _Stage:
    """relu(z * scale + shift) with its dropout mask, in one dtype; sums of the backward pass gather here."""

    def __init__(self, affine: EdgeAffine, mask: Tensor | None, dtype: torch.dtype) -> None:
        self.affine, self.mask = affine, mask
        self.scale, self.shift = affine.scale.to(dtype), affine.shift.to(dtype)
        self.grad_sum, self.grad_z_sum = torch.zeros_like(affine.mean), torch.zeros_like(affine.mean)

    def active(self, z: Tensor, block: EdgeBlock) -> Tensor:
        value = torch.addcmul(self.shift, z, self.scale).relu_()
        return value if self.mask is None else value.mul_(self.mask[block.edges])

    def collect(self, grad: Tensor, z: Tensor) -> None:
        self.grad_sum += grad.sum(0)
        self.grad_z_sum += (grad * z).sum(0)

    def close(self) -> tuple[Tensor, Tensor]:
        """Return the gradients of the norm's weight and bias; afterwards `input_grad` is exact."""
        slope, offset, grad_weight, grad_bias = self.affine.backward(self.grad_sum, self.grad_z_sum)
        self.slope_wide, self.offset_wide = slope, offset
        self.slope, self.offset = slope.to(self.scale.dtype), offset.to(self.scale.dtype)
        return grad_weight, grad_bias

    def bias_grad(self) -> Tensor:
        """Return the gradient of the bias before the norm: 0 where the batch's own mean takes the bias away."""
        return self.affine.scale * self.grad_sum if self.affine.count == 0 else torch.zeros_like(self.grad_sum)

    def input_grad(self, grad: Tensor, z: Tensor) -> Tensor:
        if self.affine.count == 0:
            return grad * self.scale
        return torch.addcmul(self.offset, z, self.slope).addcmul_(grad, self.scale)


class _Pair:
    """z1 of a block, made when it is needed."""

    def __init__(self, centre: Tensor, source: Tensor, weight: Tensor, distance: Tensor, edges: CentredEdges) -> None:
        self.centre, self.source, self.weight, self.distance, self.edges = centre, source, weight, distance, edges

    def of(self, block: EdgeBlock) -> Tensor:
        z = self.source.index_select(0, self.edges.source[block.edges])
        self.edges.add_centre(z, self.centre, block)
        return z.addcmul_(self.distance[block.edges, None], self.weight)


class _EdgeMessages(torch.autograd.Function):
    """`edge_messages` on tensors of one dtype (the norms keep their own)."""

    @staticmethod
    def forward(
        ctx: Any, edges: CentredEdges, layers: MessageLayers, centre: Tensor, source: Tensor, weight: Tensor,
        distance: Tensor, weight2: Tensor, bias2: Tensor, weight3: Tensor, bias3: Tensor, weight4: Tensor,
        bias4: Tensor, *norms: Tensor,
    ) -> tuple[Tensor, Tensor]:  # fmt: skip
        num_edges, channels = len(distance), len(weight)
        is_dropping = layers.norm1.training and layers.dropout > 0
        gain = 1.0 / (1.0 - layers.dropout) if is_dropping else 1.0
        masks = [keep_mask(num_edges, channels, layers.dropout, centre) if is_dropping else None for _ in range(3)]
        pair = _Pair(centre, source, weight, distance, edges)
        mean, variance = PairTerms(centre, source, weight, distance, edges).moments()
        stage1 = _Stage(edge_affine(layers.norm1, mean, variance, num_edges, gain), masks[0], centre.dtype)
        z2, z3 = centre.new_empty(num_edges, channels), centre.new_empty(num_edges, channels)
        total, gate = torch.empty_like(centre), centre.new_empty(num_edges, 1)
        moments = BlockMoments(channels, centre)
        for block in edges.blocks(channels):
            torch.mm(stage1.active(pair.of(block), block), weight2.t(), out=z2[block.edges])
            moments.add(z2[block.edges])
        stage2 = _Stage(
            edge_affine(layers.norm2, moments.mean, moments.variance, num_edges, gain, bias2), masks[1], centre.dtype
        )
        moments = BlockMoments(channels, centre)
        for block in edges.blocks(channels):
            message = stage2.active(z2[block.edges], block)
            total[block.residues] = edges.block_total(message, block)
            torch.mm(message, weight3.t(), out=z3[block.edges])
            moments.add(z3[block.edges])
        stage3 = _Stage(
            edge_affine(layers.norm3, moments.mean, moments.variance, num_edges, gain, bias3), masks[2], centre.dtype
        )
        for block in edges.blocks(channels):
            torch.addmm(bias4, stage3.active(z3[block.edges], block), weight4.t(), out=gate[block.edges])
        ctx.edges, ctx.affines = edges, (stage1.affine, stage2.affine, stage3.affine)
        ctx.masks = masks
        ctx.save_for_backward(centre, source, weight, distance, weight2, weight3, weight4, z2, z3)
        ctx.set_materialize_grads(False)
        return total, gate

    @staticmethod
    @once_differentiable
    def backward(ctx: Any, grad_total: Tensor | None, grad_gate: Tensor | None) -> tuple[Tensor | None, ...]:
        if grad_total is None and grad_gate is None:
            return (None,) * 18
        centre, source, weight, distance, weight2, weight3, weight4, z2, z3 = ctx.saved_tensors
        edges: CentredEdges = ctx.edges
        stage1, stage2, stage3 = (
            _Stage(affine, mask, centre.dtype) for affine, mask in zip(ctx.affines, ctx.masks, strict=True)
        )
        pair = _Pair(centre, source, weight, distance, edges)
        buffer = torch.empty_like(z2)
        maps4, norm3 = _gate_backward(edges, stage3, grad_gate, weight4, z3)
        maps3 = _message_backward(edges, stage2, stage3, grad_total, grad_gate, weight3, weight4, z2, z3, buffer)
        norm2 = stage2.close()
        maps2, grad_centre = _first_backward(edges, stage1, stage2, pair, weight2, z2, buffer)
        grads, norm1 = _pair_backward(stage1, pair, buffer, grad_centre)
        cast = [value if value is None else value.to(centre.dtype) for value in (*grads, *maps2, *maps3, *maps4)]
        return None, None, *cast, *norm1, *norm2, *norm3


_Both = tuple[Tensor | None, Tensor | None]


def _relu_grad(grad: Tensor, active: Tensor, out: Tensor | None = None) -> Tensor:
    """Return the gradient where the relu let a value through that was not dropped."""
    # The operation behind relu's own gradient: one pass, where a comparison and a product cost five.
    if out is None:
        result: Tensor = torch.ops.aten.threshold_backward(grad, active, 0.0)
        return result
    torch.ops.aten.threshold_backward.grad_input(grad, active, 0.0, grad_input=out)
    return out


def _gate_backward(
    edges: CentredEdges, stage: _Stage, grad_gate: Tensor | None, weight4: Tensor, z3: Tensor
) -> tuple[_Both, _Both]:
    """Return the gradients of the last map and of the third norm."""
    if grad_gate is None:
        return (None, None), (None, None)
    wide = stage.grad_sum.dtype
    grad_weight = torch.zeros_like(weight4, dtype=wide)
    for block in edges.blocks(z3.shape[1]):
        z = z3[block.edges]
        active = stage.active(z, block)
        grad_weight += grad_gate[block.edges].t() @ active
        stage.collect(_relu_grad(grad_gate[block.edges] * weight4, active), z)
    return (grad_weight, grad_gate.sum(0, dtype=wide)), stage.close()


def _message_backward(
    edges: CentredEdges, stage2: _Stage, stage3: _Stage, grad_total: Tensor | None, grad_gate: Tensor | None,
    weight3: Tensor, weight4: Tensor, z2: Tensor, z3: Tensor, buffer: Tensor,
) -> _Both:  # fmt: skip
    """Write the gradient before the second norm's relu to `buffer`; return those of the third map."""
    wide = stage2.grad_sum.dtype
    grad_weight = torch.zeros_like(weight3, dtype=wide)
    for block in edges.blocks(z2.shape[1]):
        rows = block.edges
        message = stage2.active(z2[rows], block)
        if grad_gate is None:
            grad_message = torch.zeros_like(message)
        else:
            active = stage3.active(z3[rows], block)
            grad = _relu_grad(grad_gate[rows] * weight4, active)
            grad = stage3.input_grad(grad, z3[rows])
            grad_weight += grad.t() @ message
            grad_message = grad @ weight3
        if grad_total is not None:
            edges.add_centre(grad_message, grad_total, block)
        here = _relu_grad(grad_message, message, out=buffer[rows])
        stage2.collect(here, z2[rows])
    return (None, None) if grad_gate is None else (grad_weight, stage3.bias_grad())


def _first_backward(
    edges: CentredEdges, stage1: _Stage, stage2: _Stage, pair: _Pair, weight2: Tensor, z2: Tensor, buffer: Tensor
) -> tuple[_Both, Tensor]:
    """Replace `buffer` by the gradient before the first norm's relu; return those of the second map, and its sums."""
    wide = stage1.grad_sum.dtype
    grad_weight = torch.zeros_like(weight2, dtype=wide)
    received = torch.zeros_like(pair.centre, dtype=wide)
    for block in edges.blocks(z2.shape[1]):
        rows = block.edges
        active = stage1.active(pair.of(block), block)
        grad = stage2.input_grad(buffer[rows], z2[rows])
        grad_weight += grad.t() @ active
        here = _relu_grad(grad @ weight2, active, out=buffer[rows])
        received[block.residues] = edges.block_total(here, block).to(wide)
    return (grad_weight, stage2.bias_grad()), received


def _pair_backward(
    stage: _Stage, pair: _Pair, grad: Tensor, received: Tensor
) -> tuple[tuple[Tensor, Tensor, Tensor, Tensor], _Both]:
    """Return the gradients of P, Q, w and d, and of the first norm; `received` is `grad` summed at the centres."""
    wide = received.dtype
    terms = PairTerms(pair.centre, pair.source, pair.weight, pair.distance, pair.edges)
    sent = pair.edges.total_by_source(grad).to(wide)
    by_distance = (pair.distance[None] @ grad)[0].to(wide)
    stage.grad_sum += received.sum(0)
    stage.grad_z_sum += (received * terms.centre).sum(0) + (sent * terms.source).sum(0) + by_distance * terms.weight
    norm = stage.close()
    scale, slope, offset = stage.affine.scale, stage.slope_wide, stage.offset_wide
    grad_centre = scale * received + slope * terms.total_by_centre() + terms.received * offset
    grad_source = scale * sent + slope * terms.total_by_source() + terms.sent * offset
    grad_weight = scale * by_distance + slope * terms.distance_total() + offset * terms.distance.sum()
    # d meets every channel: w . (scale g + slope z + offset), with z split into its three parts.
    tilted = slope * terms.weight
    at_centre = (terms.centre @ tilted)[pair.edges.centre]
    at_source = (terms.source @ tilted)[pair.edges.source]
    flat = at_centre + at_source + terms.distance * (terms.weight @ tilted) + terms.weight @ offset
    grad_distance = (grad @ (scale * terms.weight).to(grad.dtype)).to(wide) + flat
    return (grad_centre, grad_source, grad_weight, grad_distance), norm
