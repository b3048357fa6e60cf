"""Ragged segment operations over items packed end to end.

A packed axis is described by its offsets `ptr` (length segments + 1): segment s owns the items
`ptr[s]:ptr[s + 1]`. Segments may be empty. All reductions are differentiable (also twice, for forces) and run over
the leading axis of `value`, whatever axes follow.

Sums use `index_add` on a running segment index: of the operations that torch offers it is the fastest on CPU
(5 to 15 times `segment_reduce`) and needs no padding. 16-bit values are summed in float32 and rounded once at the end,
because a bfloat16 running sum stops growing after some hundred residues.
"""

import torch
from jaxtyping import Float, Int, Num
from torch import Tensor

from protea.errors import ContractError

__all__ = [
    "check_ptr",
    "lengths_of",
    "ptr_from_lengths",
    "segment_max",
    "segment_mean",
    "segment_of",
    "segment_softmax",
    "segment_sum",
]


def ptr_from_lengths(lengths: Int[Tensor, " segment"]) -> Int[Tensor, " segment_plus_1"]:
    """Return the int64 offsets [0, l0, l0 + l1, ...] of segments with these lengths."""
    ptr = torch.zeros(lengths.shape[0] + 1, dtype=torch.int64, device=lengths.device)
    torch.cumsum(lengths, dim=0, dtype=torch.int64, out=ptr[1:])
    return ptr


def lengths_of(ptr: Int[Tensor, " segment_plus_1"]) -> Int[Tensor, " segment"]:
    """Return the number of items of every segment."""
    return ptr[1:] - ptr[:-1]


def segment_of(ptr: Int[Tensor, " segment_plus_1"], num_items: int | None = None) -> Int[Tensor, " item"]:
    """Return the segment index of every item (rising, int64).

    `num_items`, where the caller knows it, spares a wait for the GPU; it must equal `ptr[-1]`, which is checked on CPU.

    Raises:
        ContractError: on CPU, if `ptr` does not start at 0, falls, or does not end at `num_items`.
    """
    check_ptr(ptr, num_items)
    lengths = lengths_of(ptr)
    index = torch.arange(lengths.shape[0], device=ptr.device)
    return torch.repeat_interleave(index, lengths, output_size=num_items)


def segment_sum(
    value: Num[Tensor, "item *channel"], ptr: Int[Tensor, " segment_plus_1"]
) -> Num[Tensor, "segment *channel"]:
    """Return the sum of every segment in the dtype of `value`; an empty segment gives 0."""
    wide = _widen(value)
    total = wide.new_zeros((ptr.shape[0] - 1, *value.shape[1:]))
    return total.index_add(0, segment_of(ptr, value.shape[0]), wide).to(value.dtype)


def segment_mean(
    value: Float[Tensor, "item *channel"], ptr: Int[Tensor, " segment_plus_1"]
) -> Float[Tensor, "segment *channel"]:
    """Return the mean of every segment; an empty segment gives 0."""
    wide = _widen(value)
    count = lengths_of(ptr).clamp(min=1).to(wide.dtype)
    total = segment_sum(wide, ptr)
    return (total / count.view(-1, *[1] * (value.ndim - 1))).to(value.dtype)


def segment_max(
    value: Num[Tensor, "item *channel"], ptr: Int[Tensor, " segment_plus_1"], empty_value: float = 0.0
) -> Num[Tensor, "segment *channel"]:
    """Return the largest value of every segment and channel; an empty segment gives `empty_value`.

    Items that share the maximum share its gradient equally.
    """
    index = segment_of(ptr, value.shape[0]).view(-1, *[1] * (value.ndim - 1)).expand_as(value)
    start = value.new_full((ptr.shape[0] - 1, *value.shape[1:]), empty_value)
    return start.scatter_reduce(0, index, value, reduce="amax", include_self=False)


def segment_softmax(
    value: Float[Tensor, "item *channel"], ptr: Int[Tensor, " segment_plus_1"]
) -> Float[Tensor, "item *channel"]:
    """Return the softmax of every segment and channel taken over its items (sums to 1 in each non-empty segment)."""
    index = segment_of(ptr, value.shape[0])
    wide = _widen(value)
    # The shift cancels in the quotient, so it needs no gradient.
    weight = (wide - segment_max(wide.detach(), ptr).index_select(0, index)).exp()
    total = segment_sum(weight, ptr)
    return (weight / total.index_select(0, index)).to(value.dtype)


def _widen(value: Num[Tensor, "item *channel"]) -> Num[Tensor, "item *channel"]:
    return value.float() if value.dtype in (torch.float16, torch.bfloat16) else value


def check_ptr(ptr: Int[Tensor, " segment_plus_1"], num_items: int | None = None) -> None:
    """Check, on CPU only (on a GPU it would wait), that `ptr` starts at 0, never falls and ends at `num_items`.

    Raises:
        ContractError: if it does not.
    """
    if ptr.device.type != "cpu":
        return
    if ptr.shape[0] == 0 or int(ptr[0]) != 0 or bool((ptr[1:] < ptr[:-1]).any()):
        raise ContractError(
            "segment offsets are broken: expected `ptr` of length segments + 1 that starts at 0 and never falls, "
            f"found {ptr[:8].tolist()}{'...' if ptr.shape[0] > 8 else ''}; build it with ptr_from_lengths"
        )
    if num_items is not None and int(ptr[-1]) != num_items:
        raise ContractError(
            f"segment offsets do not fit the values: expected ptr[-1] == {num_items} items, found {int(ptr[-1])}; "
            "pass the offsets of the same axis as the values"
        )
