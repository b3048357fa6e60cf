"""The letters behind hidden residues: all places in one reading, or the surest first, one after the other.

In one reading the places are independent given what is shown: the likeliest letters of two places need not go together.
One by one, the surest place is filled with its likeliest letter, and the rest is read anew.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from jaxtyping import Float

from protea.encoders.language.asking import Question, answers
from protea.encoders.language.letters import HIDDEN_LETTER, letter_log_probabilities, replaced_unit
from protea.encoders.language.model import LanguageModel
from protea.encoders.language.vocabulary import Vocabulary
from protea.errors import InputError, describe
from protea.protein.alphabets import STANDARD_LETTERS

__all__ = ["MaskedFilling", "fill_masks"]

_MASK = re.compile(r"<mask>")


@dataclass(frozen=True, eq=False)
class MaskedFilling:
    """What models say of the hidden residues of a sequence.

    Attributes:
        positions: the hidden residues, from 0.
        probability: of the 20 letters, when the place was filled; the rest of 1 is with other tokens.
        filled: the sequence with the likeliest letter at every place.
    """

    positions: tuple[int, ...]
    probability: Float[np.ndarray, "place 20"]
    filled: str

    def rows(self, num_letters: int = 20) -> list[dict[str, Any]]:
        """Return the likeliest letters of each place, the likeliest first; positions from 1."""
        rows = []
        for place, probability in zip(self.positions, self.probability, strict=True):
            order = np.argsort(-probability, kind="stable")[:num_letters]
            rows += [
                {"position": place + 1, "rank": rank + 1, "letter": STANDARD_LETTERS[column],
                 "probability": float(probability[column])}
                for rank, column in enumerate(order)
            ]  # fmt: skip
        return rows


def fill_masks(models: Sequence[LanguageModel], sequence: str, *, one_by_one: bool = False) -> MaskedFilling:
    """Return the letters behind every `<mask>` of a sequence (`#` before a structure letter for SaProt).

    Several models are averaged as log-probabilities.

    Raises:
        InputError: if nothing is hidden, or the sequence is none of the models' or too long for them.
        ConfigError: if a model scores no letters.
    """
    vocabulary = models[0].vocabulary
    units = vocabulary.split(_MASK.sub(_spelling(vocabulary), sequence))
    hidden = _hidden(vocabulary, sequence, units)
    if not hidden:
        raise InputError(
            describe("nothing is hidden", where="sequence", expected="<mask> in the place of a residue",
                     found=repr(sequence[:60]))
        )  # fmt: skip
    found: dict[int, np.ndarray] = {}
    while len(found) < len(hidden):
        open_places = [place for place in hidden if place not in found]
        table = np.mean([_log_probability(model, units, open_places) for model in models], axis=0)
        surest = int(table.max(1).argmax())
        chosen = [surest] if one_by_one else range(len(open_places))
        for row in chosen:
            place = open_places[row]
            found[place] = np.exp(table[row])
            units[place] = replaced_unit(vocabulary, units[place], STANDARD_LETTERS[int(table[row].argmax())])
    return MaskedFilling(tuple(hidden), np.stack([found[place] for place in hidden]), "".join(units))


def _hidden(vocabulary: Vocabulary, sequence: str, units: Sequence[str]) -> list[int]:
    """Return the places of `<mask>`, and of `#` before a structure letter.

    Some models spell what is hidden as they spell an unknown residue: an X that was given stays one.
    """
    if vocabulary.letters_per_residue > 1:
        return [place for place, unit in enumerate(units) if unit == replaced_unit(vocabulary, unit, None)]
    found, place = [], 0
    for piece in _MASK.split(sequence)[:-1]:
        place += len(vocabulary.split(piece)) if piece else 0
        found.append(place)
        place += 1
    return found


def _spelling(vocabulary: Vocabulary) -> str:
    """Return how the vocabulary spells a residue of which nothing is known."""
    return vocabulary.mask if vocabulary.letters_per_residue == 1 else HIDDEN_LETTER * vocabulary.letters_per_residue


def _log_probability(
    model: LanguageModel, units: Sequence[str], places: Sequence[int]
) -> Float[np.ndarray, "place 20"]:
    vocabulary = model.vocabulary
    question = Question(vocabulary.encode("".join(units)), tuple(place + vocabulary.num_before for place in places))
    return letter_log_probabilities(vocabulary, next(answers(model, [question]))).numpy()
