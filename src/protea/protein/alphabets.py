"""Residue alphabets and the explicit conversions between them.

One order rules inside Protea: the 20 standard residues alphabetically by one-letter code, then X for anything else.
Other orders (of published models) are `Alphabet` objects; a conversion is built once and is a look-up table.
"""

from dataclasses import dataclass

import numpy as np
from jaxtyping import Int, UInt8

from protea.errors import InputError, describe

__all__ = [
    "NUM_RESIDUE_TYPES",
    "PROTEA",
    "PROTEIN_WORKSHOP",
    "STANDARD_LETTERS",
    "UNKNOWN_RESIDUE",
    "Alphabet",
    "conversion_table",
    "encode_sequence",
]

STANDARD_LETTERS = "ACDEFGHIKLMNPQRSTVWY"
NUM_RESIDUE_TYPES = 21
UNKNOWN_RESIDUE = 20


@dataclass(frozen=True)
class Alphabet:
    """An ordered set of one-letter residue codes, with the letter that stands for any other."""

    name: str
    letters: str
    unknown: str

    def index_of(self, letter: str) -> int:
        """Return the index of a letter; letters outside the alphabet map to the unknown letter."""
        position = self.letters.find(letter)
        return position if position >= 0 else self.letters.index(self.unknown)


PROTEA = Alphabet("protea", STANDARD_LETTERS + "X", "X")
PROTEIN_WORKSHOP = Alphabet("ProteinWorkshop", "ABCDEFGHIJKLMNPQRSTVWXY", "X")


def conversion_table(source: Alphabet, target: Alphabet) -> Int[np.ndarray, " letter"]:
    """Return, for each index of `source`, the index in `target`."""
    return np.array([target.index_of(letter) for letter in source.letters], dtype=np.int64)


def _byte_table() -> UInt8[np.ndarray, " 256"]:
    table = np.full(256, 255, dtype=np.uint8)
    for code in range(ord("A"), ord("Z") + 1):
        table[code] = UNKNOWN_RESIDUE
    for index, letter in enumerate(STANDARD_LETTERS):
        table[ord(letter)] = index
    return table


_TYPE_OF_BYTE = _byte_table()


def encode_sequence(sequence: str) -> UInt8[np.ndarray, " residue"]:
    """Return the residue type (0-19, 20 for any other capital letter) of each letter of `sequence`.

    Raises InputError at the first character that is not a capital letter A-Z.
    """
    try:
        codes = _TYPE_OF_BYTE[np.frombuffer(sequence.encode("ascii"), dtype=np.uint8)]
    except UnicodeEncodeError as error:
        raise InputError(
            describe(
                "sequence holds a non-ASCII character",
                where=f"position {error.start + 1}",
                expected="capital letters A-Z",
                found=repr(sequence[error.start]),
            )
        ) from error
    bad = np.flatnonzero(codes == 255)
    if bad.size:
        raise InputError(
            describe(
                "sequence holds a character that is no residue letter",
                where=f"position {bad[0] + 1}",
                expected="capital letters A-Z",
                found=repr(sequence[bad[0]]),
            )
        )
    return codes
