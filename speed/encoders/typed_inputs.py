"""Typed edges and their line graph as plain index lists, for the peers."""

import torch

from protea.encoders.line_graph import line_incidence
from protea.encoders.relational_edges import relational_edges
from protea.features.interface import FeaturisedBatch


def edge_lists(inputs: FeaturisedBatch, relations: int) -> tuple[torch.Tensor, ...]:
    """Return (source, target, relation, distance)."""
    edges = relational_edges(inputs.graph, relations, inputs.position, 0.0)
    return edges.source, edges.target, edges.relation, edges.distance


def line_lists(inputs: FeaturisedBatch, relations: int, bins: int) -> tuple[torch.Tensor, ...]:
    """Return (from, to, bin) of the line graph."""
    edges = relational_edges(inputs.graph, relations, inputs.position, 0.0)
    line = line_incidence(edges, inputs.position, bins)
    return line.row, line.segment // bins, line.segment % bins
