"""Whether a protein is like anything in the training set: distances in embedding space, against held-out proteins.

A distance says nothing by itself, so it is read as a percentile among held-out proteins of the training distribution:
up to the 95th a protein is `in_domain`. Both distances see only what the embedding sees. Axes: protein, channel, held.
"""

import json
import zlib
from dataclasses import dataclass
from pathlib import Path
from zipfile import BadZipFile, is_zipfile

import numpy as np
from jaxtyping import Bool, Float
from sklearn.covariance import ledoit_wolf
from sklearn.neighbors import NearestNeighbors
from threadpoolctl import threadpool_limits

from protea.encoders.weights.kept_files import require_kept
from protea.errors import FileFormatError, InputError, describe
from protea.metrics.samples import require_finite

__all__ = ["Domain", "DomainReading", "fit_domain", "load_domain", "save_domain"]

_ARRAYS = ("training", "mean", "precision_factor", "held_neighbour", "held_mahalanobis")
_DO = "Copy the whole folder again from where it was written, or write it anew."


@dataclass(frozen=True, eq=False)
class DomainReading:
    """Distances of proteins to the training set, and what share of held-out proteins lies nearer (0 to 1)."""

    neighbour_distance: Float[np.ndarray, " protein"]
    """Mean distance of the k nearest training proteins, in units of the embedding's mean channel deviation."""
    neighbour_percentile: Float[np.ndarray, " protein"]
    mahalanobis: Float[np.ndarray, " protein"]
    mahalanobis_percentile: Float[np.ndarray, " protein"]
    in_domain: Bool[np.ndarray, " protein"]
    """Both percentiles are at most the limit."""


@dataclass(frozen=True, eq=False)
class Domain:
    """The training embeddings, scaled, and how far held-out proteins of the same distribution are from them."""

    training: Float[np.ndarray, "training channel"]
    mean: Float[np.ndarray, " channel"]
    precision_factor: Float[np.ndarray, "channel channel"]
    """Square root of the inverse covariance: the length of (x - mean) @ factor is the Mahalanobis distance."""
    held_neighbour: Float[np.ndarray, " held"]
    """Sorted."""
    held_mahalanobis: Float[np.ndarray, " held"]
    """Sorted."""
    num_neighbours: int
    scale: float
    limit: float

    def read(self, embedding: Float[np.ndarray, "..."]) -> DomainReading:
        """Return distances, percentiles and the light of each protein.

        Raises:
            InputError: another number of channels, NaN or infinity.
        """
        near, far = _distances(self, embedding)
        near_share = np.searchsorted(self.held_neighbour, near, side="left") / self.held_neighbour.size
        far_share = np.searchsorted(self.held_mahalanobis, far, side="left") / self.held_mahalanobis.size
        is_in = (near_share <= self.limit) & (far_share <= self.limit)
        return DomainReading(near, near_share, far, far_share, is_in)


def _distances(domain: Domain, embedding: Float[np.ndarray, "..."]) -> tuple[np.ndarray, np.ndarray]:
    if embedding.ndim != 2 or embedding.shape[1] != domain.mean.size:
        raise InputError(describe(f"embeddings of shape {embedding.shape}", expected=f"[protein, {domain.mean.size}]"))
    scaled = require_finite(embedding, "embedding") / domain.scale
    with threadpool_limits(1):
        found = NearestNeighbors(n_neighbors=domain.num_neighbours).fit(domain.training).kneighbors(scaled)[0]
    return found.mean(axis=1), np.linalg.norm((scaled - domain.mean) @ domain.precision_factor, axis=1)


def fit_domain(
    training: Float[np.ndarray, "..."],
    held_out: Float[np.ndarray, "..."],
    num_neighbours: int = 5,
    limit: float = 0.95,
) -> Domain:
    """Return the domain of a training set.

    Args:
        training: embeddings of the training proteins.
        held_out: those of proteins of the same distribution that were not trained on; with fewer than 20 the limit is
            hardly known. Training proteins themselves would be too near: each is its own neighbour.
        num_neighbours: neighbours that the mean distance is over.
        limit: percentile of held-out proteins up to which a protein is in the domain.

    Raises:
        InputError: widths that differ, fewer training proteins than neighbours, fewer than 20 held out, a constant
            embedding, NaN or infinity.
    """
    known, held = require_finite(training, "training embedding"), require_finite(held_out, "held-out embedding")
    if known.ndim != 2 or held.ndim != 2 or known.shape[1] != held.shape[1] or len(known) < max(num_neighbours, 2):
        raise InputError(
            describe(f"embeddings {known.shape} and {held.shape}", expected=f"alike, {num_neighbours} rows or more")
        )
    if len(held) < 20:
        raise InputError(describe(f"{len(held)} held-out proteins", expected="20 or more, better 200"))
    scale = float(known.std(axis=0).mean())
    if scale == 0.0:
        raise InputError(describe("all training embeddings are equal", expected="embeddings that differ"))
    scaled = known / scale
    # Shrunk towards a multiple of the identity (Ledoit and Wolf, 2004), so it exists with fewer proteins than channels.
    covariance = ledoit_wolf(scaled)[0]
    value, vector = np.linalg.eigh(covariance)
    if value.min() <= 1e-12 * value.max():
        raise InputError(describe("the shrunk covariance has no inverse", do="Give more, and differing, proteins."))
    factor = vector / np.sqrt(value)
    empty = np.zeros(0)
    domain = Domain(scaled, scaled.mean(axis=0), factor, empty, empty, num_neighbours, scale, limit)
    near, far = _distances(domain, held)
    return Domain(scaled, domain.mean, factor, np.sort(near), np.sort(far), num_neighbours, scale, limit)


def save_domain(domain: Domain, path: Path) -> None:
    """Write a domain as npz without objects."""
    settings = {"num_neighbours": domain.num_neighbours, "scale": domain.scale, "limit": domain.limit}
    arrays = {name: getattr(domain, name) for name in _ARRAYS}
    with path.open("wb") as handle:
        np.savez_compressed(handle, settings=np.array(json.dumps(settings)), **arrays)


def load_domain(path: Path) -> Domain:
    """Return a domain written by `save_domain`.

    Raises:
        InputError: if there is no such file.
        FileFormatError: if it is damaged, or holds anything else.
    """
    require_kept(path)
    content = _arrays_of(path)
    if not {"settings", *_ARRAYS} <= set(content):
        raise FileFormatError(
            describe("not a domain", where=str(path), expected=str(_ARRAYS), found=str(sorted(content)), do=_DO)
        )
    try:
        settings = json.loads(str(content["settings"]))
        training, mean, factor, near, far = (content[name] for name in _ARRAYS)
        return Domain(training, mean, factor, near, far, **settings)
    except (TypeError, ValueError) as error:
        raise FileFormatError(
            describe("not the settings of a domain", where=str(path), found=str(error), do=_DO)
        ) from error


def _arrays_of(path: Path) -> dict[str, np.ndarray]:
    """Return all arrays of an npz; raise FileFormatError where it is none, or damaged."""
    if not is_zipfile(path):  # numpy would try other formats, whose errors are of any kind
        raise FileFormatError(describe("not an npz file, or cut", where=str(path), expected="a domain", do=_DO))
    try:
        with path.open("rb") as handle, np.load(handle, allow_pickle=False) as file:
            return {name: file[name] for name in file.files}
    except (BadZipFile, EOFError, OSError, RuntimeError, ValueError, zlib.error) as error:
        raise FileFormatError(
            describe("a damaged npz file", where=str(path), expected="a domain", found=str(error), do=_DO)
        ) from error
