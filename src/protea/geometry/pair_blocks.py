"""Squared distances of all residue pairs within each packed protein, in blocks of bounded size.

A block is either several proteins of similar length, padded to the longest of them, or some rows of one long protein.
So small proteins share kernel launches, long ones stay in memory, and no block ever holds pairs of two proteins.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import torch
from jaxtyping import Bool, Float, Int
from torch import Tensor

__all__ = ["PairBlock", "pair_blocks"]

# Pairs held at once: about what stays in the cache of one CPU core; a GPU wants larger blocks.
_NUM_PAIRS_CPU = 1 << 18
_NUM_PAIRS_GPU = 1 << 23
# A block may pad its shortest protein by this factor: it then spends at most 1.44 times the pairs that it needs.
_LARGEST_PADDING = 1.2


@dataclass(frozen=True, eq=False)
class PairBlock:
    """Some rows of the pair matrices of some proteins.

    Attributes:
        start: packed index of the first residue of each protein.
        row: packed index of each row's residue; any residue where `is_row` is False.
        is_row: False for the padding of the shorter proteins.
        squared: squared distance of row and column, square angstrom; infinite on the diagonal, for padding and
            wherever one of the two residues is not valid. Column j is residue `start + j`.
    """

    start: Int[Tensor, " protein"]
    row: Int[Tensor, "protein row"]
    is_row: Bool[Tensor, "protein row"]
    squared: Float[Tensor, "protein row column"]


def pair_blocks(
    position: Float[Tensor, "residue 3"],
    residue_ptr: Int[Tensor, " protein_plus_1"],
    is_valid: Bool[Tensor, " residue"],
    max_pairs: int | None = None,
) -> Iterator[PairBlock]:
    """Yield the blocks that together hold every row of every protein once; proteins without valid residue have none.

    `max_pairs` bounds the pairs of a block (but one row is always taken); by default it follows the device.
    """
    is_cpu = position.device.type == "cpu"
    limit = max_pairs or (_NUM_PAIRS_CPU if is_cpu else _NUM_PAIRS_GPU)
    ptr = residue_ptr.tolist()
    is_all_valid = bool(is_valid.all())
    for proteins, width in _groups_of_similar_length(_lengths(residue_ptr, is_valid, is_all_valid), limit):
        lengths = [ptr[p + 1] - ptr[p] for p in proteins]
        start = torch.tensor([ptr[p] for p in proteins], device=position.device)
        length = torch.tensor(lengths, device=position.device)
        column = torch.arange(width, device=position.device)
        is_column = column < length[:, None]
        residue = torch.where(is_column, start[:, None] + column, start[:, None])
        if not is_all_valid:
            is_column_valid = is_column & is_valid[residue]
        else:
            is_column_valid = is_column
        point = position.index_select(0, residue.flatten()).view(*residue.shape, 3)
        num_rows = max(1, limit // (width * len(proteins)))
        for first in range(0, width, num_rows):
            rows = slice(first, min(first + num_rows, width))
            squared = _squared_distances(point, rows)
            squared.diagonal(offset=first, dim1=1, dim2=2).fill_(torch.inf)
            if not (is_all_valid and min(lengths) == width):
                squared.masked_fill_(~(is_column_valid[:, None] & is_column_valid[:, rows, None]), torch.inf)
            yield PairBlock(start, residue[:, rows], is_column[:, rows], squared)


def _squared_distances(point: Float[Tensor, "protein column 3"], rows: slice) -> Float[Tensor, "protein row column"]:
    # One coordinate at a time: no [row, column, 3] array, no matrix product that cancels the leading digits, and the
    # same rounding as (x2 + y2) + z2 of a gathered pair.
    total: Tensor | None = None
    for coordinate in point.permute(2, 0, 1).contiguous():
        square = (coordinate[:, rows, None] - coordinate[:, None, :]).square_()
        total = square if total is None else total.add_(square)
    assert total is not None
    return total


def _lengths(
    residue_ptr: Int[Tensor, " protein_plus_1"], is_valid: Bool[Tensor, " residue"], is_all_valid: bool
) -> list[int]:
    """Return the length of every protein, 0 for one without any valid residue."""
    lengths = residue_ptr.diff()
    if not is_all_valid:
        num_before = torch.nn.functional.pad(is_valid.cumsum(0), (1, 0))
        lengths = lengths * (num_before[residue_ptr].diff() > 0)
    return [int(length) for length in lengths.tolist()]


def _groups_of_similar_length(lengths: list[int], limit: int) -> list[tuple[list[int], int]]:
    """Return groups of proteins that are not empty, and the length of the longest in each."""
    groups: list[tuple[list[int], int]] = []
    for protein in sorted(range(len(lengths)), key=lambda p: -lengths[p]):
        length = lengths[protein]
        if length == 0:
            break
        if groups:
            members, width = groups[-1]
            if (len(members) + 1) * width * width <= limit and width <= _LARGEST_PADDING * length:
                members.append(protein)
                continue
        groups.append(([protein], length))
    return groups
