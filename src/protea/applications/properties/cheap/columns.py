"""What cheap models see of an example: composition, pieces, ends and length of a sequence; exchanged letters.

Columns are computed from each example alone, so nothing is fitted and nothing leaks. Axes: example, column.
"""

from collections.abc import Mapping, Sequence
from typing import Literal, TypeAlias

import numpy as np
from jaxtyping import Float
from scipy import sparse

from protea.applications.properties.labels.examples import Example, Mutation
from protea.benchmark.controls.residue_scales import RESIDUE_SCALES
from protea.datasets.column_scale import column_scale
from protea.errors import InputError, describe
from protea.protein.alphabets import STANDARD_LETTERS

__all__ = ["ColumnSet", "Columns", "columns_for", "columns_of", "shared_pieces", "standard_columns"]

ColumnSet = Literal["composition", "length", "pairs", "triples", "ends", "letters", "surroundings", "one_hot"]

_PLACE_OF = {letter: place for place, letter in enumerate(STANDARD_LETTERS)}
_NUM = len(STANDARD_LETTERS)
# Letters that exchange easily (Thompson et al. 1994): triples of all twenty would be 8,000 columns.
_GROUP_OF = {
    letter: place for place, group in enumerate(("MILV", "FWY", "AGST", "NQDE", "KRH", "C", "P")) for letter in group
}
_NUM_GROUPS = 7
_END = 30
_REACH = 5

Columns: TypeAlias = sparse.csr_array | Float[np.ndarray, "_ _"]


def columns_for(level: str, examples: Sequence[Example]) -> tuple[ColumnSet, ...]:
    """Return the columns that examples of a level are described by."""
    if level == "protein":
        return ("composition", "length", "pairs", "triples", "ends")
    if level == "pair":
        return ("letters",)
    is_one_wild_type = len({item.sequence for item in examples}) == 1
    return ("one_hot", "letters") if is_one_wild_type else ("letters", "surroundings")


def columns_of(sets: Sequence[ColumnSet], examples: Sequence[Example]) -> Columns:
    """Return the columns of examples, a row each; sparse where one-hot columns are among them.

    Raises:
        InputError: a sequence is needed that an example has not.
    """
    blocks = [_one_hot(examples) if name == "one_hot" else _DENSE[name](examples) for name in sets]
    if not any(sparse.issparse(block) for block in blocks):
        return np.concatenate(blocks, axis=1)
    return sparse.csr_array(sparse.hstack([sparse.csr_array(block) for block in blocks]))


def standard_columns(columns: Columns, train: Columns) -> tuple[Columns, Columns]:
    """Return both with zero mean and unit variance over the training rows; sparse columns are left as they are."""
    if not isinstance(columns, np.ndarray) or not isinstance(train, np.ndarray):
        return columns, train
    mean, spread = train.mean(axis=0), column_scale(train)
    return (columns - mean) / spread, (train - mean) / spread


def _sequence(item: Example) -> str:
    if not item.sequence:
        raise InputError(describe("these columns need a sequence", where=item.id))
    return item.mutant_sequence


def _shares(text: str) -> Float[np.ndarray, " letter"]:
    """Return the share of each letter; letters that are none of the twenty count in the length alone."""
    found = np.zeros(_NUM)
    for letter in text:
        if letter in _PLACE_OF:
            found[_PLACE_OF[letter]] += 1
    return found / max(len(text), 1)


def _composition(examples: Sequence[Example]) -> Float[np.ndarray, "example column"]:
    return np.stack([_shares(_sequence(item)) for item in examples])


def _length(examples: Sequence[Example]) -> Float[np.ndarray, "example column"]:
    return np.array([[np.log(max(len(_sequence(item)), 1))] for item in examples])


def _ends(examples: Sequence[Example]) -> Float[np.ndarray, "example column"]:
    """Return the composition of the first and the last residues: signals stand there."""
    return np.stack(
        [np.concatenate([_shares(_sequence(item)[:_END]), _shares(_sequence(item)[-_END:])]) for item in examples]
    )


def _pieces(text: str, place_of: Mapping[str, int], size: int, length: int) -> Float[np.ndarray, " piece"]:
    """Return the share of each piece of this length; pieces with an unknown letter are no pieces."""
    codes = np.array([place_of.get(letter, -1) for letter in text])
    number = max(len(codes) - length + 1, 0)
    index, is_piece = np.zeros(number, dtype=np.int64), np.ones(number, dtype=bool)
    for offset in range(length):
        part = codes[offset : offset + number]
        index, is_piece = index * size + part, is_piece & (part >= 0)
    return np.bincount(index[is_piece], minlength=size**length) / max(number, 1)


def _pairs(examples: Sequence[Example]) -> Float[np.ndarray, "example column"]:
    return np.stack([_pieces(_sequence(item), _PLACE_OF, _NUM, 2) for item in examples])


def _triples(examples: Sequence[Example]) -> Float[np.ndarray, "example column"]:
    return np.stack([_pieces(_sequence(item), _GROUP_OF, _NUM_GROUPS, 3) for item in examples])


def _letters(examples: Sequence[Example]) -> Float[np.ndarray, "example column"]:
    """Return how often each letter goes and comes, and by how much hydropathy, volume and groups change."""
    scales = RESIDUE_SCALES.double().numpy()
    rows = np.zeros((len(examples), 2 * _NUM + 2 * scales.shape[1] + 1))
    for row, item in enumerate(examples):
        for mutation in item.mutations:
            old, new = _place(mutation.wild_type), _place(mutation.mutant)
            change = scales[new] - scales[old]
            if old < _NUM:
                rows[row, old] += 1
            if new < _NUM:
                rows[row, _NUM + new] += 1
            rows[row, 2 * _NUM : -1] += np.concatenate([change, np.abs(change)])
        rows[row, -1] = len(item.mutations)
    return rows


def _surroundings(examples: Sequence[Example]) -> Float[np.ndarray, "example column"]:
    """Return the composition around the mutations, their place along the chain, and the length."""
    rows = []
    for item in examples:
        sequence, places = _sequence_of_wild_type(item), [mutation.position for mutation in item.mutations]
        near = "".join(
            sequence[max(place - _REACH, 0) : place] + sequence[place + 1 : place + 1 + _REACH] for place in places
        )
        along = np.mean([min(place, len(sequence) - 1 - place) for place in places]) if places else 0.0
        rows.append(np.concatenate([_shares(near), [along / len(sequence), np.log(len(sequence))]]))
    return np.stack(rows)


def _sequence_of_wild_type(item: Example) -> str:
    if not item.sequence:
        raise InputError(describe("these columns need a sequence", where=item.id))
    return item.sequence


def _place(letter: str) -> int:
    """Return the row of a letter among the scales; a stop or an unknown letter has the last, which is their mean."""
    return _PLACE_OF.get(letter, _NUM)


def _one_hot(examples: Sequence[Example]) -> sparse.csr_array:
    """Return a column per position and letter of the one wild type, 1 where the variant has that letter there."""
    rows = [row for row, item in enumerate(examples) for _ in item.mutations]
    mutations: list[Mutation] = [mutation for item in examples for mutation in item.mutations]
    places = [mutation.position * (_NUM + 1) + _place(mutation.mutant) for mutation in mutations]
    width = len(examples[0].sequence) * (_NUM + 1)
    return sparse.csr_array((np.ones(len(rows)), (rows, places)), shape=(len(examples), width))


def shared_pieces(examples: Sequence[Example]) -> sparse.csr_array:
    """Return what two examples may share, a row of length 1 each: triples of letters, or mutations of variants.

    Mutations of one wild type are told by position and new letter, those of several by the two letters.
    """
    is_one_wild_type = len({item.sequence for item in examples}) == 1
    names: dict[object, int] = {}
    rows, places = [], []
    for row, item in enumerate(examples):
        for piece in _names_of_pieces(item, is_one_wild_type):
            rows.append(row)
            places.append(names.setdefault(piece, len(names)))
    found = sparse.csr_array((np.ones(len(rows)), (rows, places)), shape=(len(examples), max(len(names), 1)))
    length = np.sqrt(np.asarray(found.multiply(found).sum(axis=1)).ravel()).clip(min=1e-12)
    return sparse.csr_array(sparse.diags_array(1 / length) @ found)


def _names_of_pieces(item: Example, is_one_wild_type: bool) -> set[object]:
    if item.mutations and is_one_wild_type:
        return {(mutation.position, mutation.mutant) for mutation in item.mutations}
    if item.mutations:
        return {(mutation.wild_type, mutation.mutant) for mutation in item.mutations}
    return {item.sequence[start : start + 3] for start in range(len(item.sequence) - 2)}


_DENSE = {
    "composition": _composition, "length": _length, "pairs": _pairs, "triples": _triples, "ends": _ends,
    "letters": _letters, "surroundings": _surroundings,
}  # fmt: skip
