"""Terms stand in a table with their exact scores; a long tail is folded away, and no term is no part."""

import re
from dataclasses import replace

from protea.predict.answer import Term
from protea.predict.report.function_part import function_part
from tests.predict.made_answers import proteins


def test_every_term_is_told_with_its_score() -> None:
    terms = tuple(Term(f"GO:{place:07d}", f"name <{place}>", 0.9 / (place + 1)) for place in range(15))
    part = function_part(replace(proteins()[0], terms=terms))
    found = re.findall(r'data-term="([^"]+)" data-score="([^"]+)"', part)
    assert [(name, float(score)) for name, score in found] == [(term.id, term.score) for term in terms]
    assert "name &lt;3&gt;" in part
    assert "3 more terms" in part
    assert "not probabilities" in part


def test_without_terms_there_is_no_part() -> None:
    assert function_part(proteins()[0]) == ""
