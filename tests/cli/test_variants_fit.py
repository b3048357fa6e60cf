"""`protea variants fit` leaves a folder, says what it reaches, and refuses what it cannot use."""

from pathlib import Path

from tests.applications.variants.made_scan import WILD_TYPE, made_scan
from tests.cli.command import protea, protea_json


def write_measured(folder: Path, num_variants: int = 85, most: int = 1) -> Path:
    """A table of made variants, numbered from 5."""
    scan = made_scan(num_variants=num_variants, most=most)
    lines = [f"{v.name(WILD_TYPE, 5)},{y:.6f}" for v, y in zip(scan.variants, scan.value, strict=True)]
    path = folder / "measured.csv"
    path.write_text("\n".join(["mutant,DMS_score", *lines]) + "\n")
    return path


def words_of_fit(table: Path, out: Path) -> tuple[str | Path, ...]:
    return ("variants", "fit", table, "--wild-type", WILD_TYPE, "--first-number", "5", "--out", out)


def test_a_folder_and_what_it_reaches(tmp_path: Path) -> None:
    words = words_of_fit(write_measured(tmp_path), tmp_path / "model")
    found = protea_json(*words, "--set", "learner.penalties=[0.3]", "--set", "held_out=0.3")
    assert found["num_train"] + found["known_positions"]["num_variants"] <= 85
    assert found["new_positions"]["num_positions"] == 4
    assert found["learner"] == "ridge"
    assert {path.name for path in (tmp_path / "model").iterdir()} == {"scan_model.json", "weights.safetensors"}
    shown = protea(*words)
    assert shown.code == 0
    assert "known positions: Spearman" in shown.out
    assert "none: 4 held-out positions are too few for 90%" in shown.err


def test_a_dry_run_writes_nothing_and_a_configuration_is_read(tmp_path: Path) -> None:
    (tmp_path / "c.yaml").write_text("features: [one_hot, letters]\nlearner: {kind: network, hidden_dim: 4}\n")
    words = (*words_of_fit(write_measured(tmp_path), tmp_path / "model"), "--config", tmp_path / "c.yaml", "--dry-run")
    assert protea_json(*words)["config"]["learner"]["hidden_dim"] == 4
    assert "would fit network on one_hot, letters to 85 variants" in protea(*words).out
    assert not (tmp_path / "model").exists()


def test_wrong_input_is_2(tmp_path: Path) -> None:
    table = write_measured(tmp_path)
    shifted = protea("variants", "fit", table, "--wild-type", WILD_TYPE, "--out", tmp_path / "m")
    assert shifted.code == 2
    assert "does not fit the wild type" in shifted.err
    words = words_of_fit(table, tmp_path / "m")
    for more in (("--set", "features=[colour]"), ("--set", "learner.kind=plain_score"), ("--measured", "fitness")):
        assert protea(*words, *more).code == 2
    assert not (tmp_path / "m").exists()
