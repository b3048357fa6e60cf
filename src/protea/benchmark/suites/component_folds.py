"""Folds over identity components of a store: relatives never stand on two sides of a split."""

import hashlib
from collections.abc import Sequence
from functools import partial
from pathlib import Path

import numpy as np

from protea.benchmark.suites.interface import SuiteData
from protea.cluster.made_once import cached_file
from protea.datasets.components import Components, chain_sequences, identity_components
from protea.datasets.labels import LabelTable
from protea.datasets.sequence_search import SearchSettings, mmseqs_version
from protea.datasets.splits import k_fold
from protea.datasets.store import Store
from protea.protein.batch import ProteinBatch
from protea.training.data import Rows

__all__ = ["components_of_store", "folded_data", "load_batch"]


def components_of_store(store: Store, min_identity: float, cache: Path, ids: Sequence[str] | None = None) -> Components:
    """Return the identity components of a store or of some of its proteins, computed once for each choice."""
    settings = SearchSettings(min_identity=min_identity)
    chosen = ("all",) if ids is None else ids
    text = "\n".join([store.fingerprint, settings.model_dump_json(), mmseqs_version(), *chosen])

    def find(path: Path) -> None:
        proteins = store if ids is None else (store[row] for row in store.rows_of(ids))
        chains = {protein.id: chain_sequences(protein) for protein in proteins}
        identity_components(chains, settings).save(path)

    key = hashlib.sha256(text.encode()).hexdigest()[:24]
    return Components.load(cached_file(cache / f"components-{key}.json", find))


def folded_data(
    store: Store, notes: tuple[str, ...], labels: tuple[str, ...], variant: str, cache: Path, min_identity: float,
    num_folds: int, seed: int,
) -> SuiteData:  # fmt: skip
    """Return the proteins of a store under one input variant, with k folds over components, balanced by residues."""
    components = components_of_store(store, min_identity, cache)
    lengths = np.asarray(store.lengths)
    weight_of = {name: float(length) for name, length in zip(store.ids, lengths, strict=True)}
    return SuiteData(
        ids=store.ids,
        lengths=lengths,
        inputs={variant: Rows(np.arange(len(store)), lengths, partial(load_batch, store, labels))},
        folds=tuple(k_fold(components.of, k=num_folds, seed=seed, weight_of=weight_of)),
        unit_of=np.array([components.of[name] for name in store.ids]),
        fingerprint=store.fingerprint,
        notes=(*notes, f"- components at {min_identity:.0%} identity: {len(components)}"),
    )


def load_batch(store: Store, labels: tuple[str | LabelTable, ...], rows: Sequence[int]) -> ProteinBatch:
    """Return a batch with stored labels (by name) or joined ones (tables).

    A plain function, so that loader processes can receive it.
    """
    return store.batch(rows, labels)
