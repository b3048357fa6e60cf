"""Groups of residues whose geometry is asked for: a residue and one to three others, near in space.

Each step of a group leads to one of the `k` nearest residues (by CA) that lies at least `MIN_OFFSET` rows away in the
sequence, or in another chain. So no alpha, kappa or bond of the CA trace, which features may show, is the answer.
"""

from itertools import pairwise
from typing import Literal

import torch
from jaxtyping import Bool, Float, Int
from torch import Tensor

from protea.errors import ContractError, describe
from protea.features.hidden_edges import hidden_groups
from protea.features.interface import FeaturisedBatch
from protea.geometry.neighbours import nearest_neighbours
from protea.geometry.torsions import is_degenerate_dihedral
from protea.objectives.interface import Corruption
from protea.objectives.original_positions import uncorrupted_structure
from protea.protein.batch import ProteinBatch

__all__ = ["MIN_OFFSET", "GroupSize", "draw_groups", "group_embedding", "group_positions", "hidden_group"]

MIN_OFFSET = 3
"""Rows between residues of a step in one chain; kappa reaches over two."""

GroupSize = Literal[2, 3, 4]


def draw_groups(
    batch: ProteinBatch, corruption: Corruption, purpose: str, size: GroupSize, share: float, k: int
) -> Int[Tensor, "residue member"]:
    """Return the other members of each drawn residue's group; a residue that was not drawn is its own member.

    `share` of the residues that can begin a group, rounded, at least one per protein, drawn without replacement from
    the uncorrupted structure. Residue i with its member j is a pair; with j, l an angle j - i - l; with j, l, m a
    dihedral j - i - l - m.
    """
    position, has_ca = uncorrupted_structure(batch).ca()
    table = nearest_neighbours(position, batch.residue_ptr, k, has_ca)
    row = torch.arange(batch.num_residues, device=batch.device)[:, None]
    is_far = (table.neighbour - row).abs() >= MIN_OFFSET
    is_far |= batch.chain_of[table.neighbour] != batch.chain_of[:, None]
    is_step = table.is_edge & is_far
    order, first, second = _draws(batch, corruption, purpose, table.neighbour.shape[1])
    steps = min(size - 1, 2)
    if table.neighbour.shape[1] < steps:
        return row.expand(-1, size - 1).clone()
    chosen = torch.where(is_step, first, -1.0).topk(steps, dim=1).indices
    is_whole = is_step.gather(1, chosen).all(1)
    member = table.neighbour.gather(1, chosen)
    if size == 4:
        last, has_last = _next_step(table.neighbour, is_step, second, torch.cat([row, member], dim=1))
        member, is_whole = torch.cat([member, last[:, None]], dim=1), is_whole & has_last
        is_whole &= ~is_degenerate_dihedral(*group_positions(position, torch.cat([row, member], dim=1)))
    is_drawn = _smallest_of_each(batch, torch.where(is_whole, order, 2.0), is_whole, share)
    return torch.where(is_drawn[:, None], member, row)


def group_positions(
    position: Float[Tensor, "residue 3"], group: Int[Tensor, "group size"]
) -> tuple[Float[Tensor, "group 3"], ...]:
    """Return the points of each group in the order of its geometry: i, j or j, i, l or j, i, l, m."""
    own, *others = group.unbind(1)
    ordered = [own, *others] if len(others) == 1 else [others[0], own, *others[1:]]
    return tuple(position[rows] for rows in ordered)


def hidden_group(batch: ProteinBatch, purpose: str) -> tuple[Int[Tensor, "residue size"], Bool[Tensor, " residue"]]:
    """Return each residue with the members of its group, and which residues have one."""
    row = torch.arange(batch.num_residues, device=batch.device)[:, None]
    group = torch.cat([row, hidden_groups(batch)[purpose]], dim=1)
    return group, (group[:, 1:] != row).all(1)


def group_embedding(
    embedding: Float[Tensor, "residue channel"], inputs: FeaturisedBatch, purpose: str
) -> Float[Tensor, "residue channels"]:
    """Return the embeddings of each residue and its group's members side by side.

    Raises ContractError for inputs in which no groups were drawn: there is nothing that could be predicted of them.
    """
    if purpose not in inputs.hidden_groups:
        raise ContractError(
            describe("no groups of residues were drawn", where=purpose, expected="a batch that its `corrupt` returned",
                     do="Ask an objective that answers for every residue or protein.")
        )  # fmt: skip
    member = inputs.hidden_groups[purpose]
    return torch.cat([embedding, *(embedding[rows] for rows in member.unbind(1))], dim=1)


def _draws(
    batch: ProteinBatch, corruption: Corruption, purpose: str, k: int
) -> tuple[Float[Tensor, " residue"], Float[Tensor, "residue k"], Float[Tensor, "residue k"]]:
    """Return random numbers in [0, 1): which residues, which first steps, which last step."""
    parts = [
        torch.rand((length, 1 + 2 * k), generator=corruption.generator(protein_id, purpose))
        for protein_id, length in zip(batch.ids, batch.lengths().tolist(), strict=True)
    ]
    order, first, second = torch.cat([torch.zeros(0, 1 + 2 * k), *parts]).to(batch.device).split([1, k, k], dim=1)
    return order[:, 0], first, second


def _next_step(
    neighbour: Int[Tensor, "residue k"], is_step: Bool[Tensor, "residue k"], draw: Float[Tensor, "residue k"],
    group: Int[Tensor, "residue 3"],
) -> tuple[Int[Tensor, " residue"], Bool[Tensor, " residue"]]:  # fmt: skip
    """Return a step from the last of each group to a residue outside it, and whether there is one."""
    last = group[:, -1]
    is_free = is_step[last] & (neighbour[last][:, :, None] != group[:, None, :]).all(-1)
    chosen = torch.where(is_free, draw, -1.0).argmax(dim=1, keepdim=True)
    return neighbour[last].gather(1, chosen)[:, 0], is_free.gather(1, chosen)[:, 0]


def _smallest_of_each(
    batch: ProteinBatch, order: Float[Tensor, " residue"], is_candidate: Bool[Tensor, " residue"], share: float
) -> Bool[Tensor, " residue"]:
    """Return the share of each protein's candidates that have the smallest numbers."""
    is_drawn = torch.zeros_like(is_candidate)
    bounds = batch.residue_ptr.tolist()
    for start, stop in pairwise(bounds):
        num_candidates = int(is_candidate[start:stop].sum())
        if num_candidates:
            count = max(1, round(share * num_candidates))
            is_drawn[start + torch.argsort(order[start:stop])[:count]] = True
    return is_drawn
