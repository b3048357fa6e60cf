"""`protea interactions fit` leaves a model that can be asked."""

from pathlib import Path

from protea.applications.interactions.pair_predictor import load_predictor
from protea.config import save_config
from tests.applications.interactions.made_problem import telling_network, write_tables
from tests.applications.interactions.test_pair_fitting import config_of
from tests.cli.command import protea, protea_json


def test_fit_and_override(tmp_path: Path) -> None:
    write_tables(tmp_path, telling_network())
    save_config(config_of(), tmp_path / "fit.yaml")
    words = ("interactions", "fit", tmp_path / "fit.yaml", "--data", tmp_path, "--out", tmp_path / "model")
    found = protea_json(*words, "--set", "training.epochs=2", "--set", "training.stage=1")
    assert found["outputs"] == ["reaction", "binding", "ptmod", "activation", "inhibition", "catalysis", "expression"]
    assert found["epoch"] in {1, 2}
    assert load_predictor(tmp_path / "model").threshold == found["threshold"]
    assert protea(*words[:-2], "--out", tmp_path / "m", "--set", "asks=nothing").code == 2
