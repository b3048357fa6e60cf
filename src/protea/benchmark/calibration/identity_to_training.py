"""The highest sequence identity of each protein to the training set, and its band: on request, for it is slow."""

from collections.abc import Sequence
from itertools import pairwise

import numpy as np
from jaxtyping import Float, Shaped

from protea.datasets.sequence_search import SearchSettings, search
from protea.errors import InputError, describe

__all__ = ["IDENTITY_EDGES", "band_of", "identity_to_training"]

IDENTITY_EDGES = (0.3, 0.5, 0.7, 0.9)
"""Borders of the bands of identity."""


def identity_to_training(
    queries: Sequence[str], training: Sequence[str], settings: SearchSettings | None = None, *, num_threads: int = 1
) -> Float[np.ndarray, " protein"]:
    """Return the highest identity (0 to 1) among the hits of each query; 0 where the search finds none.

    A 0 says that no training protein reaches the settings' identity, coverage and E-value, not that none is alike.

    Raises:
        InputError: no query or no training sequence.
        MissingExtraError: MMseqs2 is not installed.
    """
    hits = search(queries, training, settings, num_threads=num_threads)
    found = np.zeros(len(queries))
    np.maximum.at(found, hits.query, hits.identity)
    return found


def band_of(
    number: Shaped[np.ndarray, "..."], edges: Sequence[float | int] = IDENTITY_EDGES, unit: str = "%"
) -> Shaped[np.ndarray, " protein"]:
    """Return the name of the band of each number, such as `30 to 50 %`; a border belongs to the band above it.

    Args:
        number: identities from 0 to 1 (`unit` is %), or lengths and the like.
        edges: rising borders.
        unit: written behind the borders; shares are written in per cent.

    Raises:
        InputError: borders that do not rise.
    """
    if list(edges) != sorted(set(edges)) or not edges:
        raise InputError(describe(f"edges {tuple(edges)}", expected="rising numbers"))
    text = [f"{edge * 100:g}" if unit == "%" else f"{edge:g}" for edge in edges]
    suffix = f" {unit}" if unit else ""
    middle = [f"{low} to {high}{suffix}" for low, high in pairwise(text)]
    names = [f"below {text[0]}{suffix}", *middle, f"{text[-1]}{suffix} or more"]
    return np.array(names)[np.digitize(number, edges)]
