"""Families by sequence identity: connected components of the graph of similar chains.

Two proteins belong together if any chain of one resembles any chain of the other, or through a row of such neighbours;
so no protein has a relative (as the search finds them) in another component. Single linkage makes components larger
than clusters, which is what a split without leaks needs.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from types import MappingProxyType
from typing import Any, NamedTuple

import numpy as np
from jaxtyping import Int
from scipy.sparse import coo_matrix
from scipy.sparse.csgraph import connected_components

from protea.datasets.sequence_search import SearchSettings, mmseqs_version, search
from protea.errors import FileFormatError, InputError, describe
from protea.protein.record import Protein

__all__ = [
    "Components",
    "DistinctChains",
    "chain_sequences",
    "distinct_chains",
    "identity_components",
    "join_chains",
]


@dataclass(frozen=True)
class Components:
    """The component of each protein, named by its first member (by id), and how it was computed."""

    of: Mapping[str, str]
    provenance: Mapping[str, Any]

    def __post_init__(self) -> None:
        object.__setattr__(self, "of", MappingProxyType(dict(self.of)))
        object.__setattr__(self, "provenance", MappingProxyType(dict(self.provenance)))

    def __reduce__(self) -> tuple[Any, ...]:
        return Components, (dict(self.of), dict(self.provenance))  # a mapping proxy cannot be pickled

    def __len__(self) -> int:
        return len(set(self.of.values()))

    def members(self) -> dict[str, list[str]]:
        """Return the ids of each component, largest component first."""
        found: dict[str, list[str]] = {}
        for id in sorted(self.of):
            found.setdefault(self.of[id], []).append(id)
        return dict(sorted(found.items(), key=lambda item: (-len(item[1]), item[0])))

    def save(self, path: Path) -> None:
        """Write the components as JSON."""
        tree = {"format": "protea-components-1", "provenance": dict(self.provenance), "of": dict(self.of)}
        path.write_text(json.dumps(tree, indent=1) + "\n", encoding="utf-8")

    @classmethod
    def load(cls, path: Path) -> "Components":
        """Return the components in a JSON file that `save` wrote."""
        try:
            tree = json.loads(path.read_text(encoding="utf-8"))
        except FileNotFoundError as error:
            raise InputError(describe("no such file of components", where=str(path), do="Check the path.")) from error
        except (json.JSONDecodeError, UnicodeDecodeError) as error:
            raise FileFormatError(describe("not a file of components", where=str(path), found=str(error))) from error
        if not isinstance(tree, dict) or tree.get("format") != "protea-components-1":
            raise FileFormatError(describe("not a file of components", where=str(path)))
        return cls(tree["of"], tree["provenance"])


def chain_sequences(protein: Protein) -> tuple[str, ...]:
    """Return the sequence of each chain of observed residues."""
    ptr = np.searchsorted(protein.chain_of, np.arange(len(protein.chain_ids) + 1))
    return tuple(protein.sequence[start:stop] for start, stop in pairwise(ptr))


def identity_components(
    chains_of: Mapping[str, Sequence[str]],
    settings: SearchSettings | None = None,
    *,
    together: Mapping[str, str] | None = None,
    num_threads: int = 1,
) -> Components:
    """Return the components of proteins given as chain sequences by id.

    `together` names a group per id (the complex of a docking partner, say) whose members are joined whatever their
    sequences. Coverage is met if the alignment covers enough of either chain.
    """
    settings = SearchSettings() if settings is None else settings
    if not chains_of:
        raise InputError(describe("no proteins to compare", expected="at least one"))
    chains = distinct_chains(chains_of)
    hits = search(chains.sequences, chains.sequences, settings, num_threads=num_threads) if chains.sequences else None
    pairs = [] if hits is None else list(zip(hits.query.tolist(), hits.target.tolist(), strict=True))
    provenance = {
        "method": "connected components of an all-against-all search",
        "settings": settings.model_dump(),
        "aligned_all_pairs": settings.aligns_all(len(chains.sequences) ** 2),
        "mmseqs": mmseqs_version(),
        "joined_by_group": together is not None,
    }
    return Components(join_chains(chains, pairs, together), provenance)


class DistinctChains(NamedTuple):
    """Sorted ids, distinct chain sequences, and which protein (row) has which chain (place)."""

    ids: list[str]
    sequences: list[str]
    owner: list[tuple[int, int]]


def distinct_chains(chains_of: Mapping[str, Sequence[str]]) -> DistinctChains:
    """Return the distinct chains of proteins, and who has them."""
    ids = sorted(chains_of)
    chains = [(row, chain) for row, id in enumerate(ids) for chain in chains_of[id] if chain]
    place = {sequence: index for index, sequence in enumerate(dict.fromkeys(chain for _, chain in chains))}
    return DistinctChains(ids, list(place), [(row, place[chain]) for row, chain in chains])


def join_chains(
    chains: DistinctChains, pairs: Sequence[tuple[int, int]], together: Mapping[str, str] | None = None
) -> dict[str, str]:
    """Return the component of each protein, given which pairs of distinct chains resemble each other."""
    # Graph nodes: proteins first, then distinct chains, then groups.
    first_chain, first_group = len(chains.ids), len(chains.ids) + len(chains.sequences)
    edges = [(row, first_chain + place) for row, place in chains.owner]
    edges += [(first_chain + one, first_chain + other) for one, other in pairs]
    groups: dict[str, int] = {}
    for row, id in enumerate(chains.ids):
        if together is not None and id in together:
            edges.append((row, first_group + groups.setdefault(together[id], len(groups))))
    label = _connected(edges, first_group + len(groups))[: len(chains.ids)].tolist()
    name: dict[int, str] = {}
    for id, number in zip(chains.ids, label, strict=True):
        name.setdefault(number, id)
    return {id: name[number] for id, number in zip(chains.ids, label, strict=True)}


def _connected(edges: list[tuple[int, int]], num_nodes: int) -> Int[np.ndarray, " node"]:
    pairs = np.array(edges, dtype=np.int64).reshape(-1, 2)
    graph = coo_matrix((np.ones(len(pairs), np.int8), (pairs[:, 0], pairs[:, 1])), shape=(num_nodes, num_nodes))
    _, label = connected_components(graph, directed=False)
    return label.astype(np.int64)
