"""Shares of letters by hand; scores from them."""

import numpy as np
import pytest

from protea.applications.variants.mutations import parse_variant
from protea.applications.variants.site_independent import letter_shares, sequence_weights, site_independent_scores
from protea.datasets.aligned_relatives import NO_LETTER
from protea.errors import InputError
from protea.protein.alphabets import STANDARD_LETTERS, encode_sequence

A, C, D, W = (STANDARD_LETTERS.index(letter) for letter in "ACDW")


def test_sequences_that_are_nearly_the_same_share_one_weight() -> None:
    first = np.arange(10) % 20
    near, far = first.copy(), first.copy()
    near[0], far[:3] = 19, 19
    np.testing.assert_allclose(sequence_weights(np.stack([first, near, far])), [0.5, 1 / 3, 0.5])
    # `near` and `far` agree in 8 of 10 places, `first` and `far` in 7.
    empty = np.full(10, NO_LETTER)
    np.testing.assert_allclose(sequence_weights(np.stack([first, empty])), [1.0, 1.0])


def test_places_that_one_of_two_lacks_say_nothing_of_their_likeness() -> None:
    first = np.arange(10) % 20
    short = first.copy()
    short[5:] = NO_LETTER
    np.testing.assert_allclose(sequence_weights(np.stack([first, short])), [0.5, 0.5])


def test_shares_are_counts_and_a_pseudocount_of_the_composition() -> None:
    relatives = np.array([[A, C, NO_LETTER], [W, C, NO_LETTER]])
    shares = letter_shares("ACD", relatives, pseudocount=2.0)
    counts = np.zeros((3, 20))
    # The first relative is near the wild type (2 of 2 places), the second near neither (1 of 2).
    counts[0, A], counts[0, W], counts[1, C], counts[2, D] = 1.0, 1.0, 2.0, 0.5
    composition = (counts.sum(axis=0) + 1) / (counts.sum() + 20)
    expected = (counts + 2.0 * composition) / (counts.sum(axis=1, keepdims=True) + 2.0)
    np.testing.assert_allclose(shares, expected)
    np.testing.assert_allclose(shares.sum(axis=1), 1.0)
    assert (shares > 0).all()


def test_a_score_is_the_sum_of_differences_of_logarithms() -> None:
    shares = np.random.default_rng(0).dirichlet(np.ones(20), size=3)
    variants = [parse_variant(name, "ACD") for name in ("A1C", "A1C:D3W")]
    one = np.log(shares[0, C] / shares[0, A])
    np.testing.assert_allclose(
        site_independent_scores("ACD", variants, shares), [one, one + np.log(shares[2, W] / shares[2, D])]
    )


def test_what_has_no_share_is_refused() -> None:
    shares = np.full((3, 20), 0.05)
    with pytest.raises(InputError, match="a stop has no share of letters"):
        site_independent_scores("ACD", [parse_variant("C2*", "ACD")], shares)
    with pytest.raises(InputError, match="not a substitution"):
        site_independent_scores("ACD", [parse_variant("C2del", "ACD")], shares)
    with pytest.raises(InputError, match=r"residue 2 of the wild type: no standard residue.*found X"):
        letter_shares("AXD", np.empty((0, 3), dtype=np.int64))
    assert encode_sequence("A")[0] == A
