"""Variants scored by the letters that relatives of the wild type have at each position. Higher is fitter.

The site-independent model that Hopf et al. (Nature Biotechnology 35, 128, 2017) put beside the one with couplings:
score = sum over substituted positions i of log f_i(new) - log f_i(old). The shares f_i count the wild type and its
relatives, each with the weight one over the number of sequences (itself too) that are at least 80 % identical to it
where both are aligned, and `pseudocount` sequences' worth of the mean composition of all of them.
"""

from collections.abc import Sequence

import numpy as np
from jaxtyping import Float, Int

from protea.applications.variants.mutations import Variant, require_wild_type
from protea.applications.variants.variant_features import require_substitutions
from protea.datasets.aligned_relatives import NO_LETTER
from protea.errors import InputError, describe
from protea.protein.alphabets import STANDARD_LETTERS, encode_sequence

__all__ = ["PSEUDOCOUNT", "letter_shares", "sequence_weights", "site_independent_scores"]

PSEUDOCOUNT = 5.0
_NEAR = 0.8
_NUM_LETTERS = len(STANDARD_LETTERS)


def sequence_weights(
    aligned: Int[np.ndarray, "sequence position"], near: float = _NEAR
) -> Float[np.ndarray, " sequence"]:
    """Return one over the number of sequences that are as near as that, over the positions that both have.

    A sequence is near itself, also where it has no letter at all.
    """
    has = aligned != NO_LETTER
    weights = np.empty(len(aligned))
    for row, own in enumerate(aligned):
        both = has & has[row]
        same = (both & (aligned == own)).sum(axis=1)
        is_near = (same >= near * both.sum(axis=1)) & both.any(axis=1)
        is_near[row] = True
        weights[row] = 1.0 / is_near.sum()
    return weights


def letter_shares(
    wild_type: str, relatives: Int[np.ndarray, "relative position"], pseudocount: float = PSEUDOCOUNT
) -> Float[np.ndarray, "position 20"]:
    """Return how often each letter stands at each position, in the wild type and its relatives.

    Raises:
        InputError: if the wild type has a letter that is no standard residue.
    """
    own = encode_sequence(wild_type).astype(np.int64)
    if (own >= _NUM_LETTERS).any():
        place = int(np.argmax(own >= _NUM_LETTERS))
        raise InputError(
            describe("no standard residue", where=f"residue {place + 1} of the wild type", found=wild_type[place],
                     expected="one of the twenty letters")
        )  # fmt: skip
    aligned = np.concatenate([own[None], relatives.astype(np.int64)])
    weights = sequence_weights(aligned)
    counts = np.stack([weights @ (aligned == letter) for letter in range(_NUM_LETTERS)], axis=1)
    # One count of each letter, so that no share is 0.
    composition = (counts.sum(axis=0) + 1.0) / (counts.sum() + _NUM_LETTERS)
    return (counts + pseudocount * composition) / (counts.sum(axis=1, keepdims=True) + pseudocount)


def site_independent_scores(
    wild_type: str, variants: Sequence[Variant], shares: Float[np.ndarray, "position 20"]
) -> Float[np.ndarray, " variant"]:
    """Return the score of each variant, natural logarithms; 0 for the wild type.

    Raises:
        InputError: an insertion, a deletion or a stop, or a variant of another wild type.
    """
    require_substitutions(variants)
    logarithm = np.log(shares)
    index_of = {letter: index for index, letter in enumerate(STANDARD_LETTERS)}
    found = np.zeros(len(variants))
    for row, variant in enumerate(variants):
        require_wild_type(variant, wild_type)
        for item in variant.mutations:
            if item.mutant not in index_of:
                raise InputError(describe("a stop has no share of letters", where=str(item), expected="a substitution"))
            found[row] += logarithm[item.start, index_of[item.mutant]] - logarithm[item.start, index_of[item.wild_type]]
    return found
