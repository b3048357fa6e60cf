"""Features that turn with the molecule: blocks of irreducible representations of O(3), and how they are laid out.

A row holds its blocks end to end. e3nn and published files lay a block out by channel, then component; here it is by
component, then channel, so that sums over components run over whole rows. The blocks' offsets are the same.
"""

import re
from dataclasses import dataclass
from itertools import pairwise

import torch

from protea.errors import ConfigError, describe

__all__ = ["IrrepBlock", "check_hidden", "harmonic_degrees", "offsets_of", "parse_irreps", "to_channel_first"]

_BLOCK = re.compile(r"(?:(\d+)x)?(\d+)([eo])")


@dataclass(frozen=True)
class IrrepBlock:
    """`num` copies of the representation of degree l with parity +1 or -1, of 2 l + 1 components each."""

    num: int
    degree: int
    parity: int

    @property
    def components(self) -> int:
        """2 l + 1."""
        return 2 * self.degree + 1

    @property
    def dim(self) -> int:
        """Columns of the block."""
        return self.num * self.components

    @property
    def is_invariant(self) -> bool:
        """Whether neither rotation nor reflection changes it."""
        return self.degree == 0 and self.parity == 1

    def __str__(self) -> str:
        return f"{self.num}x{self.degree}{'e' if self.parity == 1 else 'o'}"


def parse_irreps(text: str, *, where: str = "hidden_irreps") -> tuple[IrrepBlock, ...]:
    """Return the blocks of a string such as `64x0e + 8x1o`.

    Raises:
        ConfigError: if it is not a sum of such terms, or a term has no channel.
    """
    blocks = []
    for term in text.split("+"):
        match = _BLOCK.fullmatch(term.strip())
        if match is None or match[1] == "0":
            raise ConfigError(
                describe("not a sum of irreps", where=where, expected="terms such as 64x0e or 8x1o", found=repr(text))
            )
        blocks.append(IrrepBlock(int(match[1] or 1), int(match[2]), 1 if match[3] == "e" else -1))
    return tuple(blocks)


def check_hidden(blocks: tuple[IrrepBlock, ...], *, where: str) -> None:
    """Check that hidden states begin with all their invariant scalars in one block: states grow from it.

    Raises:
        ConfigError: if they do not.
    """
    if [i for i, block in enumerate(blocks) if block.is_invariant] != [0]:
        raise ConfigError(
            describe(
                "hidden states must begin with their scalars",
                where=where,
                expected="one block of 0e, the first",
                found=" + ".join(map(str, blocks)),
            )
        )


def harmonic_degrees(max_degree: int) -> tuple[IrrepBlock, ...]:
    """Return the blocks of spherical harmonics up to a degree: one each, of parity (-1)^l."""
    return tuple(IrrepBlock(1, degree, (-1) ** degree) for degree in range(max_degree + 1))


def offsets_of(blocks: tuple[IrrepBlock, ...]) -> tuple[slice, ...]:
    """Return the columns of every block."""
    stops = [0]
    for block in blocks:
        stops.append(stops[-1] + block.dim)
    return tuple(slice(start, stop) for start, stop in pairwise(stops))


def to_channel_first(blocks: tuple[IrrepBlock, ...]) -> torch.Tensor:
    """Return which of our columns stands at every column of the layout of e3nn (int64)."""
    columns = [
        torch.arange(block.dim).view(block.components, block.num).t().flatten() + place.start
        for block, place in zip(blocks, offsets_of(blocks), strict=True)
    ]
    return torch.cat(columns)
