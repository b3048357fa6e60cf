"""What a sequence is made of, in columns: shares of letters, of pairs, and of triples of seven groups of letters.

The plainest description that tells families apart, for as long as no trained language model is at hand. Shares are
square-rooted, so that two compositions are compared by their Hellinger distance. Axes: protein, column.
"""

from collections.abc import Sequence

import numpy as np
from jaxtyping import Float, Int

from protea.errors import InputError, describe
from protea.protein.alphabets import STANDARD_LETTERS

__all__ = ["NUM_COLUMNS", "has_columns", "sequence_columns"]

_GROUPS = ("AGV", "ILFP", "YMTS", "HNQW", "RK", "DE", "C")
"""Letters alike in dipole and volume (Shen et al., PNAS 104, 4337, 2007: the conjoint triads)."""
_NUM_LETTERS, _NUM_GROUPS = len(STANDARD_LETTERS), len(_GROUPS)
NUM_COLUMNS = _NUM_LETTERS + _NUM_LETTERS**2 + _NUM_GROUPS**3 + 1
"""764: letters, pairs, triples of groups, and the logarithm of the length."""


def _code_of(groups: Sequence[str]) -> Int[np.ndarray, " byte"]:
    """Return the number of the group that a letter is in, by its byte; -1 for any other."""
    found = np.full(256, -1)
    for number, letters in enumerate(groups):
        found[[ord(letter) for letter in letters]] = number
    return found


_LETTER_OF, _GROUP_OF = _code_of(STANDARD_LETTERS), _code_of(_GROUPS)


def has_columns(sequence: str) -> bool:
    """Return whether a sequence holds any of the twenty letters: without one there is nothing to count."""
    return any(letter in STANDARD_LETTERS for letter in sequence)


def sequence_columns(sequences: Sequence[str]) -> Float[np.ndarray, "protein column"]:
    """Return the columns of each sequence as float32; windows with a letter outside the twenty are not counted.

    Raises:
        InputError: a sequence without any of the twenty letters.
    """
    found = np.empty((len(sequences), NUM_COLUMNS), dtype=np.float32)
    for row, sequence in enumerate(sequences):
        code = np.frombuffer(sequence.encode("ascii", "replace"), np.uint8)
        letter, group = _LETTER_OF[code], _GROUP_OF[code]
        if not (letter >= 0).any():
            raise InputError(
                describe("a sequence without standard letters", where=f"sequence {row}", found=repr(sequence[:40]))
            )
        parts = [_shares(letter, 1, _NUM_LETTERS), _shares(letter, 2, _NUM_LETTERS), _shares(group, 3, _NUM_GROUPS)]
        found[row] = np.concatenate([*(np.sqrt(part) for part in parts), [np.log(len(sequence))]])
    return found


def _shares(code: Int[np.ndarray, " residue"], width: int, base: int) -> Float[np.ndarray, " window"]:
    """Return the share of each kind of window of `width` neighbours; zeros for a sequence without any window."""
    num_windows = max(len(code) - width + 1, 0)
    windows = np.stack([code[place : place + num_windows] for place in range(width)])
    kept = windows[:, (windows >= 0).all(axis=0)]
    kind = (kept * base ** np.arange(width - 1, -1, -1)[:, None]).sum(axis=0)
    return np.bincount(kind, minlength=base**width) / max(kept.shape[1], 1)
