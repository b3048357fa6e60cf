"""What a function of sequences sees of each residue that a mutation touches, before the mutation and after it.

A function G of a sequence is a sum over its residues of g(letter, surroundings). The change G(B) - G(A) needs only the
residues that a mutation touches: those that are replaced and those that have one of these among their neighbours. All
others are the same in A and in B. Nothing here knows which of the two is the wild type. Axes: state (a touched residue,
before or after), column.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from jaxtyping import Bool, Float, Int

from protea.applications.properties.labels.examples import Example
from protea.benchmark.controls.residue_scales import RESIDUE_SCALES
from protea.errors import InputError, describe
from protea.protein.alphabets import STANDARD_LETTERS

__all__ = ["NUM_CONTEXT", "NUM_LETTERS", "SiteStates", "sequence_of", "site_states", "sums_of_states"]

NUM_LETTERS = len(STANDARD_LETTERS)
_REACH = 5
"""Residues to either side that are surroundings."""
_OFFSETS = ((-5, -4, -3, -2, -1, 1, 2, 3, 4, 5), (-2, 2), (-4, -3, 3, 4))
"""Neighbours along the chain: all, the same side of a strand, the same side of a helix."""
NUM_CONTEXT = len(_OFFSETS) + 5
"""Columns of surroundings: hydropathy by each of the three, volume, share of Gly and Pro, charge, nearness to an end,
burial (0 where it is not known)."""
_SCALES = RESIDUE_SCALES.double().numpy() - RESIDUE_SCALES[-1].double().numpy()
# Hydropathy in units of 3 of its scale, volume in 100 cubic angstrom: both are of order 1.
_HYDROPATHY, _VOLUME = _SCALES[:, 0] / 3.0, _SCALES[:, 1]
_IS_TURN = np.array([*(letter in "GP" for letter in STANDARD_LETTERS), False], dtype=np.float64)
_CHARGE = np.array([*((letter in "KR") - (letter in "DE") for letter in STANDARD_LETTERS), 0], dtype=np.float64)
_CODE_OF = {letter: code for code, letter in enumerate(STANDARD_LETTERS)}


@dataclass(frozen=True, eq=False)
class SiteStates:
    """The touched residues of some changes, before and after, in the order of the examples and of the chain."""

    letter: Int[np.ndarray, " state"]
    """Index among the standard letters; 20 for any other letter."""
    context: Float[np.ndarray, "state context"]
    example_of: Int[np.ndarray, " state"]
    is_after: Bool[np.ndarray, " state"]
    num_examples: int

    @property
    def sign(self) -> Float[np.ndarray, " state"]:
        """1 after the mutation, -1 before it."""
        return np.where(self.is_after, 1.0, -1.0)


def sequence_of(item: Example) -> tuple[str, str]:
    """Return the sequences before and after.

    Raises:
        InputError: no sequence, a mutation that does not fit it, or one that is no substitution by a standard letter.
    """
    if not item.sequence:
        raise InputError(describe("a change needs a sequence", where=item.id))
    for one in item.mutations:
        if not 0 <= one.position < len(item.sequence) or item.sequence[one.position] != one.wild_type:
            raise InputError(describe("a mutation does not fit the sequence", where=item.id, found=str(tuple(one))))
        if one.mutant not in _CODE_OF:
            raise InputError(
                describe("not a substitution", where=item.id, expected="one of the twenty letters", found=one.mutant)
            )
    return item.sequence, item.mutant_sequence


def site_states(
    examples: Sequence[Example], burial: Sequence[Float[np.ndarray, " residue"] | None] | None = None
) -> SiteStates:
    """Return the states of the residues that the mutations touch.

    Args:
        examples: the changes; the wild type is what stands before the mutations.
        burial: of each residue of each example's sequence, about -1 to 1; none where there is no structure. It belongs
            to the place, not to the letter, so it is the same before and after.

    Raises:
        InputError: as `sequence_of`, or burial of another length.
    """
    letter, context, example_of, is_after = [], [], [], []
    for row, item in enumerate(examples):
        before, after = sequence_of(item)
        own = None if burial is None else burial[row]
        if own is not None and own.shape != (len(before),):
            raise InputError(describe("burial of another length", where=item.id, expected=str(len(before))))
        places = _touched([one.position for one in item.mutations], len(before))
        for sequence, flag in ((before, False), (after, True)):
            code = np.array([_CODE_OF.get(one, NUM_LETTERS) for one in sequence], dtype=np.int64)
            letter.append(code[places])
            context.append(_context(code, places, own))
            example_of.append(np.full(places.size, row))
            is_after.append(np.full(places.size, flag))
    if not examples:
        raise InputError("no change to describe; expected at least one.")
    joined = [np.concatenate(parts) for parts in (letter, example_of, is_after)]
    return SiteStates(joined[0], np.concatenate(context), joined[1], joined[2], len(examples))


def sums_of_states(
    states: SiteStates, value: Float[np.ndarray, " state"], is_after: bool
) -> Float[np.ndarray, " example"]:
    """Return the sum of a number over the states of each example on one side, added in the order of the chain."""
    rows = states.is_after == is_after
    found = np.zeros(states.num_examples)
    # One is added after the other, so that equal states give equal sums to the last bit.
    np.add.at(found, states.example_of[rows], value[rows])
    return found


def _touched(positions: Sequence[int], length: int) -> Int[np.ndarray, " place"]:
    near = {p + offset for p in positions for offset in range(-_REACH, _REACH + 1)}
    return np.array(sorted(place for place in near if 0 <= place < length), dtype=np.int64)


def _context(
    code: Int[np.ndarray, " residue"], places: Int[np.ndarray, " place"], burial: Float[np.ndarray, " residue"] | None
) -> Float[np.ndarray, "place context"]:
    """Return what stands around each place; the letter at the place itself shows in none of it."""
    columns = [_mean_around(_HYDROPATHY, code, places, offsets) for offsets in _OFFSETS]
    columns += [_mean_around(scale, code, places, _OFFSETS[0]) for scale in (_VOLUME, _IS_TURN, _CHARGE)]
    to_end = np.minimum(places, code.size - 1 - places)
    columns += [np.exp(-to_end / 5.0), np.zeros(places.size) if burial is None else burial[places]]
    return np.stack(columns, axis=1)


def _mean_around(
    scale: Float[np.ndarray, " letter"], code: Int[np.ndarray, " residue"], places: Int[np.ndarray, " place"],
    offsets: Sequence[int],
) -> Float[np.ndarray, " place"]:  # fmt: skip
    """Return the mean over the neighbours that the chain has; 0 where it has none."""
    total, number = np.zeros(places.size), np.zeros(places.size)
    for offset in offsets:
        near = places + offset
        is_there = (near >= 0) & (near < code.size)
        total += np.where(is_there, scale[code[near.clip(0, code.size - 1)]], 0.0)
        number += is_there
    return total / number.clip(min=1)
