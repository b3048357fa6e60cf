"""The 13 numbers of a residue that GNN-PPI reads: 5 of a table that its user brings, 8 for the class of the letter.

The classes are those of the conjoint triad (Shen et al. 2007), by dipole and side-chain volume, and one for any other
letter. The 5 numbers are learned from co-occurrence and stand in the published file `vec5_CTC.txt`, which Protea does
not ship: a line per letter, the letter, white space, and 5 numbers, or all 13.
"""

from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
from jaxtyping import Float

from protea.errors import FileFormatError, InputError, describe

__all__ = ["LETTER_CLASSES", "class_columns", "letter_table", "residue_columns"]

LETTER_CLASSES = ("AGV", "ILFP", "YMTS", "HNQW", "RK", "DE", "C")
"""Letters of the seven classes; the eighth column is for every other letter."""

_NUM_LEARNED = 5
_NUM_CLASSES = len(LETTER_CLASSES) + 1


def class_columns(letter: str) -> Float[np.ndarray, " 8"]:
    """Return the one-hot class of a letter."""
    places = [place for place, letters in enumerate(LETTER_CLASSES) if letter in letters]
    return np.eye(_NUM_CLASSES, dtype=np.float32)[places[0] if places else _NUM_CLASSES - 1]


def letter_table(path: Path) -> dict[str, Float[np.ndarray, " 13"]]:
    """Return the 13 numbers of each letter of a table such as `vec5_CTC.txt`.

    Raises:
        FileFormatError: if a line is not a capital letter and 5 or 13 finite numbers, if a letter stands twice, or if
            the last 8 of 13 are no class.
    """
    table: dict[str, Float[np.ndarray, " 13"]] = {}
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
        words = line.split()
        if not words:
            continue
        where = f"{path}, line {number}"
        if len(words[0]) != 1 or not "A" <= words[0] <= "Z" or words[0] in table:
            raise FileFormatError(
                describe("not a new letter", where=where, expected="a capital letter, each once", found=repr(words[0]))
            )
        table[words[0]] = _row(words[0], words[1:], where)
    if not table:
        raise FileFormatError(describe("no letter in the table", where=str(path), expected="a line per letter"))
    return table


def _row(letter: str, words: Sequence[str], where: str) -> Float[np.ndarray, " 13"]:
    try:
        numbers = np.array([float(word) for word in words], np.float32)
    except ValueError as error:
        raise FileFormatError(describe("not a number", where=where, found=str(error))) from error
    if numbers.size not in (_NUM_LEARNED, _NUM_LEARNED + _NUM_CLASSES) or not np.isfinite(numbers).all():
        raise FileFormatError(
            describe("not the numbers of a letter", where=where, expected="5 or 13 finite numbers",
                     found=f"{numbers.size} words")
        )  # fmt: skip
    if numbers.size == _NUM_LEARNED:
        return np.concatenate([numbers, class_columns(letter)])
    own = numbers[_NUM_LEARNED:]
    if sorted(own.tolist()) != [0.0] * (_NUM_CLASSES - 1) + [1.0]:
        raise FileFormatError(
            describe("the last 8 numbers name no class", where=where, expected="one 1 and seven 0", found=str(own))
        )
    return numbers


def residue_columns(sequence: str, table: Mapping[str, Float[np.ndarray, " 13"]]) -> Float[np.ndarray, "residue 13"]:
    """Return the numbers of every residue of a sequence.

    Raises:
        InputError: if the table lacks a letter of the sequence.
    """
    missing = sorted(set(sequence) - set(table))
    if missing:
        place = min(sequence.index(letter) for letter in missing)
        raise InputError(
            describe("letters that the table lacks", where=f"residue {place + 1}", expected="".join(sorted(table)),
                     found="".join(missing))
        )  # fmt: skip
    return np.stack([table[letter] for letter in sequence]) if sequence else np.zeros((0, 13), np.float32)
