"""The gate of equivariant networks: scalars pass a silu, everything else is multiplied with a sigmoid of extra scalars.

Both functions are scaled so that a normal number gives a mean square of 1, as in e3nn.
"""

from dataclasses import dataclass
from functools import cache

import torch
from jaxtyping import Float
from torch import Tensor, nn

from protea.encoders.irreps import IrrepBlock, offsets_of

__all__ = ["IrrepsGate"]


@cache
def _gain(name: str) -> float:
    """Return what e3nn scales a function with (it draws a million numbers with a fixed seed)."""
    from e3nn.math import normalize2mom  # seconds to import, and needed here only

    return float(normalize2mom({"silu": nn.functional.silu, "sigmoid": torch.sigmoid}[name]).cst)


@dataclass(frozen=True)
class _Part:
    """Channels of one block of the input."""

    block: int
    channels: slice


class IrrepsGate(nn.Module):
    """The gate whose output has the blocks `outputs`; its input must have the blocks `inputs`."""

    def __init__(self, outputs: tuple[IrrepBlock, ...]) -> None:
        super().__init__()
        self.outputs = outputs
        gates = sum(block.num for block in outputs if not block.is_invariant)
        scalars = [block for block in outputs if block.is_invariant]
        others = [block for block in outputs if not block.is_invariant]
        entries = [*scalars, *([IrrepBlock(gates, 0, 1)] if gates else []), *others]
        merged: list[IrrepBlock] = []
        parts: dict[int, _Part] = {}
        for i in sorted(range(len(entries)), key=lambda i: (entries[i].degree, entries[i].parity)):
            entry, before = entries[i], 0
            if merged and (merged[-1].degree, merged[-1].parity) == (entry.degree, entry.parity):
                before = merged.pop().num
            merged.append(IrrepBlock(before + entry.num, entry.degree, entry.parity))
            parts[i] = _Part(len(merged) - 1, slice(before, before + entry.num))
        self.inputs = tuple(merged)
        self._gates = parts[len(scalars)] if gates else None
        self._parts = [parts[i] for i in range(len(entries)) if not (gates and i == len(scalars))]

    def forward(self, value: Float[Tensor, "row gated"]) -> Float[Tensor, "row column"]:
        """Return the scalars and what was gated."""
        places = offsets_of(self.inputs)
        blocks = [
            value[:, place].unflatten(1, (block.components, block.num))
            for block, place in zip(self.inputs, places, strict=True)
        ]
        gates = None if self._gates is None else torch.sigmoid(self._cut(blocks, self._gates)) * _gain("sigmoid")
        found, start = [], 0
        for part, output in zip(
            self._parts, sorted(self.outputs, key=lambda block: not block.is_invariant), strict=True
        ):
            field = self._cut(blocks, part)
            if output.is_invariant:
                field = nn.functional.silu(field) * _gain("silu")
            elif gates is not None:
                field = field * gates[:, :, start : start + output.num]
                start += output.num
            found.append(field.flatten(1))
        return torch.cat(found, dim=1)

    @staticmethod
    def _cut(blocks: list[Tensor], part: _Part) -> Tensor:
        return blocks[part.block][:, :, part.channels]
