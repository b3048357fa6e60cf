"""How a vocabulary spells residues: which tokens a residue letter has, and what hides a residue.

Most vocabularies have one token per letter and one mask. Where a token is a residue letter with a structure letter
(SaProt), a letter has a token per structure letter, whose probabilities are summed, and a residue is hidden by `#` in
the place of its letter: the structure letter stays.
"""

import torch
from jaxtyping import Bool, Float, Int
from torch import Tensor

from protea.encoders.language.vocabulary import Vocabulary
from protea.protein.alphabets import STANDARD_LETTERS

__all__ = [
    "HIDDEN_LETTER",
    "is_scored",
    "letter_log_probabilities",
    "own_log_probability",
    "replaced_unit",
    "residue_letters",
]

HIDDEN_LETTER = "#"
"""The residue letter of tokens that hide a residue and show its structure."""


def residue_letters(vocabulary: Vocabulary, sequence: str) -> str:
    """Return one residue letter per residue of a sequence as the model reads it; X for a named or hidden one."""
    letters = (unit[0] if not unit.startswith("<") else "X" for unit in vocabulary.split(sequence))
    return "".join("X" if letter == HIDDEN_LETTER else letter for letter in letters)


def replaced_unit(vocabulary: Vocabulary, unit: str, letter: str | None) -> str:
    """Return what stands for a residue after its letter was replaced (None: hidden); structure letters stay."""
    if vocabulary.letters_per_residue == 1:
        return vocabulary.mask if letter is None else letter
    shown = HIDDEN_LETTER if unit.startswith("<") else unit[1:]
    return (HIDDEN_LETTER if letter is None else letter) + shown


def letter_log_probabilities(
    vocabulary: Vocabulary, log_probability: Float[Tensor, "place token"]
) -> Float[Tensor, "place 20"]:
    """Return the log-probabilities of the standard letters, in their order, from those of tokens."""
    columns = torch.stack([_columns(vocabulary, letter) for letter in STANDARD_LETTERS])
    return _over(log_probability, columns)


def own_log_probability(
    vocabulary: Vocabulary, units: list[str], log_probability: Float[Tensor, "place token"]
) -> Float[Tensor, " place"]:
    """Return, for each place, the log-probability of the letter of the unit that stands there.

    A letter without a score of its own stands for any that has one, and these sum to 1: its logarithm is 0.
    """
    columns = torch.stack([_columns(vocabulary, unit) for unit in units])
    if columns.shape[1] == 1:
        is_known = columns < log_probability.shape[1]
        return log_probability.gather(1, columns.where(is_known, 0)).where(is_known, 0.0)[:, 0]
    return log_probability.gather(1, columns).logsumexp(1)


def is_scored(vocabulary: Vocabulary, units: list[str], num_letters: int) -> Bool[Tensor, " place"]:
    """Return of which units a head of this many letters scores the letter (that of `protea_mini` does not score X)."""
    return torch.stack([(_columns(vocabulary, unit) < num_letters).all() for unit in units])


def _over(log_probability: Float[Tensor, "place token"], columns: Int[Tensor, "letter spelling"]) -> Tensor:
    found = log_probability[:, columns]
    return found[:, :, 0] if columns.shape[1] == 1 else found.logsumexp(2)


def _columns(vocabulary: Vocabulary, unit: str) -> Int[Tensor, " spelling"]:
    """Return the ids of the tokens whose residue letter is that of a unit."""
    if vocabulary.letters_per_residue == 1:
        special = vocabulary.num_before
        return vocabulary.encode(unit)[special : special + 1]
    letter = HIDDEN_LETTER if unit.startswith("<") else unit[0]
    size = vocabulary.letters_per_residue
    return torch.tensor([
        number for number, token in enumerate(vocabulary.tokens) if len(token) == size and token[0] == letter
    ])  # fmt: skip
