"""`protea variants intervals`: a page of Markdown, and the same rows as JSON."""

from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from tests.cli.command import protea, protea_json

CONFIG = """wild_types: wild.csv
scans: [{name: made, file: made.parquet, wild_type: made}]
models: [{name: ridge, features: [one_hot], learner: {kind: ridge, penalties: [1.0]}}]
level: 0.8
"""


def write_data(folder: Path) -> Path:
    rng = np.random.default_rng(0)
    folder.mkdir()
    (folder / "wild.csv").write_text("set,sequence,number_of_first_residue\nmade," + "A" * 40 + ",1\n")
    names = [f"A{place + 1}{letter}" for place in range(40) for letter in "CDEFGH"]
    table = pa.table({"variant": names, "score": rng.normal(size=len(names))})
    pq.write_table(table, folder / "made.parquet")
    (folder / "config.yaml").write_text(CONFIG)
    return folder


def test_page_and_json_hold_the_same(tmp_path: Path) -> None:
    data = write_data(tmp_path / "data")
    page = tmp_path / "deep" / "page.md"
    found = protea_json("variants", "intervals", data / "config.yaml", "--data", data, "--out", page)
    assert {row["test"] for row in found} == {"known positions", "new positions"}
    text = page.read_text(encoding="utf-8")
    assert "Nominal coverage 80%" in text
    for row in found:
        assert f"| ridge | {row['way']} | {row['coverage']:.3f} |" in text


def test_wrong_input_is_2(tmp_path: Path) -> None:
    data = write_data(tmp_path / "data")
    for words in (("--set", "level=2"), ("--set", "scans=[]")):
        assert (
            protea("variants", "intervals", data / "config.yaml", "--data", data, "--out", data / "x", *words).code == 2
        )
