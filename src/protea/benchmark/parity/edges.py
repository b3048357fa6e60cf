"""Graphs and edge features on reference coordinates.

A graph is compared as a set of edges, since the order inside a target is not meaningful in every golden. Edges whose
distance lies within the card's tolerance of the limit (the k-th neighbour, the radius) may be taken either way.
"""

import re
from collections.abc import Callable, Mapping

import numpy as np
import torch
from jaxtyping import Float, Int

from protea.benchmark.parity.card import FeatureTolerance
from protea.benchmark.parity.comparison import Comparison, compare
from protea.features.edge_features.direction import DIRECTION
from protea.features.edge_features.distance import DISTANCE
from protea.features.edge_features.offset_embedding import OFFSET_EMBEDDING
from protea.features.edges.catalogue import GraphConfig, KNearest, Radius, Sequential
from protea.features.interface import EdgeFeature, FeaturisedBatch, RelationEdges, edge_index_of
from protea.protein.batch import ProteinBatch

__all__ = ["compare_edges", "edge_set_difference"]

_EDGES = re.compile(r"^(?P<graph>knn(?P<k>\d+)|eps(?P<radius>[\d.]+)|seq_(?P<way>forward|backward))_(?P<what>.+)$")
_FEATURES: Mapping[str, EdgeFeature] = {
    "edge_distance": DISTANCE,
    "edge_vectors": DIRECTION,
    "sequence_pos_emb": OFFSET_EMBEDDING,
}
_MOST_NEIGHBOURS = 32
"""The reference keeps this many neighbours of a radius graph, in the order of its tree: not the nearest."""


def compare_edges(
    batch: ProteinBatch, inputs: FeaturisedBatch, expected: Mapping[str, np.ndarray], precision: str,
    bounds: FeatureTolerance,
) -> tuple[list[Comparison], dict[str, str]]:  # fmt: skip
    """Return the comparison of every graph and edge feature among the expected arrays, and what was left aside.

    Edge features are computed on the reference's own edges; the float64 goldens hold none, and take those of float32,
    which the graph comparison has judged.
    """
    comparisons: list[Comparison] = []
    aside: dict[str, str] = {}
    for name, wanted in expected.items():
        match = _EDGES.match(name)
        if match is None:
            continue
        graph, what = match["graph"], match["what"]
        if what in {"edge_index", "edge_index_single"}:
            comparisons.append(_graph(name, batch, inputs, match, wanted, bounds.distance))
        elif what == "edge_index_reference":
            aside[name] = "edges across chain borders, a defect of the reference"
        elif what in _FEATURES and f"{graph}_edge_index" in expected:
            edge_index = torch.from_numpy(expected[f"{graph}_edge_index"])
            found = _FEATURES[what].compute(inputs, edge_index).numpy()
            bound = bounds.distance if what == "edge_distance" else bounds.positional
            comparisons.append(compare(name, precision, found.reshape(wanted.shape), wanted, absolute=bound))
        elif what in _FEATURES:
            comparisons += _sorted_distances(name, batch, inputs, match, wanted, precision, bounds)
    return comparisons, aside


def _config(match: re.Match[str]) -> GraphConfig:
    if match["k"]:
        return KNearest(k=int(match["k"]))
    if match["radius"]:
        return Radius(radius=float(match["radius"]))
    return Sequential(offsets=(1 if match["way"] == "forward" else -1,))


def _ours(batch: ProteinBatch, inputs: FeaturisedBatch, config: GraphConfig) -> Int[np.ndarray, "2 edge"]:
    graph = config.build(inputs.position, inputs.is_resolved, batch.residue_ptr, batch.chain_of)
    assert not isinstance(graph, RelationEdges)  # none of these has types
    return edge_index_of(graph).numpy()


def _graph(
    name: str, batch: ProteinBatch, inputs: FeaturisedBatch, match: re.Match[str], wanted: np.ndarray, bound: float
) -> Comparison:
    """Return which share of the reference's edges is not ours or the reverse, ties at the limit apart."""
    position = inputs.position.numpy().astype(np.float64)
    found = _ours(batch, inputs, _config(match))
    is_cut = np.zeros(len(position), bool)
    limit: Callable[[np.ndarray], np.ndarray] | None = None
    if match["k"]:
        farthest = np.zeros(len(position))
        np.maximum.at(farthest, found[1], _length(position, found))
        limit = lambda edges: farthest[edges[1]]  # noqa: E731 - one line, used once
    elif match["radius"]:
        radius = float(match["radius"])
        limit = lambda edges: np.full(edges.shape[1], radius)  # noqa: E731
        is_cut = np.bincount(found[1], minlength=len(position)) > _MOST_NEIGHBOURS
    difference, num_ties = edge_set_difference(position, found, wanted, limit, is_cut, bound)
    notes = [f"{wanted.shape[1]} edges"]
    notes += [f"{num_ties} ties at the limit"] if num_ties else []
    notes += [f"{int(is_cut.sum())} residues above {_MOST_NEIGHBOURS} neighbours left out"] if is_cut.any() else []
    return Comparison(name, "exact", difference, 0.0, ", ".join(notes))


def edge_set_difference(
    position: Float[np.ndarray, "residue 3"], found: Int[np.ndarray, "2 edge"], wanted: Int[np.ndarray, "2 other"],
    limit: Callable[[np.ndarray], np.ndarray] | None, is_cut: np.ndarray, bound: float,
) -> tuple[float, int]:  # fmt: skip
    """Return the share of edges that only one of two graphs has, and how many are excused as ties at the limit."""
    found, wanted = found[:, ~is_cut[found[1]]], wanted[:, ~is_cut[wanted[1]]]
    size = len(position)
    ours, theirs = found[0] * size + found[1], wanted[0] * size + wanted[1]
    only_one = np.setxor1d(ours, theirs)
    edges = np.stack([only_one // size, only_one % size])
    is_tie = np.zeros(len(only_one), bool)
    if limit is not None and len(only_one):
        is_tie = np.abs(_length(position, edges) - limit(edges)) <= bound
    # An edge that stands twice is a difference too.
    num_twice = abs((len(ours) - len(np.unique(ours))) - (len(theirs) - len(np.unique(theirs))))
    return float((~is_tie).sum() + num_twice) / max(len(theirs), 1), int(is_tie.sum())


def _length(position: Float[np.ndarray, "residue 3"], edges: Int[np.ndarray, "2 edge"]) -> Float[np.ndarray, " edge"]:
    return np.asarray(np.linalg.norm(position[edges[0]] - position[edges[1]], axis=1))


def _sorted_distances(
    name: str, batch: ProteinBatch, inputs: FeaturisedBatch, match: re.Match[str], wanted: np.ndarray, precision: str,
    bounds: FeatureTolerance,
) -> list[Comparison]:  # fmt: skip
    """Return the comparison of k-nearest distances in their own order, which needs no edge list."""
    if match["what"] != "edge_distance" or not match["k"]:
        return []
    found = DISTANCE.compute(inputs, torch.from_numpy(_ours(batch, inputs, _config(match)))).numpy()
    return [compare(name, precision, found.reshape(-1, 1), wanted.reshape(-1, 1), absolute=bounds.distance)]
