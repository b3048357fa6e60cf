"""What a model reads beside the structures: stored embeddings and contacts of its scheme, joined to each batch."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any, TypeAlias

from protea.datasets.stored_contacts import StoredContacts
from protea.datasets.stored_embeddings import StoredEmbeddings
from protea.features.schemes import SchemeConfig
from protea.protein.batch import ProteinBatch
from protea.training.data import DrawRows, LoadBatch, Rows

__all__ = ["joining", "pinned", "require_embeddings", "with_embeddings"]


_Stored: TypeAlias = StoredEmbeddings | StoredContacts


def _stored(scheme: SchemeConfig) -> tuple[_Stored, ...]:
    """Return the folders that the scheme asks for, embeddings first."""
    embeddings = () if scheme.embedding is None else (scheme.embedding.open(),)
    contacts = () if scheme.contacts is None else (scheme.contacts.open(),)
    return (*embeddings, *contacts)


@dataclass(frozen=True)
class _Joins:
    """Joins to a batch what is stored of its proteins."""

    stored: tuple[_Stored, ...]

    def __call__(self, batch: ProteinBatch) -> ProteinBatch:
        for one in self.stored:
            batch = one.join(batch)
        return batch


@dataclass(frozen=True)
class _Joined:
    """Loads a batch and joins to it what is stored, in the loader processes."""

    load: LoadBatch
    join: _Joins

    def __call__(self, rows: Sequence[int]) -> ProteinBatch:
        return self.join(self.load(rows))


def with_embeddings(data: Rows, scheme: SchemeConfig) -> Rows:
    """Return rows loaded with the embeddings and contacts that the scheme asks for; the same rows where it asks none.

    They are joined to the clean batch: an objective corrupts, crops or hides what it does afterwards.
    """
    stored = _stored(scheme)
    return _joined(data, _Joins(stored)) if stored else data


@dataclass(frozen=True)
class _JoinedPasses:
    """Draws the rows of a pass, to be loaded with what is stored of them."""

    drawn: DrawRows
    join: _Joins

    def __call__(self, number: int) -> Rows:
        return _joined(self.drawn(number), self.join)


def _joined(data: Rows, join: _Joins) -> Rows:
    drawn = None if data.drawn is None else _JoinedPasses(data.drawn, join)
    return replace(data, load=_Joined(data.load, join), drawn=drawn)


def joining(scheme: SchemeConfig) -> Callable[[ProteinBatch], ProteinBatch]:
    """Return what joins to a batch the embeddings and contacts that the scheme asks for; without any, nothing.

    A folder is opened at the first batch and once. Joining raises InputError where the folder lacks a protein of this
    id and sequence, ConfigError where it is of another width or another model made it.
    """
    return _Joins(_stored(scheme))


def require_embeddings(scheme: SchemeConfig, ids: Sequence[str], lengths: Sequence[int]) -> None:
    """Raise InputError where a protein has no embedding, or no contacts, before anything is trained, if they are asked.

    Raises:
        InputError: if the folder lacks a protein, or holds it twice or with another length.
        ConfigError: if the folder is of another width, or another model made it.
    """
    for stored in _stored(scheme):
        stored.require(ids, lengths)


def pinned(scheme: SchemeConfig) -> SchemeConfig:
    """Return the scheme with the digests of what made its embeddings and contacts: a run refuses any other then.

    Raises:
        InputError: if there is no such folder.
        ConfigError: if the folder is of another width, or another model made it than the configuration says.
    """
    embedding, contacts = scheme.embedding, scheme.contacts
    changes: dict[str, Any] = {}
    if embedding is not None:
        changes["embedding"] = embedding.model_copy(update={"made_by": embedding.open().found.made_by})
    if contacts is not None:
        changes["contacts"] = contacts.model_copy(update={"made_by": contacts.open().made_by})
    return scheme.model_copy(update=changes) if changes else scheme
