"""Embeddings in the plane: by PCA (linear, exact) or UMAP (keeps neighbours; distances between groups mean nothing).

Axes: point, channel. Both give the same picture for the same input and seed.
"""

import warnings
from dataclasses import dataclass
from importlib.util import find_spec
from typing import Literal

import numpy as np
import torch
from jaxtyping import Float

from protea.errors import InputError, MissingExtraError, describe

__all__ = ["Projection", "ProjectionMethod", "project"]

ProjectionMethod = Literal["umap", "pca"]

_FEWEST = {"pca": 2, "umap": 4}


@dataclass(frozen=True, eq=False)
class Projection:
    """Points in the plane, what the axes are called, and how they were made."""

    position: Float[np.ndarray, "point 2"]
    axes: tuple[str, str]
    note: str


def project(
    embedding: Float[np.ndarray, "point channel"], method: ProjectionMethod, *, seed: int = 0, num_neighbours: int = 15,
    min_distance: float = 0.1,
) -> Projection:  # fmt: skip
    """Return the points in the plane. The last three arguments are UMAP's; PCA draws nothing at random.

    Raises:
        InputError: if there are too few points, fewer than two channels, or a value is not finite.
        MissingExtraError: if UMAP is asked for and umap-learn is not installed.
    """
    if method == "umap" and find_spec("umap") is None:
        raise MissingExtraError(
            describe("umap-learn is not installed", do="pip install 'protea[visualise]', or choose --method pca")
        )
    if len(embedding) < _FEWEST[method] or embedding.shape[1] < 2:
        raise InputError(
            describe("too little to draw", expected=f"at least {_FEWEST[method]} proteins and 2 channels",
                     found=f"{embedding.shape[0]} proteins, {embedding.shape[1]} channels")
        )  # fmt: skip
    if not np.isfinite(embedding).all():
        raise InputError(describe("an embedding is not finite", expected="finite numbers", do="Embed again."))
    if method == "pca":
        return _pca(embedding)
    return _umap(embedding, seed, min(num_neighbours, len(embedding) - 1), min_distance)


def _pca(embedding: Float[np.ndarray, "point channel"]) -> Projection:
    centred = embedding.astype(np.float64) - embedding.mean(0, dtype=np.float64)
    variance, direction = np.linalg.eigh(centred.T @ centred)
    first = direction[:, ::-1][:, :2]
    # A direction is known up to its sign: the channel that weighs most counts as positive.
    largest = first[np.abs(first).argmax(0), [0, 1]]
    position = centred @ (first * np.where(largest < 0, -1.0, 1.0))
    total = max(float(variance.clip(0).sum()), np.finfo(np.float64).tiny)
    shares = [max(float(variance[-1 - axis]), 0.0) / total for axis in (0, 1)]
    axes = tuple(f"component {axis + 1} ({100 * share:.1f} %)" for axis, share in enumerate(shares))
    return Projection(position, (axes[0], axes[1]), f"PCA: the plane holds {100 * sum(shares):.1f} % of the variance.")


def _umap(
    embedding: Float[np.ndarray, "point channel"], seed: int, num_neighbours: int, min_distance: float
) -> Projection:
    from umap import UMAP

    reducer = UMAP(
        n_neighbors=num_neighbours, min_dist=min_distance, random_state=seed, n_jobs=1,
        init="pca",  # the spectral start fails on groups that are far apart, and falls back with a warning
    )  # fmt: skip
    threads = torch.get_num_threads()
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", category=FutureWarning, module="sklearn")  # umap calls it by an old name
        position = np.asarray(reducer.fit_transform(embedding), dtype=np.float64)
    torch.set_num_threads(threads)  # its compiler sets the number of the whole process to that of the cores
    note = (
        f"UMAP of {num_neighbours} neighbours, seed {seed}: near points are alike; "
        "sizes of groups and distances between them mean nothing."
    )
    return Projection(position, ("UMAP 1", "UMAP 2"), note)
