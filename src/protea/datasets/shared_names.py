"""Groups of items that share a name: what a source says belongs together, brought to one group per item."""

from collections.abc import Iterable, Mapping

import numpy as np
from scipy.sparse import coo_matrix
from scipy.sparse.csgraph import connected_components

__all__ = ["groups_by_shared_names"]


def groups_by_shared_names(names_of: Mapping[str, Iterable[str]]) -> dict[str, str]:
    """Return the group of each item: items that share a name, directly or through others, are one.

    A group is called by its first item in alphabetical order; an item without a name is a group of its own.
    """
    items = sorted(names_of)
    node_of: dict[str, int] = {}  # of a name; the nodes of items come first
    links = [
        (item, node_of.setdefault(name, len(items) + len(node_of)))
        for item, names in enumerate(names_of[item] for item in items)
        for name in names
    ]
    ends = np.array(links, dtype=np.int64).reshape(-1, 2)
    num_nodes = len(items) + len(node_of)
    graph = coo_matrix((np.ones(len(ends)), (ends[:, 0], ends[:, 1])), shape=(num_nodes, num_nodes))
    label = connected_components(graph, directed=False)[1][: len(items)].tolist()
    first: dict[int, str] = {}
    for item, group in zip(items, label, strict=True):
        first.setdefault(group, item)
    return {item: first[group] for item, group in zip(items, label, strict=True)}
