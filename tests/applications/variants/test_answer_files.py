"""Predictions as a table: every substitution once, empty cells where nothing is promised, words for the intervals."""

import numpy as np
import pytest

from protea.applications.variants.answer_files import (
    answer_columns,
    answers_csv,
    every_substitution,
    model_facts,
    words_of_intervals,
)
from protea.applications.variants.scan_model import VariantAnswers
from protea.errors import InputError
from tests.applications.variants.made_scan import made_scan
from tests.applications.variants.test_scan_model import fitted

ANSWERS = VariantAnswers(
    np.array([0.5, -1.0]), None, np.array([[0.0, 1.0], [np.nan, np.nan]]), np.array([True, False]),
    ("known positions", "none"),
)  # fmt: skip


def test_every_substitution_of_standard_residues() -> None:
    found = every_substitution("MXA")
    assert len(found) == 38
    assert [variant.name("MXA", 5) for variant in found[:2]] == ["M5A", "M5C"]
    assert {variant.positions for variant in found} == {(0,), (2,)}


def test_a_bound_that_is_not_promised_is_empty() -> None:
    text = answers_csv(("mutant", "note"), (("A2V", "x"), ("K4E", "y")), ANSWERS)
    assert text.splitlines() == [
        "mutant,note,predicted,low,high,is_position_known,interval_of",
        "A2V,x,0.5,0.0,1.0,true,known positions",
        "K4E,y,-1.0,,,false,none",
    ]
    assert answer_columns(ANSWERS)["low"] == [0.0, None]


def test_a_column_is_not_overwritten() -> None:
    with pytest.raises(InputError, match="has a column 'low' already"):
        answers_csv(("low",), (("1",), ("2",)), ANSWERS)


def test_words_say_on_what_an_interval_rests() -> None:
    several = fitted(made_scan(num_variants=300, most=2)).file
    words = words_of_intervals(several)
    assert words["known positions"].startswith("holds 90% of variants like the 60 held out")
    assert words["new positions"] == "none: nothing was held out at new positions"
    assert "more than 2 mutations" in words["none"]
    strict = fitted(made_scan(num_variants=60, most=1), level=0.99).file
    assert "too few for 99%" in words_of_intervals(strict)["known positions"]
    facts = model_facts(several)
    assert facts["num_train"] == 240
    assert facts["new_positions"] is None
    assert facts["known_positions"]["bound"] > 0
