"""Pairs taken as not interacting: drawn within a species from the pairs that nobody has reported, anew in each epoch.

No negative is proven: that a database does not list a pair is no evidence against it, only rarely wrong, because
networks are sparse. A pair that is known at any confidence, or is held out for testing, is never drawn: give the whole
network (and, as `known`, what lies below the score at which it was cut), not only the training pairs.

Two ways, since they ask for different things. `uniform` draws each unknown pair with the same probability: most of its
proteins are then rare ones, while the positives are full of hubs, so that the numbers of partners alone tell positives
from negatives. `degree` gives each protein as many negatives as it has positives in the draw, so that they cannot.
"""

from typing import Literal

import numpy as np
from jaxtyping import Bool, Int

from protea.datasets.interactions.network import InteractionNetwork, ordered_pairs
from protea.errors import InputError, describe

__all__ = ["non_interactions"]

_MOST_LISTED = 2_000_000
"""Possible pairs of a species up to which all are listed; above, pairs are drawn and the known ones thrown back."""
_MOST_ROUNDS = 1000


def non_interactions(
    network: InteractionNetwork,
    rows: Int[np.ndarray, " positive"],
    *,
    seed: int,
    epoch: int,
    known: Int[np.ndarray, "any_pair 2"] | None = None,
    among: Bool[np.ndarray, " protein"] | None = None,
    how: Literal["uniform", "degree"] = "uniform",
) -> Int[np.ndarray, "positive 2"]:
    """Return one pair of proteins without a known interaction per positive (rows of pairs), none twice.

    Each is of the species of its positive, its smaller id first. The answer depends on nothing but the arguments.
    Pairs of the network, and `known` (rows of proteins), are never drawn. `among` limits the proteins, such as to those
    of one part of a split; without it all may be drawn (with `degree`: those of the positives).

    Raises:
        InputError: if a species has too few unknown pairs, or a positive joins two species or, with `degree`, is not
            among the allowed proteins.
    """
    allowed = np.ones(network.num_proteins, bool) if among is None else among
    found, number = np.unique(np.array(network.species, dtype=str), return_inverse=True)
    names = found.tolist()
    positives = network.pairs[rows]
    of_positive = number[positives]
    if (of_positive[:, 0] != of_positive[:, 1]).any():
        row = int(np.argmax(of_positive[:, 0] != of_positive[:, 1]))
        pair = " ".join(network.ids[one] for one in positives[row])
        raise InputError(describe("a pair of two species has no negatives", expected="one species", found=pair))
    if how == "degree" and not allowed[positives].all():
        raise InputError(
            describe("a positive lies outside the allowed proteins", do="Allow the proteins of the positives.")
        )
    every = network.pairs if known is None else np.concatenate([network.pairs, known])
    codes = np.unique(network.pair_codes(every))
    drawn = np.zeros((len(rows), 2), np.int64)
    for place in np.unique(of_positive).tolist():
        is_here = of_positive[:, 0] == place
        members = np.flatnonzero(allowed & (number == place))
        # The species by its name, so that another species in the network changes nothing here.
        rng = np.random.default_rng([seed, epoch, *names[place].encode()])
        if how == "uniform":
            drawn[is_here] = _uniform(network, members, int(is_here.sum()), codes, rng, names[place])
        else:
            drawn[is_here] = _degree_matched(network, positives[is_here], codes, rng, names[place])
    return ordered_pairs(network.ids, drawn)


def _uniform(
    network: InteractionNetwork,
    members: Int[np.ndarray, " member"],
    num: int,
    codes: Int[np.ndarray, " known"],
    rng: np.random.Generator,
    species: str,
) -> Int[np.ndarray, "drawn 2"]:
    """Return pairs of members that are not known; each set of so many is equally probable."""
    num_possible = len(members) * (len(members) - 1) // 2
    is_member = np.zeros(network.num_proteins, bool)
    is_member[members] = True
    inside = is_member[codes // network.num_proteins] & is_member[codes % network.num_proteins]
    num_unknown = num_possible - int(inside.sum())
    if num_unknown < num:
        raise InputError(
            describe("too few pairs without a known interaction", where=f"species {species}", expected=f"{num:,}",
                     found=f"{num_unknown:,}", do="Draw fewer, or allow more proteins.")
        )  # fmt: skip
    if num_possible <= _MOST_LISTED:
        one, other = np.triu_indices(len(members), 1)
        pairs = np.stack([members[one], members[other]], axis=1)
        unknown = pairs[~np.isin(network.pair_codes(pairs), codes)]
        return unknown[rng.choice(len(unknown), num, replace=False)]
    found = np.zeros((0, 2), np.int64)
    while len(found) < num:
        pairs = members[rng.integers(0, len(members), (2 * (num - len(found)) + 16, 2))]
        pairs = pairs[(pairs[:, 0] != pairs[:, 1]) & ~np.isin(network.pair_codes(pairs), codes)]
        found = np.concatenate([found, pairs])
        # The first of equal ones stays at its place: the order in which pairs were drawn is kept.
        found = found[np.sort(np.unique(network.pair_codes(found), return_index=True)[1])]
    return found[:num]


def _degree_matched(
    network: InteractionNetwork,
    positives: Int[np.ndarray, "positive 2"],
    codes: Int[np.ndarray, " known"],
    rng: np.random.Generator,
    species: str,
) -> Int[np.ndarray, "positive 2"]:
    """Return pairs in which each protein stands as often as in the positives: their ends, joined anew."""
    ends = rng.permutation(positives.reshape(-1))
    num = len(positives)
    for _ in range(_MOST_ROUNDS):
        pairs = ends.reshape(num, 2)
        code = network.pair_codes(pairs)
        is_wrong = (pairs[:, 0] == pairs[:, 1]) | np.isin(code, codes)
        _, first = np.unique(code, return_index=True)
        is_first = np.zeros(num, bool)
        is_first[first] = True
        is_wrong |= ~is_first
        if not is_wrong.any():
            return pairs
        # Wrong pairs are shuffled together with as many right ones, which opens ways that they do not have alone.
        wrong, right = np.flatnonzero(is_wrong), np.flatnonzero(~is_wrong)
        mixed = np.concatenate([wrong, rng.choice(right, min(len(wrong), len(right)), replace=False)])
        places = (2 * mixed[:, None] + np.arange(2)).reshape(-1)
        ends[places] = rng.permutation(ends[places])
    raise InputError(
        describe("no negatives with the degrees of the positives were found", where=f"species {species}",
                 expected=f"an arrangement within {_MOST_ROUNDS} rounds", found=f"{int(is_wrong.sum())} pairs left",
                 do="Some proteins interact with nearly all others: draw uniformly.")
    )  # fmt: skip
