"""`protea properties probe-layers` prints a row per layer."""

from pathlib import Path

from protea.applications.properties.labels.property import Property
from protea.config import save_config
from tests.applications.properties.made_properties import residue_block, write_states
from tests.cli.command import protea, protea_json
from tests.cli.language_weights import TINY, write_weights


def test_a_row_per_layer(tmp_path: Path) -> None:
    write_states(tmp_path, 40)
    save_config(Property.model_validate(residue_block()), tmp_path / "own.yaml")
    weights = write_weights(tmp_path / "tiny.safetensors")
    words = ("properties", "probe-layers", tmp_path / "own.yaml", "--data", tmp_path, "--weights", weights, *TINY,
             "--cache", tmp_path / "cache", "--proteins", "20", "--residues", "10")  # fmt: skip
    rows = protea_json(*words)
    assert [row["layer"] for row in rows] == [0, 1, 2]
    assert all(row["selectivity"] == row["value"] - row["control"] for row in rows)
    twice = protea(*words, "--weights", weights)
    assert twice.code == 2
    assert "one model" in twice.err
