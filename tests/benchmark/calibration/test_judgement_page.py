import json
from html.parser import HTMLParser
from pathlib import Path

from protea.benchmark.calibration.catalogue import load_calibrator
from protea.benchmark.calibration.judge import judge
from protea.benchmark.calibration.judgement_page import (
    coverage_rows,
    group_rows,
    judgement_markdown,
    measure_rows,
    write_judgement,
)
from tests.benchmark.calibration.made_parts import classes, values, yes_no


class _Text(HTMLParser):
    """What a reader sees of a page."""

    def __init__(self) -> None:
        super().__init__()
        self.cells: list[str] = []

    def handle_data(self, data: str) -> None:
        self.cells.append(data)


def test_files_hold_the_same_numbers(tmp_path: Path) -> None:
    test = values(200, 1)
    found = judge(values(200, 0), test, num_resamples=5)
    files = write_judgement(found, test, "melting & more", tmp_path / "out")
    text, page = (files[place].read_text(encoding="utf-8") for place in (0, 1))
    reader = _Text()
    reader.feed(page)
    for row in (*coverage_rows(found), *group_rows(found), *measure_rows(found)):
        assert "| " + " | ".join(row) + " |" in text
        assert set(row) <= set(reader.cells)
    assert "melting &amp; more" in page
    assert page.count("<svg") == 2
    assert "http" not in page
    plain = json.loads(files[2].read_text(encoding="utf-8"))
    assert [way["name"] for way in plain["ways"]] == [way.name for way in found.ways]


def test_calibrators_are_written_and_can_be_read(tmp_path: Path) -> None:
    for known, test in ((yes_no(200, 0), yes_no(100, 1)), (classes(200, 0), classes(100, 1))):
        found = judge(known, test, num_resamples=5)
        files = write_judgement(found, test, "x", tmp_path / test.kind)
        read = [load_calibrator(path) for path in files[3:]]
        assert read == [way.calibrator for way in found.ways if way.calibrator is not None]


def test_lines_say_what_was_promised_and_kept() -> None:
    found = judge(values(6, 0), values(40, 1), num_resamples=5)
    rows = {row[0]: row for row in coverage_rows(found)}
    assert rows["conformal, one width"][1:4] == ("1.000", "1.000 to 1.000", "yes")
    assert rows["conformal, one width"][5] == "infinite"
    assert rows["sigma as predicted"][2:4] == ("\N{EN DASH}", "\N{EN DASH}")
    text = judgement_markdown(found, "few")
    assert "fewer than 9" in text
    assert "Fitted to 6 items, judged on 40 items." in text
