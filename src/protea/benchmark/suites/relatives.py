"""Which test proteins have no relative in training and validation: what a published split leaves of an honest test."""

import hashlib
import json
from pathlib import Path

from protea.cluster.made_once import cached_file
from protea.datasets.components import chain_sequences
from protea.datasets.sequence_search import SearchSettings, search
from protea.datasets.splits import Split
from protea.datasets.store import Store

__all__ = ["without_relatives"]


def without_relatives(store: Store, split: Split, min_identity: float, cache: Path) -> frozenset[str]:
    """Return the test proteins none of whose chains resembles one of training or validation, searched for once.

    Chains resemble each other if they are equal, or aligned at the identity and the coverage, of either chain, of
    `SearchSettings`: also a chain that is a part of a longer one.
    """
    parts = "\n".join("\t".join(part) for part in (split.train, split.validation, split.test))
    key = hashlib.sha256(f"{store.fingerprint}\n{min_identity} of either\n{parts}".encode()).hexdigest()[:16]
    path = cached_file(
        cache / f"without-relatives-{key}.json",
        lambda draft: draft.write_text(json.dumps(sorted(_without(store, split, min_identity))), encoding="utf-8"),
    )
    return frozenset(json.loads(path.read_text(encoding="utf-8")))


def _without(store: Store, split: Split, min_identity: float) -> set[str]:
    seen = {chain for id in (*split.train, *split.validation) for chain in _chains(store, id)}
    owners: dict[str, set[str]] = {}
    for id in split.test:
        for chain in _chains(store, id):
            owners.setdefault(chain, set()).add(id)
    known, asked = sorted(seen - {""}), sorted(owners.keys() - {""})
    related: set[str] = set()
    if known and asked:
        settings = SearchSettings(min_identity=min_identity)
        # Coverage is of the query, so either side asks once.
        rows = {*search(asked, known, settings).query.tolist(), *search(known, asked, settings).target.tolist()}
        related = {asked[row] for row in rows}
    found = set(split.test)
    for chain in related | (owners.keys() & seen):
        found -= owners[chain]
    return found


def _chains(store: Store, id: str) -> tuple[str, ...]:
    (row,) = store.rows_of((id,))
    return chain_sequences(store[row])
