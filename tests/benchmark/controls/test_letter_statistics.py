import numpy as np
import pytest

from protea.benchmark.controls.letter_statistics import CONTEXTS, LetterStatistics, contexts_of


def letters(text: str) -> np.ndarray:
    return np.array(["ACDEFGHIKLMNPQRSTVWYX".index(it) for it in text])


def test_contexts_stop_at_borders() -> None:
    types, ptr = letters("ACDE"), np.array([0, 2, 4])
    beyond = 21
    assert contexts_of(types, ptr, (-1, 1)).tolist() == [
        beyond * 22 + 1, 0 * 22 + beyond, beyond * 22 + 3, 2 * 22 + beyond
    ]  # fmt: skip
    assert contexts_of(types, ptr, ()).tolist() == [0, 0, 0, 0]


def test_without_context_it_is_the_frequency() -> None:
    found = LetterStatistics.of([letters("AAAC"), letters("AACX")])
    p = np.exp(found.log_probabilities(letters("WW"), np.array([0, 2]), prior_weight=1e-9, num_levels=1))
    assert p[0, :2] == pytest.approx([5 / 7, 2 / 7])
    assert p.sum(1) == pytest.approx([1, 1])


def test_the_prior_is_worth_its_weight() -> None:
    found = LetterStatistics.of([letters("AAAC")])
    p = np.exp(found.log_probabilities(letters("W"), np.array([0, 1]), prior_weight=4.0, num_levels=1))
    assert p[0, 0] == pytest.approx((3 + 4 / 20) / 8)


def test_neighbours_tell_a_letter_that_is_sure() -> None:
    # Between D and E stands always W; elsewhere letters are drawn.
    rng = np.random.default_rng(0)
    train = [np.concatenate([letters("DWE") if rng.random() < 0.5 else rng.integers(5, 18, 3) for _ in range(40)])
             for _ in range(50)]  # fmt: skip
    found = LetterStatistics.of(train)
    hidden, ptr = letters("GHDXEGH"), np.array([0, 7])
    p = np.exp(found.log_probabilities(hidden, ptr, prior_weight=2.0))
    assert p.shape == (7, 20)
    assert p[3].argmax() == 18
    assert p[3, 18] > 0.95
    assert np.exp(found.log_probabilities(hidden, ptr, 2.0, num_levels=1))[3, 18] < 0.3


def test_the_residue_itself_is_not_looked_at() -> None:
    found = LetterStatistics.of([letters("ACDEFGHIKLMNPQRSTVWY" * 3)])
    one = found.log_probabilities(letters("ACWEF"), np.array([0, 5]), 1.0)
    other = found.log_probabilities(letters("ACXEF"), np.array([0, 5]), 1.0)
    assert one[2] == pytest.approx(other[2])
    assert len(CONTEXTS) == 5


def test_the_letters_of_a_protein_tell_of_its_others() -> None:
    found = LetterStatistics.of([letters("AAAC" * 5)])
    frequency = (np.array([15, 5, *[0] * 18]) + 1) / 40
    p = np.exp(found.log_probabilities_of_composition(letters("CCXWDD"), np.array([0, 4, 6]), prior_weight=2.0))
    of_first = 2.0 * frequency
    of_first[1] += 2
    of_first[18] += 1
    assert p[2] == pytest.approx(of_first / 5)  # the hidden one: two C and a W are seen
    of_first[18] -= 1
    assert p[3] == pytest.approx(of_first / 4)  # the W does not count itself
    of_second = 2.0 * frequency
    of_second[2] += 1
    assert p[4] == pytest.approx(of_second / 3)
