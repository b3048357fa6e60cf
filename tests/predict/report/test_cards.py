"""A card says the value, its interval and whether the protein is familiar, in words and to the last digit."""

import math
import re
from dataclasses import replace

import pytest

from protea.predict.answer import Answer, Interval
from protea.predict.report.cards import card, in_words, probable, rounded
from tests.predict.made_answers import FAR, NEAR, classes, probability, value


@pytest.mark.parametrize(
    ("number", "text"),
    [(54.1875, "54.2"), (0.8125, "0.812"), (0.0, "0"), (-3.0, "-3"), (1234.5, "1234"), (0.001239, "0.00124"),
     (math.nan, "unknown"), (math.inf, "unknown"), (100.0, "100"), (3e-7, "3e-7"), (-1.2345e-5, "-1.23e-5"),
     (0.00012345, "0.000123")],
)  # fmt: skip
def test_three_figures(number: float, text: str) -> None:
    assert rounded(number) == text


def test_in_words() -> None:
    assert in_words(value()) == "54.2 °C (48.1 to 60.5, 90 %)"
    assert in_words(classes()) == "nucleus, probability 0.7; not ruled out: nucleus, cytoplasm"
    assert in_words(replace(value(), interval=Interval(-math.inf, 1.0, 0.9))) == "54.2 °C (no bound at 90 %)"


def test_no_class_is_told_as_certain() -> None:
    sure = replace(classes(), value=0.99995, possible=("nucleus",))
    assert in_words(sure) == "nucleus, probability > 0.999"  # not 1
    assert "nucleus<small> &gt; 0.999</small>" in card(sure)


def test_the_card_holds_the_exact_numbers() -> None:
    text = card(value())
    for name, number in (("value", 54.1875), ("low", 48.0625), ("high", 60.5)):
        assert f'data-{name}="{number!r}"' in text


def places(text: str) -> tuple[float, float, float]:
    """The ends of the band and the mark, as drawn."""
    band = re.search(r'<rect x="([\d.]+)" y="12" width="([\d.]+)"', text)
    mark = re.search(r'<line x1="([\d.]+)" y1="6"', text)
    assert band is not None
    assert mark is not None
    return float(band[1]), float(band[1]) + float(band[2]), float(mark[1])


def test_band_and_mark_stand_where_the_numbers_are() -> None:
    low, high, mark = places(card(value()))
    per_unit = (260 - 28) / 100
    assert low == pytest.approx(14 + 48.0625 * per_unit, abs=0.01)
    assert high == pytest.approx(14 + 60.5 * per_unit, abs=0.02)
    assert mark == pytest.approx(14 + 54.1875 * per_unit, abs=0.01)


def test_yes_and_no_are_told_in_words() -> None:
    answer = probability()
    assert in_words(answer) == "soluble: probability 0.812 (0.7 to 0.9, 90 %)"
    assert "0.812<small> probability of soluble</small>" in card(answer)
    assert [probable(value) for value in (0.99995, 0.00001, 0.5)] == ["> 0.999", "< 0.001", "0.5"]


def test_what_leaves_the_scale_is_drawn_at_its_end() -> None:
    low, high, mark = places(card(replace(value(), value=140.0, interval=Interval(-math.inf, math.inf, 0.9))))
    assert (low, high, mark) == (14, 246, 246)


def test_familiar_and_unfamiliar_differ_in_words_and_shape() -> None:
    near, far, unknown = card(value(NEAR)), card(value(FAR)), card(value(None))
    assert "● Like the training set (nearer: 41 % of held-out proteins)." in near
    assert "▲ Out of distribution here: more than 99 % of held-out proteins" in far
    assert "○ Not known" in unknown
    assert 'class="card unfamiliar"' in far
    assert 'class="card unfamiliar"' not in near + unknown


def test_a_probability_has_the_scale_of_one() -> None:
    assert places(card(probability()))[2] == pytest.approx(14 + 0.8125 * 232, abs=0.01)


def test_a_number_without_a_range_has_no_scale_of_probabilities() -> None:
    assert "<svg" not in card(replace(value(), unit="", value=3.5, physical_range=None))


def test_words_of_others_are_escaped() -> None:
    text = card(Answer("x", "<b>", "&", 1.0, sources=("<i>",)))
    assert "<b>" not in text
    assert "<i>" not in text


def test_no_end_of_a_probability_is_told_as_certain() -> None:
    answer = replace(probability(), value=2e-9, interval=Interval(6e-13, 0.99995, 0.9))
    assert in_words(answer) == "soluble: probability < 0.001 (< 0.001 to > 0.999, 90 %)"
    assert "&lt; 0.001 to &gt; 0.999, 90 %" in card(answer)
    small = replace(classes(), probability={"nucleus": 0.9998, "cytoplasm": 0.0002, "membrane": 0.0})
    assert card(small).count("<td>&lt; 0.001</td>") == 2
    assert "<td>&gt; 0.999</td>" in card(small)


def test_labels_are_told_with_the_probability_of_one() -> None:
    none = replace(classes(), predicted="none", value=0.3, possible=(), probability={"metal": 0.3, "sugar": 0.1})
    assert in_words(none) == "none, likeliest metal with probability 0.3"  # none is 0.63, if they are independent
    assert "none<small> likeliest metal with probability 0.3</small>" in card(none)
    both = replace(none, predicted="metal + sugar", value=0.9, possible=("metal", "sugar"),
                   probability={"metal": 0.6, "sugar": 0.9})  # fmt: skip
    assert in_words(both) == "metal + sugar, likeliest sugar with probability 0.9"
    one = replace(none, predicted="metal", value=0.8, possible=("metal",), probability={"metal": 0.8, "sugar": 0.1})
    assert in_words(one) == "metal, probability 0.8"
