"""Letters of one token, letters of several, what hides a residue."""

import math

import torch

from protea.encoders.language.esm2 import ESM2_VOCABULARY
from protea.encoders.language.letters import (
    is_scored,
    letter_log_probabilities,
    own_log_probability,
    replaced_unit,
    residue_letters,
)
from protea.encoders.language.protea_mini import PROTEA_VOCABULARY
from protea.protein.alphabets import STANDARD_LETTERS
from tests.encoders.language.tiny_models import PAIRS


def test_letters_of_a_sequence() -> None:
    assert residue_letters(ESM2_VOCABULARY, "AX<mask>W") == "AXXW"
    assert residue_letters(PAIRS, "Ap#vW#") == "AXW"


def test_a_letter_with_one_token_is_its_column() -> None:
    scores = torch.randn(3, 33, dtype=torch.float64).log_softmax(1)
    found = letter_log_probabilities(ESM2_VOCABULARY, scores)
    for column, letter in enumerate(STANDARD_LETTERS):
        assert torch.equal(found[:, column], scores[:, ESM2_VOCABULARY.id_of[letter]])
    own = own_log_probability(ESM2_VOCABULARY, ["A", "X", "<mask>"], scores)
    expected = [scores[row, ESM2_VOCABULARY.id_of[unit]] for row, unit in enumerate(("A", "X", "<mask>"))]
    assert own.tolist() == expected


def test_probabilities_of_structure_letters_are_summed() -> None:
    scores = torch.randn(2, len(PAIRS), dtype=torch.float64).log_softmax(1)
    found = letter_log_probabilities(PAIRS, scores)
    by_hand = sum(scores[0, PAIRS.id_of[f"D{structure}"]].exp() for structure in "pv#")
    assert torch.isclose(found[0, STANDARD_LETTERS.index("D")].exp(), by_hand, rtol=1e-12)
    own = own_log_probability(PAIRS, ["Dv", "#p"], scores)
    hidden = sum(scores[1, PAIRS.id_of[f"#{structure}"]].exp() for structure in "pv#")
    torch.testing.assert_close(own.exp(), torch.stack([by_hand, hidden]), rtol=1e-12, atol=0)


def test_what_hides_and_what_replaces_a_residue() -> None:
    assert replaced_unit(ESM2_VOCABULARY, "A", None) == "<mask>"
    assert replaced_unit(ESM2_VOCABULARY, "A", "W") == "W"
    assert replaced_unit(PAIRS, "Av", None) == "#v"
    assert replaced_unit(PAIRS, "Av", "W") == "Wv"
    assert replaced_unit(PAIRS, "<mask>", "W") == "W#"


def test_a_letter_without_a_score_is_any_of_those_that_have_one() -> None:
    scores = torch.full((3, 20), -math.log(20.0), dtype=torch.float64)
    own = own_log_probability(PROTEA_VOCABULARY, ["A", "X", "B"], scores)
    torch.testing.assert_close(own, torch.tensor([-math.log(20.0), 0.0, 0.0], dtype=torch.float64))
    assert is_scored(PROTEA_VOCABULARY, ["A", "X", "B"], 20).tolist() == [True, False, False]
    assert is_scored(ESM2_VOCABULARY, ["A", "X", "J"], 33).all()
