"""Blocks of the input: stretches of a thousand proteins that are read by themselves, whatever machine reads them.

No window of proteins reaches over the end of a block. So a block has the same passes, and the same bytes, whether one
machine embeds all of them in turn or many share them.
"""

from collections.abc import Sequence
from typing import NamedTuple

from protea.applications.embedding.embedding_folder import Place
from protea.applications.embedding.inputs import Item

__all__ = ["BLOCK_PROTEINS", "Block", "block_key", "blocks_of"]

BLOCK_PROTEINS = 1000
"""Records of a FASTA file, or files of one protein, that make a block."""


class Block(NamedTuple):
    """A stretch of the input: from one place up to another, which is no longer part of it."""

    first: Place
    last: Place


def block_key(number: int, index: int, *, is_one: bool) -> tuple[int, int]:
    """Return what the proteins of one block share; given item, place in it, and whether the item is one protein."""
    return (-1, number // BLOCK_PROTEINS) if is_one else (number, index // BLOCK_PROTEINS)


def blocks_of(items: Sequence[Item]) -> list[Block]:
    """Return the blocks in the order of the input; a file that cannot be read is a block of its own."""
    starts: list[Place] = []
    before: tuple[int, int] | None = None
    for number, item in enumerate(items):
        is_one = item.is_one
        for index in range(0, 1 if is_one else max(item.count(), 1), BLOCK_PROTEINS):
            key = block_key(number, index, is_one=is_one)
            if key != before:
                starts.append(Place(number, index))
            before = key
    return [Block(*pair) for pair in zip(starts, [*starts[1:], Place(len(items), 0)], strict=True)]
