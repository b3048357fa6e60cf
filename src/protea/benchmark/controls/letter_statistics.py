"""What letters alone say of a hidden residue: how often each is, in all proteins or its own, and between which letters.

The floor of a language model, at the same hidden places with the same corrupted neighbours. Probabilities of longer
contexts lean on those of shorter ones (Dirichlet prior of a chosen weight), so an unseen context falls back to what is
known of a shorter one, and a short protein to all proteins. Letters are residue types; 20 is unknown, 21 stands beyond
the ends.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from jaxtyping import Float, Int

from protea.protein.alphabets import UNKNOWN_RESIDUE

__all__ = ["CONTEXTS", "LetterStatistics", "contexts_of"]

_BEYOND = 21
_NUM_SYMBOLS = 22
CONTEXTS: tuple[tuple[int, ...], ...] = ((), (-1,), (-1, 1), (-2, -1, 1), (-2, -1, 1, 2))
"""Offsets of the neighbours that each level sees, from none to two on each side."""


def contexts_of(
    residue_type: Int[np.ndarray, " residue"], residue_ptr: Int[np.ndarray, " protein_plus_1"], offsets: Sequence[int]
) -> Int[np.ndarray, " residue"]:
    """Return a number for the letters at the offsets of every residue; neighbours never cross a protein's border."""
    place = np.arange(len(residue_type))
    protein_of = np.repeat(np.arange(len(residue_ptr) - 1), np.diff(residue_ptr))
    code = np.zeros(len(residue_type), dtype=np.int64)
    for offset in offsets:
        at = np.clip(place + offset, 0, max(len(place) - 1, 0))
        is_inside = (place + offset == at) & (protein_of[at] == protein_of)
        code = code * _NUM_SYMBOLS + np.where(is_inside, residue_type[at], _BEYOND)
    return code


@dataclass(frozen=True, eq=False)
class LetterStatistics:
    """Counts of letters by context, one table [context, letter] per level of `CONTEXTS`."""

    counts: tuple[np.ndarray, ...]

    @classmethod
    def of(cls, sequences: Iterable[Int[np.ndarray, " residue"]]) -> "LetterStatistics":
        """Return the counts of training sequences; unknown residues are context, never an answer."""
        tables = [np.zeros((_NUM_SYMBOLS ** len(offsets), UNKNOWN_RESIDUE), dtype=np.int64) for offsets in CONTEXTS]
        for letters in sequences:
            ptr = np.array([0, len(letters)])
            is_known = letters < UNKNOWN_RESIDUE
            for table, offsets in zip(tables, CONTEXTS, strict=True):
                code = contexts_of(letters, ptr, offsets)[is_known]
                np.add.at(table, (code, letters[is_known]), 1)
        return cls(tuple(tables))

    def log_probabilities(
        self, residue_type: Int[np.ndarray, " residue"], residue_ptr: Int[np.ndarray, " protein_plus_1"],
        prior_weight: float, num_levels: int = len(CONTEXTS),
    ) -> Float[np.ndarray, "residue 20"]:  # fmt: skip
        """Return the natural log-probability of every letter at every place, seen from its neighbours.

        Args:
            residue_type: what the neighbours are; the residue itself is not looked at.
            residue_ptr: where proteins begin.
            prior_weight: how many counts the shorter context is worth.
            num_levels: how many levels are used; 1 is the frequency of letters.
        """
        found = np.full((len(residue_type), UNKNOWN_RESIDUE), 1.0 / UNKNOWN_RESIDUE)
        for table, offsets in zip(self.counts[:num_levels], CONTEXTS, strict=False):
            seen = table[contexts_of(residue_type, residue_ptr, offsets)]
            found = (seen + prior_weight * found) / (seen.sum(1, keepdims=True) + prior_weight)
        return np.log(found)

    def log_probabilities_of_composition(
        self, residue_type: Int[np.ndarray, " residue"], residue_ptr: Int[np.ndarray, " protein_plus_1"],
        prior_weight: float,
    ) -> Float[np.ndarray, "residue 20"]:  # fmt: skip
        """Return the natural log-probability of every letter at every place, from the other letters of its protein.

        Args:
            residue_type: what they are; unknown ones do not count, nor does the residue itself.
            residue_ptr: where proteins begin.
            prior_weight: how many letters the frequencies of all proteins are worth.
        """
        frequency = (self.counts[0][0] + 1) / (self.counts[0].sum() + UNKNOWN_RESIDUE)
        is_letter = residue_type[:, None] == np.arange(UNKNOWN_RESIDUE)
        before = np.concatenate([np.zeros((1, UNKNOWN_RESIDUE), np.int64), is_letter.cumsum(axis=0)])
        own = np.repeat(np.diff(before[residue_ptr], axis=0), np.diff(residue_ptr), axis=0) - is_letter
        return np.log((own + prior_weight * frequency) / (own.sum(axis=1, keepdims=True) + prior_weight))
