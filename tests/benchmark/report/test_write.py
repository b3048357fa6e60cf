from protea.benchmark.report.write import build_report, write_report
from tests.benchmark.report.made_grid import made_data, made_grid


def test_three_files_the_same_bytes_each_time(made_root, report, tmp_path) -> None:
    write_report(report, tmp_path / "a")
    again = build_report(made_root, made_grid(), made_data(), tmp_path / "b", num_resamples=300)
    assert again.rows == report.rows
    for name in ("report.md", "leaderboard.csv", "index.html"):
        first = (tmp_path / "a" / name).read_bytes()
        assert first == (tmp_path / "b" / name).read_bytes()
        assert len(first) > 1000
    assert {path.name for path in (tmp_path / "a").iterdir()} == {"report.md", "leaderboard.csv", "index.html"}


def test_an_empty_grid_is_a_page_that_says_so(tmp_path) -> None:
    build_report(tmp_path / "nothing", made_grid(), made_data(), tmp_path / "out", num_resamples=200)
    page = (tmp_path / "out" / "index.html").read_text(encoding="utf-8")
    assert "No control has run yet" in page
    assert "strong-ca_bb-none-fold0-seed0" in page
