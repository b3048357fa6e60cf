"""What a supervised model sees of a variant: columns per position and letter, per position, per letter, or embeddings.

All count differences to the wild type. For a linear model with a free intercept that is the one-hot sequence minus a
constant, so predictions are those of the full one-hot code, from two numbers per mutation.
"""

from collections.abc import Callable, Sequence

import numpy as np
from jaxtyping import Float
from scipy import sparse

from protea.applications.variants.mutations import STOP, Variant
from protea.datasets.stored_embeddings import Embeddings
from protea.errors import InputError, describe
from protea.protein.alphabets import STANDARD_LETTERS

__all__ = ["SEQUENCE_FEATURES", "embedding_columns", "require_substitutions", "sequence_columns"]

_LETTERS = STANDARD_LETTERS + STOP
_INDEX_OF = {letter: index for index, letter in enumerate(_LETTERS)}


def require_substitutions(variants: Sequence[Variant]) -> None:
    """Check that each variant replaces single residues by single residues or a stop.

    Raises:
        InputError: an insertion or a deletion: these columns have no place for it.
    """
    for variant in variants:
        for item in variant.mutations:
            if not len(item.wild_type) == len(item.mutant) == 1 or item.wild_type not in _INDEX_OF:
                raise InputError(
                    describe("not a substitution of a standard residue", where=f"residue {item.start + 1}, from 1",
                             expected="one of the twenty letters for one",
                             found=f"{item.mutant or 'nothing'} for {item.wild_type or 'nothing'}",
                             do="Use embeddings for such variants.")
                )  # fmt: skip


def _one_hot(position: int, old: int, new: int) -> tuple[tuple[int, float], ...]:
    return (position * len(_LETTERS) + new, 1.0), (position * len(_LETTERS) + old, -1.0)


def _positions(position: int, old: int, new: int) -> tuple[tuple[int, float], ...]:
    del old, new
    return ((position, 1.0),)


def _letters(position: int, old: int, new: int) -> tuple[tuple[int, float], ...]:
    del position
    return (old, 1.0), (len(_LETTERS) + new, 1.0)


SEQUENCE_FEATURES: dict[str, Callable[[int, int, int], tuple[tuple[int, float], ...]]] = {
    "one_hot": _one_hot,
    "positions": _positions,
    "letters": _letters,
}
"""Column and value that one substitution adds, from its position, its old and its new letter, by the features' name.

- one_hot: one column per position and letter; says nothing about a position that was never trained on
- positions: one column per position: how bad it is to touch it
- letters: letters lost and letters gained, wherever they stand
"""


def sequence_columns(name: str, variants: Sequence[Variant], length: int) -> sparse.csr_array:
    """Return the named features [variant, column] of variants of a wild type of this length.

    Raises:
        InputError: an insertion or a deletion.
    """
    require_substitutions(variants)
    width = {"one_hot": length * len(_LETTERS), "positions": length, "letters": 2 * len(_LETTERS)}[name]
    rows, columns, values = [], [], []
    for row, variant in enumerate(variants):
        for item in variant.mutations:
            entries = SEQUENCE_FEATURES[name](item.start, _INDEX_OF[item.wild_type], _INDEX_OF[item.mutant])
            rows += [row] * len(entries)
            columns += [column for column, _ in entries]
            values += [value for _, value in entries]
    place = (np.array(rows, dtype=np.int64), np.array(columns, dtype=np.int64))
    return sparse.csr_array((np.array(values, dtype=np.float64), place), shape=(len(variants), width))


def embedding_columns(
    found: Embeddings, names: Sequence[str], variants: Sequence[Variant], at_sites: bool
) -> Float[np.ndarray, "variant channel"]:
    """Return the stored embedding of each variant's own sequence, averaged over residues or over the mutated sites.

    Args:
        found: a folder of `protea embed` in which each mutated sequence stands under the variant's name.
        names: the variants' names, in order.
        variants: the variants; the stored sequences have to hold their letters.
        at_sites: whether to average over the mutated positions only (substitutions without a stop, so that positions
            of the wild type are those of the variant; the wild type itself is averaged over all residues).

    Raises:
        InputError: a variant that the folder does not have, or has with another sequence.
    """
    row_of = {name: row for row, name in enumerate(found.ids)}
    absent = [name for name in names if name not in row_of]
    if absent:
        raise InputError(
            describe(f"{len(absent)} of {len(names)} variants have no embedding", found=f"none of {absent[0]!r}",
                     do="Embed a FASTA file with a record per variant, named as the variant.")
        )  # fmt: skip
    for name, variant in zip(names, variants, strict=True):
        _require_letters(variant, name, found.sequences[row_of[name]])
    if not at_sites:
        return np.asarray(found.protein, dtype=np.float64)[[row_of[name] for name in names]]
    moved = [name for name, variant in zip(names, variants, strict=True) if not variant.is_substitutions]
    if moved:
        raise InputError(
            f"{moved[0]!r} and {len(moved) - 1} more have no mutated sites of their own; average over all."
        )
    rows = []
    for name, variant in zip(names, variants, strict=True):
        residues = found.of_residues(row_of[name])
        rows.append(residues[list(variant.positions)].mean(axis=0) if len(variant) else residues.mean(axis=0))
    return np.stack(rows).astype(np.float64)


def _require_letters(variant: Variant, name: str, stored: str) -> None:
    """Raise InputError where a stored sequence does not hold the letters of a variant: it is of another protein."""
    wrong = [item for item in variant.mutations if stored[item.start : item.start + 1] != item.mutant]
    if variant.is_substitutions and wrong:
        raise InputError(
            describe("the stored embedding is of another sequence", where=f"variant {name!r}",
                     expected=f"{wrong[0].mutant} at residue {wrong[0].start + 1} of the sequence",
                     found=stored[wrong[0].start : wrong[0].start + 1] or f"{len(stored)} residues",
                     do="Embed the mutated sequences of this wild type under the names of the variants.")
        )  # fmt: skip
