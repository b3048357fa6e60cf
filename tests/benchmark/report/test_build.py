from protea.benchmark.report.build import report_on
from tests.benchmark.report.made_grid import made_data, made_grid


def test_the_same_folder_gives_the_same_report(made_root, report) -> None:
    again = report_on(made_root, made_grid(), made_data(), num_resamples=300)
    assert again.finding == report.finding
    assert again.facts == report.facts
    assert again.rows == report.rows


def test_without_a_number_the_resamples_follow_from_the_rows(tmp_path) -> None:
    report = report_on(tmp_path, made_grid(), made_data())
    assert report.board.num_resamples == 1000
    assert {row.verdict for row in report.rows} == {"no result yet"}
    assert report.title == "Made-up sites"
    assert report.matrices == ()
