"""`InteractionNetwork`: proteins, the undirected pairs of them that interact, and the types of each interaction.

Axes: protein (row of `ids`), pair (row of `pairs`), type (column of `labels`). Arrays are read-only and checked. A pair
stands once, its smaller id (in the order of strings) first; no protein interacts with itself here.
"""

import hashlib
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from types import MappingProxyType
from typing import Any, NamedTuple

import numpy as np
from jaxtyping import Bool, Int
from scipy.sparse import coo_matrix
from scipy.sparse.csgraph import connected_components

from protea.errors import ContractError, describe

__all__ = ["IncidentPairs", "InteractionNetwork", "ordered_pairs"]


class IncidentPairs(NamedTuple):
    """The pairs of each protein as CSR: those of protein p are the entries `ptr[p]` to `ptr[p + 1]`, by row of pair.

    `pair` is the row of the pair, `partner` the row of the other protein.
    """

    ptr: Int[np.ndarray, " protein_plus_1"]
    pair: Int[np.ndarray, " incidence"]
    partner: Int[np.ndarray, " incidence"]


@dataclass(frozen=True, eq=False)
class InteractionNetwork:
    """A network. `score` is a confidence per pair from 0 to 1000, where the source has one (STRING)."""

    ids: tuple[str, ...]
    pairs: Int[np.ndarray, "pair 2"]
    labels: Bool[np.ndarray, "pair type"]
    types: tuple[str, ...]
    species: tuple[str, ...]
    sequences: tuple[str, ...] | None = None
    score: Int[np.ndarray, " pair"] | None = None
    provenance: Mapping[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        object.__setattr__(self, "provenance", MappingProxyType(dict(self.provenance)))
        for name in ("ids", "types", "species"):
            object.__setattr__(self, name, tuple(getattr(self, name)))
        for name in ("pairs", "labels", "score"):
            value = getattr(self, name)
            if value is None:
                continue
            # Other whole numbers are widened; a float or a text is the caller's mistake.
            kind = np.bool_ if name == "labels" else np.int64
            if not np.can_cast(value.dtype, kind, "safe"):
                raise ContractError(describe(f"{name} of another type", expected=np.dtype(kind).name,
                                             found=str(value.dtype)))  # fmt: skip
            value = np.array(value, kind)
            value.flags.writeable = False
            object.__setattr__(self, name, value)
        self._check()

    def _check(self) -> None:
        lengths = {"species": (len(self.species), len(self.ids)), "labels": (len(self.labels), len(self.pairs)),
                   "columns of labels": (self.labels.shape[1], len(self.types))}  # fmt: skip
        if self.sequences is not None:
            lengths["sequences"] = (len(self.sequences), len(self.ids))
        if self.score is not None:
            lengths["score"] = (len(self.score), len(self.pairs))
        for name, (found, expected) in lengths.items():
            if found != expected:
                raise ContractError(describe(f"wrong number of {name}", expected=str(expected), found=str(found)))
        if len(set(self.ids)) != len(self.ids):
            twice = sorted(id for id, count in Counter(self.ids).items() if count > 1)
            raise ContractError(describe("an id stands twice", expected="each protein once", found=str(twice[:5])))
        if not len(self.pairs):
            return
        if self.pairs.min() < 0 or self.pairs.max() >= len(self.ids):
            raise ContractError(
                describe("a pair of no protein", expected=f"rows 0 to {len(self.ids) - 1}",
                         found=f"{self.pairs.min()} to {self.pairs.max()}")
            )  # fmt: skip
        rank = self._rank
        if not (rank[self.pairs[:, 0]] < rank[self.pairs[:, 1]]).all():
            row = int(np.argmin(rank[self.pairs[:, 0]] < rank[self.pairs[:, 1]]))
            raise ContractError(
                describe("a pair in the wrong order", where=f"pair {row}",
                         expected="two proteins, the smaller id first",
                         found=" ".join(self.ids[protein] for protein in self.pairs[row]))
            )  # fmt: skip
        if len(np.unique(self.pair_codes(self.pairs))) != len(self.pairs):
            raise ContractError(describe("a pair stands twice", expected="each pair once"))

    def __reduce__(self) -> tuple[Any, ...]:
        # A mapping proxy cannot be pickled.
        parts = (self.ids, self.pairs, self.labels, self.types, self.species, self.sequences, self.score)
        return InteractionNetwork, (*parts, dict(self.provenance))

    def __len__(self) -> int:
        return len(self.pairs)

    @property
    def num_proteins(self) -> int:
        """The number of proteins."""
        return len(self.ids)

    @cached_property
    def _rank(self) -> Int[np.ndarray, " protein"]:
        rank = np.empty(len(self.ids), np.int64)
        rank[sorted(range(len(self.ids)), key=self.ids.__getitem__)] = np.arange(len(self.ids))
        return rank

    @cached_property
    def row_of(self) -> Mapping[str, int]:
        """The row of each protein."""
        return MappingProxyType({id: row for row, id in enumerate(self.ids)})

    @cached_property
    def incident(self) -> IncidentPairs:
        """The pairs of each protein, in the order of the pairs."""
        end = self.pairs.reshape(-1)
        order = np.argsort(end, kind="stable")
        ptr = np.concatenate([[0], np.cumsum(np.bincount(end, minlength=self.num_proteins))]).astype(np.int64)
        found = IncidentPairs(ptr, order // 2, self.pairs[:, ::-1].reshape(-1)[order])
        for array in found:
            array.flags.writeable = False
        return found

    def degree(self) -> Int[np.ndarray, " protein"]:
        """Return the number of partners of each protein."""
        return np.diff(self.incident.ptr)

    def component(self) -> Int[np.ndarray, " protein"]:
        """Return the connected component of each protein, numbered by first protein."""
        ones = np.ones(len(self.pairs), np.int8)
        graph = coo_matrix((ones, (self.pairs[:, 0], self.pairs[:, 1])), shape=(self.num_proteins,) * 2)
        label = connected_components(graph, directed=False)[1].astype(np.int64)
        _, first, inverse = np.unique(label, return_index=True, return_inverse=True)
        return np.argsort(np.argsort(first)).astype(np.int64)[inverse]

    def pair_codes(self, pairs: Int[np.ndarray, "any_pair 2"]) -> Int[np.ndarray, " any_pair"]:
        """Return a number per pair, the same for both orders of its proteins: smaller row x proteins + larger row."""
        return pairs.min(1) * self.num_proteins + pairs.max(1)

    def with_pairs(self, keep: Bool[np.ndarray, " pair"] | Int[np.ndarray, " kept"]) -> "InteractionNetwork":
        """Return the network of the same proteins with these pairs only, in the order given."""
        return InteractionNetwork(
            self.ids, self.pairs[keep], self.labels[keep], self.types, self.species, self.sequences,
            None if self.score is None else self.score[keep], self.provenance,
        )  # fmt: skip

    def subnetwork(self, keep: Bool[np.ndarray, " protein"]) -> "InteractionNetwork":
        """Return the network of these proteins and of the pairs that lie among them; rows are numbered anew."""
        row = np.cumsum(keep) - 1
        inside = keep[self.pairs].all(1)
        rows = np.flatnonzero(keep).tolist()
        return InteractionNetwork(
            tuple(self.ids[one] for one in rows), row[self.pairs[inside]].astype(np.int64), self.labels[inside],
            self.types, tuple(self.species[one] for one in rows),
            None if self.sequences is None else tuple(self.sequences[one] for one in rows),
            None if self.score is None else self.score[inside], self.provenance,
        )  # fmt: skip

    def digest(self) -> str:
        """Return a SHA-256 of all but the provenance."""
        return self._digest

    @cached_property
    def _digest(self) -> str:
        names = (self.ids, self.types, self.species, self.sequences or ())
        digest = hashlib.sha256(b"network-1")
        for texts in names:
            digest.update(f"{len(texts)}\0{chr(0).join(texts)}\n".encode())
        for array in (self.pairs, self.labels, self.score):
            digest.update(b"none" if array is None else str(array.shape).encode() + array.tobytes())
        return digest.hexdigest()


def ordered_pairs(ids: tuple[str, ...], pairs: Int[np.ndarray, "any_pair 2"]) -> Int[np.ndarray, "any_pair 2"]:
    """Return the pairs of rows with the smaller id, in the order of strings, first."""
    names = np.array(ids, dtype=object)
    is_swapped = names[pairs[:, 0]] > names[pairs[:, 1]] if len(pairs) else np.zeros(0, bool)
    return np.where(is_swapped.astype(bool)[:, None], pairs[:, ::-1], pairs).astype(np.int64)
