import json

import numpy as np

from protea.benchmark.calibration.judge import judge
from protea.benchmark.calibration.judgement import JudgedWay, as_plain
from tests.benchmark.calibration.made_parts import values


def test_plain_form_is_json_with_infinity_as_a_word() -> None:
    found = judge(values(6, 0), values(30, 1), num_resamples=5)
    plain = json.loads(json.dumps(as_plain(found), allow_nan=False))
    way = next(item for item in plain["ways"] if item["name"] == "conformal, one width")
    assert way["measures"]["interval_width"]["value"] == "infinity"
    assert (way["coverage"], way["band"]["low"], way["is_in_band"]) == (1.0, 1.0, True)
    assert plain["calibration"] == {"items": 6, "units": 6}
    assert {row["band"] for row in way["groups"]} == {"near", "far", "all"}


def test_numbers_are_those_of_the_judgement() -> None:
    found = judge(values(60, 0), values(60, 1), num_resamples=5)
    plain = as_plain(found)
    for way, item in zip(found.ways, plain["ways"], strict=True):
        assert item["coverage"] == way.coverage
        assert {name: measure["value"] for name, measure in item["measures"].items()} == {
            name: measure.value for name, measure in way.measures.items()
        }


def test_nothing_promised_is_in_no_band() -> None:
    assert JudgedWay("as predicted", {}, coverage=0.5).is_in_band is None
    assert np.isfinite(judge(values(60, 0), values(60, 1), num_resamples=5).ways[1].coverage)
