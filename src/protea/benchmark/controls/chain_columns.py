"""Columns from along the chain: shape of the CA trace, scales of the residues before and after, place, protein size.

Axes: residue, column. What lies beyond a chain end or a break is NaN, which the trees take as missing.
"""

import torch
from jaxtyping import Float
from torch import Tensor

from protea.benchmark.controls.residue_scales import RESIDUE_SCALES
from protea.benchmark.controls.surroundings import Surroundings
from protea.features.residue.bonded import is_same_chain_as_next

__all__ = ["place_columns", "shifted", "trace_columns", "window_columns"]


def shifted(
    value: Float[Tensor, "residue column"], around: Surroundings, offset: int
) -> Float[Tensor, "residue column"]:
    """Return the value of residue i + offset of the same chain, NaN where there is none."""
    batch = around.batch
    protein_of, chain_of = batch.protein_of(), batch.chain_of
    is_same = (torch.roll(protein_of, -offset) == protein_of) & (torch.roll(chain_of, -offset) == chain_of)
    row = torch.arange(len(value)) + offset
    is_same &= (row >= 0) & (row < len(value))
    return torch.roll(value, -offset, 0).masked_fill(~is_same[:, None], torch.nan)


def trace_columns(around: Surroundings, offsets: tuple[int, ...] = (2, 3, 4)) -> Float[Tensor, "residue column"]:
    """Return the distances CA i to CA i +- offset, in angstrom: they tell helix, strand and turn."""
    ca = around.ca.masked_fill(~around.has_ca[:, None], torch.nan)
    places = [sign * offset for offset in offsets for sign in (-1, 1)]
    columns = [(shifted(ca, around, place) - ca).norm(dim=1) for place in places]
    return torch.stack(columns, dim=1)


def window_columns(around: Surroundings, reach: int = 4) -> Float[Tensor, "residue column"]:
    """Return hydropathy, volume and charge of the residues up to `reach` before and after."""
    scales = RESIDUE_SCALES[around.batch.residue_type]
    value = torch.stack([scales[:, 0], scales[:, 1], scales[:, 2] - scales[:, 3]], dim=1)
    offsets = [offset for offset in range(-reach, reach + 1) if offset]
    return torch.cat([shifted(value, around, offset) for offset in offsets], dim=1)


def place_columns(around: Surroundings) -> Float[Tensor, "residue column"]:
    """Return residues to the nearer chain end, lengths of chain and protein, number of chains, nearest other chain."""
    batch = around.batch
    total = batch.num_residues
    is_same = is_same_chain_as_next(batch.protein_of(), batch.chain_of)
    chain = torch.cat([torch.zeros(1, dtype=torch.long), (~is_same[:-1]).long().cumsum(0)])[:total]
    chain_length = torch.bincount(chain, minlength=1)
    first = torch.cat([torch.zeros(1, dtype=torch.long), chain_length.cumsum(0)])[chain]
    place = torch.arange(total) - first
    length = chain_length[chain]
    protein_of = batch.protein_of()
    num_chains = torch.zeros(len(batch), dtype=torch.long).index_add_(
        0, protein_of, torch.cat([torch.ones(1, dtype=torch.bool), (chain.diff() > 0)])[:total].long()
    )
    is_other = chain[around.source] != chain[around.target]
    nearest = torch.full((total,), torch.inf).scatter_reduce_(
        0, around.target[is_other], around.ca_distance[is_other].float(), "amin"
    )
    columns = [torch.minimum(place, length - 1 - place), length, batch.lengths()[protein_of], num_chains[protein_of]]
    return torch.stack([*(column.float() for column in columns), nearest.masked_fill(nearest.isinf(), 25.0)], dim=1)
