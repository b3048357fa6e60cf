"""Variants read the other way: from the mutant back to its wild type, with the label turned round."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from protea.applications.properties.labels.examples import Example, Mutation
from protea.errors import InputError, describe
from protea.protein.alphabets import STANDARD_LETTERS

__all__ = ["both_directions", "reversed_example"]


def reversed_example(item: Example) -> Example:
    """Return the change from the mutant to the wild type: the mutant's sequence, its mutations back, minus the label.

    Raises:
        InputError: there is no sequence, or a mutation to or from what is no residue (a stop).
    """
    if not item.sequence:
        raise InputError(describe("a reversed variant needs a sequence", where=item.id))
    for mutation in item.mutations:
        if mutation.mutant not in STANDARD_LETTERS or mutation.wild_type not in STANDARD_LETTERS:
            raise InputError(
                describe("no way back from this mutation", where=item.id, expected="one of the twenty letters for one",
                         found=f"{mutation.wild_type} to {mutation.mutant}")
            )  # fmt: skip
    back = tuple(Mutation(one.position, one.mutant, one.wild_type) for one in item.mutations)
    value = np.asarray(-item.value)
    return replace(item, id=f"{item.id} back", sequence=item.mutant_sequence, mutations=back, value=value)


def both_directions(examples: Sequence[Example]) -> list[Example]:
    """Return the examples, and behind them each of them reversed."""
    return [*examples, *(reversed_example(item) for item in examples)]
