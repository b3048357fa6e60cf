"""Columns by hand; what is shared between examples; no column reads another example."""

import numpy as np
import pytest
from scipy import sparse

from protea.applications.properties.cheap.columns import columns_for, columns_of, shared_pieces, standard_columns
from protea.applications.properties.labels.examples import Example, Mutation
from protea.errors import InputError
from protea.protein.alphabets import STANDARD_LETTERS
from tests.applications.properties.made_properties import made_sequences

A, K, W = (STANDARD_LETTERS.index(letter) for letter in "AKW")


def one(sequence: str, *mutations: Mutation) -> Example:
    return Example(sequence[:4] or "none", sequence, np.array(0.0), np.array(True), mutations)


def test_shares_pieces_ends_and_length_by_hand() -> None:
    found = columns_of(("composition", "length", "ends", "pairs"), [one("AKKX")])[0]
    assert found.shape == (20 + 1 + 40 + 400,)
    assert found[A] == 0.25
    assert found[K] == 0.5
    assert found[20] == pytest.approx(np.log(4))
    assert found[21 + K] == 0.5
    pairs = found[61:]
    # AK and KK are two of three pairs; KX is none.
    assert pairs[20 * A + K] == pytest.approx(1 / 3)
    assert pairs[20 * K + K] == pytest.approx(1 / 3)
    assert pairs.sum() == pytest.approx(2 / 3)
    triples = columns_of(("triples",), [one("AAAK")])[0]
    assert triples.shape == (343,)
    assert sorted(triples[triples > 0].tolist()) == [0.5, 0.5]


def test_a_row_depends_on_its_own_example() -> None:
    given = [one(sequence) for sequence in made_sequences(4)]
    sets = columns_for("protein", given)
    whole = columns_of(sets, given)
    np.testing.assert_array_equal(whole[2:3], columns_of(sets, given[2:3]))


def test_exchanged_letters_have_opposite_signs_in_reverse() -> None:
    forth = columns_of(("letters",), [one("MKAV", Mutation(2, "A", "W"))])[0]
    back = columns_of(("letters",), [one("MKWV", Mutation(2, "W", "A"))])[0]
    assert (forth[A], forth[20 + W], back[W], back[20 + A]) == (1, 1, 1, 1)
    np.testing.assert_allclose(forth[40:48], -back[40:48])
    np.testing.assert_allclose(forth[48:56], back[48:56])


def test_surroundings_leave_the_mutated_residue_out() -> None:
    found = columns_of(("surroundings",), [one("AAAKAAA", Mutation(3, "K", "W"))])[0]
    assert found[A] == 1.0
    assert found[K] == 0.0
    assert found[20] == pytest.approx(3 / 7)
    with pytest.raises(InputError, match="need a sequence"):
        columns_of(("surroundings",), [one("", Mutation(3, "K", "W"))])


def test_one_hot_columns_are_sparse_and_kinds_choose_their_columns() -> None:
    variants = [one("MKV", Mutation(1, "K", "A")), one("MKV", Mutation(1, "K", "A"), Mutation(2, "V", "*"))]
    found = columns_of(("one_hot",), variants)
    assert sparse.issparse(found)
    assert found.shape == (2, 63)
    assert found.toarray().sum(axis=1).tolist() == [1, 2]
    assert found[0, 21 + A] == found[1, 21 + A] == 1
    assert columns_for("variant", variants) == ("one_hot", "letters")
    assert columns_for("variant", [*variants, one("AAA", Mutation(1, "A", "K"))]) == ("letters", "surroundings")
    assert columns_for("pair", variants) == ("letters",)


def test_standardising_reads_training_rows_alone() -> None:
    columns = np.array([[1.0, 5.0], [3.0, 5.0], [9.0, 6.0]])
    every, train = standard_columns(columns, columns[:2])
    np.testing.assert_allclose(train, [[-1, 0], [1, 0]])
    np.testing.assert_allclose(every[2], [7.0, 1.0])


def test_shared_pieces_are_cosines() -> None:
    found = shared_pieces([one("MKVLA"), one("MKVLW"), one("GGGGG")])
    cosine = (found @ found.T).toarray()
    np.testing.assert_allclose(cosine, [[1, 2 / 3, 0], [2 / 3, 1, 0], [0, 0, 1]], atol=1e-12)
    mutants = [one("MKV", Mutation(1, "K", "A")), one("MAV", Mutation(0, "M", "K")), one("AAK", Mutation(2, "K", "A"))]
    letters = shared_pieces(mutants)
    np.testing.assert_allclose((letters @ letters.T).toarray()[0], [1, 0, 1])
