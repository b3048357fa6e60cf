"""`protea bench calibrate`: tables and runs, the same numbers in text and JSON, files on request."""

from pathlib import Path

import numpy as np

from protea.benchmark.predictions import StoredPredictions, save_predictions
from tests.cli.command import protea, protea_json


def write_table(path: Path, num: int = 120) -> Path:
    rng = np.random.default_rng(0)
    lines = ["split,target,value,sigma"]
    for row in range(num):
        sigma, value = rng.uniform(0.5, 2.0), rng.normal()
        part = ("calibration", "test", "train")[row % 3]
        lines.append(f"{part},{value + 2 * sigma * rng.normal():.5f},{value:.5f},{sigma:.5f}")
    path.write_text("\n".join(lines) + "\n")
    return path


def test_a_table_in_text_json_and_files(tmp_path: Path) -> None:
    table = write_table(tmp_path / "outside.csv")
    found = protea_json("bench", "calibrate", table, "--resamples", "5")
    assert found["calibration"] == {"items": 40, "units": 40}
    way = next(item for item in found["ways"] if item["name"] == "conformal, width by sigma")
    text = protea("bench", "calibrate", table, "--resamples", "5", "--out", tmp_path / "out")
    assert text.code == 0
    assert f"{way['coverage']:.3f}" in text.out
    assert "40 lines of another part were left out." in text.out
    assert {"index.html", "report.md", "calibration.json"} <= {path.name for path in (tmp_path / "out").iterdir()}


def test_residues_of_a_run_are_judged_by_protein(tmp_path: Path) -> None:
    rng = np.random.default_rng(1)
    for part in ("validation", "test"):
        ptr, target = np.arange(0, 401, 10), rng.integers(2, size=400).astype(np.uint8)
        score = np.clip(0.5 + 0.4 * (target - 0.5) + 0.2 * rng.normal(size=400), 0.01, 0.99).astype(np.float32)
        ids = np.array([f"p{number}" for number in range(40)])
        known = rng.random(400) > 0.1
        save_predictions(
            StoredPredictions(ids, ptr, target, known, score, None), tmp_path / f"predictions-site-{part}.npz"
        )
    found = protea_json("bench", "calibrate", tmp_path, "--resamples", "5", "--level", "0.8")
    assert found["kind"] == "yes_no"
    assert found["test"]["units"] == 40
    assert found["test"]["items"] > 300
    assert {way["name"] for way in found["ways"]} >= {"Platt", "lac sets"}


def test_wrong_input_is_2(tmp_path: Path) -> None:
    assert "validation predictions" in protea("bench", "calibrate", tmp_path).err
    assert protea("bench", "calibrate", tmp_path / "absent.csv").code == 2
    assert protea("bench", "calibrate", write_table(tmp_path / "t.csv"), "--level", "1").code == 2
