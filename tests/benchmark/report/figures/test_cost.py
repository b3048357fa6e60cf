import re
from dataclasses import replace

from protea.benchmark.report.figures.cost import cost_figure


def test_rows_with_a_cost_stand_in_both_panels(report) -> None:
    picture = cost_figure(report.columns[0], report.board)
    assert picture is not None
    names = re.findall(r"<title>([^:<]+): ", picture)
    assert sorted(names) == sorted(2 * [f"{name} ca_bb" for name in ("strong", "same", "weak", "stuck")])
    assert picture.count('class="reference"') == 2


def test_names_do_not_lie_on_each_other(report, row_of) -> None:
    rows = tuple(replace(row_of["strong ca_bb"], key=(f"strong{place}", "ca_bb", "none")) for place in range(6))
    picture = cost_figure(report.columns[0], replace(report.board, rows=rows))
    heights = [float(y) for y in re.findall(r'y="([\d.]+)" class="small"', picture)][:6]
    assert min(b - a for a, b in zip(sorted(heights), sorted(heights)[1:], strict=False)) >= 13


def test_no_cost_is_no_picture(report, row_of) -> None:
    assert cost_figure(report.columns[0], replace(report.board, rows=(row_of["exposure"],))) is None
