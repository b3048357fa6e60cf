"""What was found is written in words that a grid takes."""

from pathlib import Path

from protea.benchmark.search.budget import Budget, Row
from protea.benchmark.search.outcome import Outcome, outcomes_of, overrides_of
from protea.config import apply_overrides, save_config
from tests.benchmark.small_suite import small_grid

SETTINGS = {"training.learning_rate": 3.2e-05, "encoder.num_layers": 2, "training.weight_decay": 0.25}


def test_overrides_are_those_of_a_grid() -> None:
    words = overrides_of(Row("schnet", "ca_angles"), SETTINGS)
    assert words == [
        "fixed_rates.schnet.ca_angles=3.2e-05", "encoders.schnet.num_layers=2", "training.weight_decay=0.25"
    ]  # fmt: skip
    tree = {name: value for name, value in small_grid().model_dump(mode="json").items() if name != "suite"}
    changed = apply_overrides(tree, words)
    assert changed["fixed_rates"] == {"schnet": {"ca_angles": 3.2e-05}}
    assert changed["encoders"]["schnet"]["num_layers"] == 2
    assert changed["training"]["weight_decay"] == 0.25


def test_a_comparison_is_read_back(tmp_path: Path) -> None:
    for name in ("b", "a"):
        (tmp_path / name).mkdir()
        outcome = Outcome(
            encoder=name, scheme="ca_angles", metric="auroc", validation_metric=0.5, settings=SETTINGS,
            overrides=overrides_of(Row(name, "ca_angles"), SETTINGS), budget=Budget(trials=2, epochs=1), trials_done=1,
            trials_failed=1,
        )  # fmt: skip
        outcome.save(tmp_path / name)
    assert [one.encoder for one in outcomes_of(tmp_path)] == ["a", "b"]
    assert outcomes_of(tmp_path)[1] == outcome.model_copy(
        update={"encoder": "b", "overrides": outcomes_of(tmp_path)[1].overrides}
    )
    save_config(outcome, tmp_path / "copy.yaml")
