"""Changes of made proteins by a known rule: a number per letter, and one for the neighbours along the chain."""

import numpy as np

from protea.applications.properties.labels.examples import Example, Mutation
from protea.protein.alphabets import STANDARD_LETTERS
from tests.applications.properties.made_properties import made_sequences

SCORE = dict(zip(STANDARD_LETTERS, np.random.default_rng(7).normal(size=20).tolist(), strict=True))


def change(id: str, sequence: str, *names: str, value: float = 0.0) -> Example:
    """A variant by names such as A3V, numbered from 1."""
    mutations = tuple(Mutation(int(name[1:-1]) - 1, name[0], name[-1]) for name in names)
    return Example(id, sequence, np.array(value), np.array(True), mutations)


def made_changes(number: int = 300, num_proteins: int = 12, noise: float = 0.1, seed: int = 0) -> list[Example]:
    """Single and double mutants; the value is the change of a score summed over letters."""
    rng = np.random.default_rng(seed)
    proteins = made_sequences(num_proteins, seed)
    found = []
    for row in range(number):
        sequence = proteins[row % num_proteins]
        places = sorted(rng.choice(len(sequence), size=1 + row % 2, replace=False).tolist())
        letters = [str(rng.choice([one for one in STANDARD_LETTERS if one != sequence[place]])) for place in places]
        mutations = tuple(Mutation(place, sequence[place], new) for place, new in zip(places, letters, strict=True))
        value = sum(SCORE[one.mutant] - SCORE[one.wild_type] for one in mutations) + noise * rng.normal()
        found.append(Example(f"m{row % num_proteins:03}:{row}", sequence, np.array(value), np.array(True), mutations))
    return found


def proteins_of(examples: list[Example]) -> list[str]:
    """The protein of each example, as its group."""
    return [item.id.partition(":")[0] for item in examples]
