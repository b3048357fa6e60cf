"""What a model reads of each protein: numbers counted in its sequence, or the vectors of a folder of `protea embed`.

- composition: the share of each of the 20 residue types, 20 columns
- length: the natural log of the number of residues
- triads: the share of each triple of neighbouring residues by class, 343 columns. The classes are those of the conjoint
  triad (Shen et al. 2007): by dipole and volume of the side chain; triples with an unusual letter are not counted.
- embedding: the protein vectors of a folder of embeddings, found by the letters of the sequence
"""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from types import MappingProxyType
from typing import Literal

import numpy as np
from jaxtyping import Float, Int

from protea.datasets.embedding_table import Embeddings
from protea.datasets.stored_embeddings import letters_of, read_embeddings
from protea.encoders.gnn_ppi_residues import LETTER_CLASSES
from protea.errors import InputError, describe
from protea.protein.alphabets import STANDARD_LETTERS, encode_sequence

__all__ = ["ColumnKind", "embedded_rows", "protein_columns", "sequence_triads"]

ColumnKind = Literal["composition", "length", "triads", "embedding"]

_NUM_CLASSES = len(LETTER_CLASSES)
# Of each residue type in Protea's order; -1 for the unknown one.
_CLASS_OF_TYPE = np.array(
    [next(place for place, letters in enumerate(LETTER_CLASSES) if letter in letters) for letter in STANDARD_LETTERS]
    + [-1]
)


def _composition(sequence: str) -> Float[np.ndarray, " column"]:
    counts = np.bincount(encode_sequence(sequence), minlength=len(STANDARD_LETTERS) + 1)
    return counts[: len(STANDARD_LETTERS)] / max(len(sequence), 1)


def _length(sequence: str) -> Float[np.ndarray, " column"]:
    return np.log([max(len(sequence), 1)])


def sequence_triads(sequence: str) -> Float[np.ndarray, " 343"]:
    """Return the share of each triple of classes among the triples of a sequence; 0 throughout if there is none."""
    classes = _CLASS_OF_TYPE[encode_sequence(sequence)]
    first, second, third = classes[:-2], classes[1:-1], classes[2:]
    is_known = (first >= 0) & (second >= 0) & (third >= 0)
    code = (first * _NUM_CLASSES + second) * _NUM_CLASSES + third
    counts = np.bincount(code[is_known], minlength=_NUM_CLASSES**3)
    return counts / max(int(is_known.sum()), 1)


_OF_SEQUENCE: Mapping[ColumnKind, Callable[[str], np.ndarray]] = MappingProxyType(
    {"composition": _composition, "length": _length, "triads": sequence_triads}
)


def protein_columns(
    sequences: Sequence[str], kinds: Sequence[ColumnKind], embeddings: Path | None = None, layer: str | None = None
) -> Float[np.ndarray, "protein column"]:
    """Return the columns of each protein, kind after kind, as float32.

    Raises:
        InputError: if embeddings are asked for and not given, or the folder lacks a sequence.
    """
    blocks = []
    for kind in kinds:
        if kind == "embedding":
            blocks.append(_embedded(sequences, embeddings, layer))
        else:
            blocks.append(np.stack([_OF_SEQUENCE[kind](sequence) for sequence in sequences]))
    return np.concatenate(blocks, axis=1).astype(np.float32)


def _embedded(sequences: Sequence[str], folder: Path | None, layer: str | None) -> Float[np.ndarray, "protein channel"]:
    if folder is None:
        raise InputError(describe("no embeddings are given", do="Name a folder of `protea embed --level protein`."))
    stored = read_embeddings(folder, layer)
    vectors = stored.protein
    if vectors is None:
        raise InputError(describe("no protein embeddings", where=str(folder), do="Embed with --level protein."))
    return vectors[embedded_rows(sequences, stored, folder)]


def embedded_rows(sequences: Sequence[str], stored: Embeddings, folder: Path) -> Int[np.ndarray, " protein"]:
    """Return the row of each sequence in a folder of embeddings, found by its letters (X where not standard).

    Raises:
        InputError: if the folder lacks one.
    """
    row_of = {sequence: row for row, sequence in enumerate(stored.sequences)}
    asked = [letters_of(encode_sequence(sequence).astype(np.int64)) for sequence in sequences]
    missing = [place for place, sequence in enumerate(asked) if sequence not in row_of]
    if missing:
        raise InputError(
            describe(f"{len(missing)} of {len(sequences)} sequences are not embedded", where=str(folder),
                     found=f"protein {missing[0] + 1} first", do="Embed all of them.")
        )  # fmt: skip
    return np.array([row_of[sequence] for sequence in asked], np.int64)
