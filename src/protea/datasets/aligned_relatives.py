"""The relatives of one sequence among others, each aligned onto its positions."""

from collections.abc import Sequence

import numpy as np
from jaxtyping import Int8

from protea.datasets.sequence_search import SearchSettings, search_table
from protea.protein.alphabets import UNKNOWN_RESIDUE, encode_sequence

__all__ = ["NO_LETTER", "aligned_relatives"]

NO_LETTER = -1
"""At positions that an alignment leaves out, where a relative has a gap, or where its letter is no standard residue."""


def aligned_relatives(
    query: str, targets: Sequence[str], settings: SearchSettings | None = None, *, num_threads: int = 1
) -> Int8[np.ndarray, "relative position"]:
    """Return residue types (0-19, else -1) of each relative, in the order of the targets.

    What a relative inserts between two positions of the query is left out. A target equal to the query is a relative.
    """
    columns = ("target", "qstart", "qaln", "taln")
    rows = search_table([query], targets, columns, settings, num_threads=num_threads)  # one alignment of each pair
    found = np.full((len(rows), len(query)), NO_LETTER, dtype=np.int8)
    for row, (_, first, own, other) in enumerate(sorted(rows, key=lambda one: int(one[0]))):
        is_kept = np.frombuffer(own.encode("ascii"), dtype="S1") != b"-"
        letters = np.frombuffer(other.encode("ascii"), dtype="S1")[is_kept]
        start = int(first) - 1
        found[row, start : start + len(letters)] = _types(letters)
    return found


def _types(letters: np.ndarray) -> np.ndarray:
    is_gap = letters == b"-"
    types = encode_sequence(np.where(is_gap, b"X", letters).tobytes().decode("ascii").upper()).astype(np.int8)
    return np.where(types == UNKNOWN_RESIDUE, np.int8(NO_LETTER), types)
