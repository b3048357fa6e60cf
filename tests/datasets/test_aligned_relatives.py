"""Relatives come aligned onto the query: gaps, insertions and cut ends where they are."""

import numpy as np

from protea.datasets.aligned_relatives import NO_LETTER, aligned_relatives
from protea.datasets.sequence_search import SearchSettings
from protea.protein.alphabets import encode_sequence
from tests.datasets.test_sequence_search import made_sequence, mutated

SETTINGS = SearchSettings(min_identity=0.0, min_coverage=0.3)


def test_each_relative_stands_where_it_is_aligned() -> None:
    base = made_sequence(0)
    deleted = base[:70] + base[75:]
    inserted = base[:90] + "WWWW" + base[90:]
    targets = [base, made_sequence(1), deleted, inserted, base[40:130], mutated(base, 0.3, seed=4)]
    found = aligned_relatives(base, targets, SETTINGS)
    types = encode_sequence(base)
    assert found.shape == (5, 150)  # the second target is none
    assert np.array_equal(found[0], types)
    is_gap = found[1] == NO_LETTER
    assert is_gap.sum() == 5
    assert 68 <= np.flatnonzero(is_gap).mean() <= 76
    assert np.array_equal(found[1][~is_gap], types[~is_gap])
    assert np.array_equal(found[2], types)  # what is inserted is left out
    assert np.array_equal(np.flatnonzero(found[3] != NO_LETTER), np.arange(40, 130))
    own = encode_sequence(targets[5])
    is_aligned = found[4] != NO_LETTER
    assert is_aligned.mean() > 0.9
    assert np.array_equal(found[4][is_aligned], own[is_aligned])


def test_unknown_letters_are_no_letters_and_nothing_found_is_an_empty_table() -> None:
    base = made_sequence(0)
    found = aligned_relatives(base, [base[:50] + "X" + base[51:]], SETTINGS)
    assert np.flatnonzero(found[0] == NO_LETTER).tolist() == [50]
    assert aligned_relatives(base, [made_sequence(1)], SETTINGS).shape == (0, 150)
