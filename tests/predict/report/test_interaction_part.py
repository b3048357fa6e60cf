"""Partners stand in a table with their exact scores; where none were asked for there is no part."""

import re
from dataclasses import replace

from protea.predict.answer import Interactions, Partner
from protea.predict.report.interaction_part import interaction_part
from tests.predict.made_answers import proteins


def made_interactions(*, types: bool = True) -> Interactions:
    partners = tuple(
        Partner(f"sp|Q{place}|<A>", 0.9 / (place + 1), "binding" if types else "", place == 1, place == 2 or None)
        for place in range(3)
    )
    return Interactions(partners, 1234, "No probability & none.", ("Beware.",))


def test_every_partner_is_told_with_its_score() -> None:
    found = made_interactions()
    part = interaction_part(replace(proteins()[0], interactions=found))
    told = re.findall(r'data-partner="([^"]+)" data-score="([^"]+)" data-type="(\w+)"', part)
    assert [(float(score), kind) for _, score, kind in told] == [(one.score, one.type) for one in found.partners]
    assert "<A>" not in part
    assert part.count("(itself)") == 1
    assert "The best 3 of 1,234. No probability &amp; none." in part
    assert '<p class="remark">Beware.</p>' in part
    assert part.count("<td>binding</td>") == 3


def test_a_column_that_says_nothing_is_left_out() -> None:
    plain = tuple(replace(one, is_trained_on=None) for one in made_interactions(types=False).partners)
    part = interaction_part(replace(proteins()[0], interactions=Interactions(plain, 3, "")))
    assert re.findall(r'<th scope="col">([^<]+)', part) == ["partner", "score"]
    assert "data-type" not in part


def test_a_score_is_never_rounded_to_all() -> None:
    found = Interactions((Partner("b", 0.9999989),), 1, "")
    part = interaction_part(replace(proteins()[0], interactions=found))
    assert "<td>&gt; 0.999</td>" in part
    assert 'data-score="0.9999989"' in part


def test_without_a_question_there_is_no_part() -> None:
    assert interaction_part(proteins()[0]) == ""
