"""What a model reads beside the structures: the embeddings of its scheme, joined to each batch as it is loaded."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from protea.datasets.stored_embeddings import StoredEmbeddings
from protea.features.schemes import SchemeConfig
from protea.protein.batch import ProteinBatch
from protea.training.data import DrawRows, LoadBatch, Rows

__all__ = ["joining", "pinned", "require_embeddings", "with_embeddings"]


@dataclass(frozen=True)
class _Joined:
    """Loads a batch and joins embeddings to it, in the loader processes."""

    load: LoadBatch
    embeddings: StoredEmbeddings

    def __call__(self, rows: Sequence[int]) -> ProteinBatch:
        return self.embeddings.join(self.load(rows))


def with_embeddings(data: Rows, scheme: SchemeConfig) -> Rows:
    """Return rows that are loaded with the embeddings that the scheme asks for; the same rows where it asks for none.

    Embeddings are joined to the clean batch: an objective corrupts, crops or hides what it does afterwards.
    """
    if scheme.embedding is None:
        return data
    return _joined(data, scheme.embedding.open())


@dataclass(frozen=True)
class _JoinedPasses:
    """Draws the rows of a pass, to be loaded with embeddings."""

    drawn: DrawRows
    embeddings: StoredEmbeddings

    def __call__(self, number: int) -> Rows:
        return _joined(self.drawn(number), self.embeddings)


def _joined(data: Rows, embeddings: StoredEmbeddings) -> Rows:
    drawn = None if data.drawn is None else _JoinedPasses(data.drawn, embeddings)
    return replace(data, load=_Joined(data.load, embeddings), drawn=drawn)


def joining(scheme: SchemeConfig) -> Callable[[ProteinBatch], ProteinBatch]:
    """Return what joins to a batch the embeddings that the scheme asks for; it changes nothing where it asks for none.

    The folder is opened at the first batch and once. Joining raises InputError where the folder lacks a protein of this
    id and sequence, ConfigError where it is of another width or another model made it.
    """
    return _unchanged if scheme.embedding is None else scheme.embedding.open().join


def _unchanged(batch: ProteinBatch) -> ProteinBatch:
    return batch


def require_embeddings(scheme: SchemeConfig, ids: Sequence[str], lengths: Sequence[int]) -> None:
    """Raise InputError where a protein has no embedding, before anything is trained; do nothing where none is asked.

    Raises:
        InputError: if the folder lacks a protein, or holds it twice or with another length.
        ConfigError: if the folder is of another width, or another model made it.
    """
    if scheme.embedding is not None:
        scheme.embedding.open().require(ids, lengths)


def pinned(scheme: SchemeConfig) -> SchemeConfig:
    """Return the scheme with the digest of what made its embeddings, so that a run refuses any other from then on.

    Raises:
        InputError: if there is no such folder.
        ConfigError: if the folder is of another width, or another model made it than the configuration says.
    """
    embedding = scheme.embedding
    if embedding is None:
        return scheme
    made = embedding.model_copy(update={"made_by": embedding.open().found.made_by})
    return scheme.model_copy(update={"embedding": made})
