"""Edges that an objective hides from the encoder, removed from whatever graph the encoder asks for.

The orders travel with the batch as extras, so that they hold for every graph and scheme. A group is a residue and some
others: no two of its members keep an edge, in either direction, so that no distance among them is given away directly
(what lies between their other neighbours is not hidden). A random share hides each pair of residues by a number that is
a pure function of (key, place of both in the protein). Self loops stay. Edge features are computed after this.
An encoder that makes further edges from positions by itself does not obey (`EncoderConfig.finds_own_neighbours`).
"""

from itertools import combinations

import torch
from jaxtyping import Bool, Float, Int
from torch import Tensor

from protea.features.interface import Graph, RelationEdges
from protea.geometry.neighbours import NeighbourTable, SegmentedEdges
from protea.geometry.segments import ptr_from_lengths
from protea.protein.batch import Extra, ProteinBatch

__all__ = ["hidden_groups", "hide_groups", "hide_random_edges", "visible_graph"]

_GROUP, _KEY, _SHARE = "hidden_group.", "hidden_edges.key", "hidden_edges.share"
# Steele, Lea and Flood (2014), splitmix64; the constants as signed numbers.
_STEP, _FIRST, _SECOND = -7046029254386353131, -4658895280553007687, -7723592293110705685


def hide_groups(batch: ProteinBatch, purpose: str, member: Int[Tensor, "residue member"]) -> ProteinBatch:
    """Return the batch with one group per residue hidden: itself and its `member` rows (itself where it has none)."""
    return batch.with_extra(**{f"{_GROUP}{purpose}": Extra("residue", member, points_into="residue")})


def hidden_groups(batch: ProteinBatch) -> dict[str, Int[Tensor, "residue member"]]:
    """Return the members of each residue's group by purpose."""
    return {name.removeprefix(_GROUP): item.value for name, item in batch.extra.items() if name.startswith(_GROUP)}


def hide_random_edges(
    batch: ProteinBatch, key: Int[Tensor, " protein"], share: Float[Tensor, " protein"]
) -> ProteinBatch:
    """Return the batch with a share of each protein's residue pairs hidden, chosen by its key."""
    return batch.with_extra(**{_KEY: Extra("protein", key), _SHARE: Extra("protein", share)})


def visible_graph(graph: Graph, batch: ProteinBatch, residue_of: Int[Tensor, " row"] | None = None) -> Graph:
    """Return the graph without the edges that the batch hides; the same graph where it hides none.

    Where the rows of the graph are nodes of residues, `residue_of` names the residue of each: what is hidden between
    two residues is hidden between all of their nodes.
    """
    if _KEY not in batch.extra and not hidden_groups(batch):
        return graph
    if residue_of is None:
        residue_of = torch.arange(batch.num_residues, device=batch.device)
    pairs = _group_pairs(batch)
    if isinstance(graph, NeighbourTable):
        row = residue_of[:, None].expand_as(graph.neighbour)
        return _filtered_table(graph, graph.is_edge & ~_is_hidden(batch, pairs, residue_of[graph.neighbour], row))
    if isinstance(graph, RelationEdges):
        relations = tuple(_filtered_edges(batch, pairs, edges, residue_of) for edges in graph.relations)
        return RelationEdges(graph.names, relations)
    return _filtered_edges(batch, pairs, graph, residue_of)


def _filtered_table(table: NeighbourTable, is_edge: Bool[Tensor, "residue k"]) -> NeighbourTable:
    """Return the table with these edges alone, which again fill each row from the left."""
    order = torch.sort(~is_edge, dim=1, stable=True).indices
    is_edge = is_edge.gather(1, order)
    itself = torch.arange(len(is_edge), device=is_edge.device)[:, None]
    neighbour = torch.where(is_edge, table.neighbour.gather(1, order), itself)
    return NeighbourTable(neighbour, is_edge, torch.where(is_edge, table.distance.gather(1, order), 0.0))


def _filtered_edges(
    batch: ProteinBatch, pairs: Int[Tensor, " pair"], edges: SegmentedEdges, residue_of: Int[Tensor, " row"]
) -> SegmentedEdges:
    is_kept = ~_is_hidden(batch, pairs, residue_of[edges.source], residue_of[edges.target])
    target = edges.target[is_kept]
    degree = torch.bincount(target, minlength=len(residue_of))
    return SegmentedEdges(ptr_from_lengths(degree), edges.source[is_kept], target, edges.distance[is_kept])


def _is_hidden(
    batch: ProteinBatch, pairs: Int[Tensor, " pair"], source: Int[Tensor, "*edge"], target: Int[Tensor, "*edge"]
) -> Bool[Tensor, "*edge"]:
    is_hidden = torch.isin(_pair_code(source, target, batch.num_residues), pairs)
    if _KEY in batch.extra:
        protein, place = batch.protein_of()[target], batch.index_in_protein()
        drawn = _uniform(batch.extra[_KEY].value[protein], place[source], place[target])
        is_hidden = is_hidden | (drawn < batch.extra[_SHARE].value[protein])
    return is_hidden & (source != target)


def _group_pairs(batch: ProteinBatch) -> Int[Tensor, " pair"]:
    """Return the codes of all pairs of different residues inside the groups."""
    row = torch.arange(batch.num_residues, device=batch.device)[:, None]
    codes = [row.new_zeros(0)]
    for member in hidden_groups(batch).values():
        group = torch.cat([row, member], dim=1)
        for first, second in combinations(group.unbind(1), 2):
            code = _pair_code(first, second, batch.num_residues)
            codes.append(code[first != second])
    return torch.cat(codes).unique()


def _pair_code(a: Int[Tensor, "*edge"], b: Int[Tensor, "*edge"], num_residues: int) -> Int[Tensor, "*edge"]:
    return torch.minimum(a, b) * num_residues + torch.maximum(a, b)


def _uniform(key: Int[Tensor, "*edge"], a: Int[Tensor, "*edge"], b: Int[Tensor, "*edge"]) -> Float[Tensor, "*edge"]:
    """Return a number in [0, 1) for each key and unordered pair; products wrap around, as they must."""
    mixed = key
    for part in (torch.minimum(a, b), torch.maximum(a, b)):
        mixed = _mixed(mixed + (part + 1) * _STEP)
    return ((mixed >> 11) & ((1 << 53) - 1)).double() / (1 << 53)


def _mixed(value: Int[Tensor, "*edge"]) -> Int[Tensor, "*edge"]:
    # A shift of a signed number brings its sign along; the mask takes it away.
    value = (value ^ ((value >> 30) & ((1 << 34) - 1))) * _FIRST
    value = (value ^ ((value >> 27) & ((1 << 37) - 1))) * _SECOND
    return value ^ ((value >> 31) & ((1 << 33) - 1))
