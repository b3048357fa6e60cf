import re

from protea.benchmark.report.figures.ranks import ranked_rows, ranks_figure


def test_rows_stand_in_the_order_of_their_mean_rank(report) -> None:
    picture = ranks_figure(ranked_rows(report.board))
    assert picture is not None
    found = [(name, float(rank)) for name, rank in re.findall(r"<title>([^:<]+): mean rank ([\d.]+)", picture)]
    assert found[:3] == [("strong ca_bb", 1.0), ("exposure control", 2.5), ("same ca_bb", 2.5)]
    assert [rank for _, rank in found] == sorted(rank for _, rank in found)
    assert "stuck" not in picture
