import json

from protea.applications.variants.interval_check import IntervalRow
from protea.applications.variants.interval_report import interval_markdown, plain_rows
from protea.benchmark.calibration.coverage_band import CoverageBand

BAND = CoverageBand(0.9, 0.85, 0.95, 0.99)
ROWS = [
    IntervalRow("s", "ridge", "known positions", "conformal", 60, 9, 0.91, BAND, 2.0, 0.5),
    IntervalRow("s", "ridge", "known positions", "by novelty", 60, 9, 0.91, BAND, 2.0, 0.5),
    IntervalRow("s", "ridge", "new positions", "conformal", 70, 8, 0.6, None, 2.0, 1.5),
    IntervalRow("s", "ridge", "new positions", "by novelty", 70, 8, 0.8, BAND, float("inf"), 1.5),
]


def test_plain_rows_are_json() -> None:
    plain = json.loads(json.dumps(plain_rows(ROWS), allow_nan=False))
    assert [row["mean_width"] for row in plain] == [2.0, 2.0, 2.0, "infinity"]
    assert plain[0]["band"]["low"] == 0.85


def test_lines_hold_what_was_promised_and_kept() -> None:
    text = interval_markdown(ROWS, 0.9, "protea it")
    assert "`protea it`" in text
    assert text.count("## s,") == 2
    assert "| ridge | conformal | 0.910 | 0.850 to 0.950 | yes | 2.00 | 0.50 |" in text
    assert "| ridge | conformal | 0.600 |  |  | 2.00 | 1.50 |" in text
    assert "| ridge | by novelty | 0.800 | 0.850 to 0.950 | no | infinite | 1.50 |" in text
    assert "Inside their band at known positions (conformal): 1 of 1." in text
    assert "Inside their band at new positions (by novelty): 0 of 1." in text
