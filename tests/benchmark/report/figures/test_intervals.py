import re

import pytest

from protea.benchmark.report.figures.intervals import intervals_figure


def test_dots_lie_in_the_order_of_the_scores(report) -> None:
    picture = intervals_figure(report.collected, report.columns[0], report.board)
    assert picture is not None
    found = re.findall(r'<circle cx="([\d.]+)" cy="([\d.]+)" r="5" class="dot (\w+)"><title>([^:<]+):', picture)
    scores = [(float(x), name) for x, _, _, name in found if float(x) <= 640]
    names = [name for _, name in sorted(scores)]
    assert names[-1] == "stuck ca_bb"
    assert names.index("prior") < names.index("exposure") < names.index("strong ca_bb")
    place = {name: x for x, name in scores}
    assert place["same ca_bb"] == place["exposure"]
    assert {name: kind for _, _, kind, name in found}["strong ca_bb"] == "better"


def test_only_compared_rows_have_a_difference_and_zero_is_the_reference(report) -> None:
    picture = intervals_figure(report.collected, report.columns[0], report.board)
    found = re.findall(r'<circle cx="([\d.]+)" cy="[\d.]+" r="5" class="dot \w+"><title>([^:<]+):', picture)
    differences = {name: float(x) for x, name in found if float(x) > 640}
    assert set(differences) == {"strong ca_bb", "same ca_bb", "weak ca_bb"}
    reference = [float(x) for x in re.findall(r'<line x1="([\d.]+)"[^>]*class="reference"', picture)]
    assert differences["same ca_bb"] == pytest.approx(max(reference))
    assert differences["weak ca_bb"] < differences["same ca_bb"] < differences["strong ca_bb"]
