"""Labelled proteins of one property: sequence, mutations, label, part; what was left out is counted by its reason.

Axes: example; inside an example residue or label. Positions count from 0 in the sequence of the wild type.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy as np

__all__ = ["Example", "Examples", "Mutation", "merged", "mutated_sequence"]

_STRENGTH = {"train": 0, "validation": 1}


class Mutation(NamedTuple):
    """One residue replaced by another; `mutant` may be `*`, a stop."""

    position: int
    wild_type: str
    mutant: str


@dataclass(frozen=True, eq=False)
class Example:
    """One labelled protein or variant; `sequence` is that of the wild type where there are mutations."""

    id: str
    sequence: str
    value: np.ndarray
    is_known: np.ndarray
    mutations: tuple[Mutation, ...] = ()
    part: str = ""
    """`train`, `validation`, the name of a test, or nothing where no part is published."""
    links: tuple[str, ...] = ()
    """Names that no two parts of a split may share, whatever the sequences are."""

    @property
    def mutant_sequence(self) -> str:
        """The sequence with its mutations, cut before a stop."""
        return mutated_sequence(self.sequence, self.mutations)


@dataclass(frozen=True, eq=False)
class Examples:
    """The examples of a property in a fixed order, ids distinct, and the rows left out by their reason."""

    examples: tuple[Example, ...]
    num_left_out: Mapping[str, int]

    def __len__(self) -> int:
        return len(self.examples)

    @property
    def ids(self) -> tuple[str, ...]:
        """The ids in order."""
        return tuple(example.id for example in self.examples)

    def chosen(self, ids: Iterable[str]) -> tuple[Example, ...]:
        """Return examples by id, in the order asked for."""
        place = {example.id: example for example in self.examples}
        return tuple(place[id] for id in ids)


def mutated_sequence(sequence: str, mutations: Sequence[Mutation]) -> str:
    """Return the sequence with the mutations, cut before the first stop."""
    letters = list(sequence)
    for item in mutations:
        letters[item.position] = item.mutant
    return "".join(letters).partition("*")[0]


def merged(examples: Iterable[Example], *, is_value: bool, left_out: Counter[str]) -> tuple[Example, ...]:
    """Return examples in which each sequence with its mutations stands once; `left_out` is added to.

    Copies of a test protein in other parts are left out, then those of validation. Among copies of one part numbers are
    averaged; classes that agree are one; where they differ, the protein is left out, or the residue becomes unknown.
    """
    groups: dict[tuple[object, ...], list[Example]] = {}
    for example in examples:
        # Without a sequence only the name tells which molecule it is.
        key = example.sequence, example.mutations, "" if example.sequence else example.id
        groups.setdefault(key, []).append(example)
    found = []
    for copies in groups.values():
        strongest = max(copies, key=lambda item: _STRENGTH.get(item.part, 2)).part
        kept = [item for item in copies if item.part == strongest]
        left_out[f"also in the part {strongest or 'of its copy'}"] += len(copies) - len(kept)
        one = _one_of(kept, is_value, left_out)
        if one is not None:
            found.append(one)
    for reason in [reason for reason, number in left_out.items() if not number]:
        del left_out[reason]
    return _with_distinct_ids(found)


def _one_of(copies: Sequence[Example], is_value: bool, left_out: Counter[str]) -> Example | None:
    """Return the one example that copies make, or None where they contradict each other as a whole."""
    first = copies[0]
    if len(copies) == 1:
        return first
    values = np.stack([item.value for item in copies])
    known = np.stack([item.is_known for item in copies])
    if is_value and known.ndim == 1:
        left_out["measured again, averaged"] += len(copies) - 1
        return replace(first, value=np.asarray(values.mean(axis=0)))
    if known.ndim == 1:
        if (values != values[0]).any():
            left_out["same sequence, another label"] += len(copies)
            return None
        left_out["repeated"] += len(copies) - 1
        return first
    left_out["repeated"] += len(copies) - 1
    if is_value:
        number = known.sum(axis=0)
        value = np.where(known, values, 0).sum(axis=0) / number.clip(min=1)
        return replace(first, value=value, is_known=number > 0)
    value = np.where(known, values, -1).max(axis=0)
    agrees = ((values == value) | ~known).all(axis=0) & known.any(axis=0)
    return replace(first, value=np.where(agrees, value, 0), is_known=agrees) if agrees.any() else None


def _with_distinct_ids(examples: Sequence[Example]) -> tuple[Example, ...]:
    """Return examples of which those with an id that stands before have a number behind it."""
    seen: Counter[str] = Counter()
    found = []
    for example in examples:
        seen[example.id] += 1
        again = seen[example.id]
        found.append(example if again == 1 else replace(example, id=f"{example.id}#{again}"))
    return tuple(found)
