"""Settings of a run: nonsense is refused where it stands."""

import pytest

from protea.config import parse_config
from protea.errors import ConfigError
from protea.training.config import TrainingConfig


@pytest.mark.parametrize(
    ("tree", "place"),
    [
        ({"learning_rate": 0}, "learning_rate"),
        ({"epochs": 0}, "epochs"),
        ({"batch": {"max_proteins": 0}}, "batch.max_proteins"),
        ({"precision": "16"}, "precision"),
        ({"batch_size": 8}, "batch_size"),
        ({"accumulate": 0}, "accumulate"),
        ({"plateau_factor": 1.0}, "plateau_factor"),
        ({"seed": -1}, "seed"),
    ],
)
def test_nonsense_is_refused_with_its_place(tree: dict[str, object], place: str) -> None:
    with pytest.raises(ConfigError, match=rf"\b{place}: "):
        parse_config(TrainingConfig, tree, where="run.yaml")


def test_every_setting_is_described() -> None:
    silent = [name for name, field in TrainingConfig.model_fields.items() if not field.description]
    assert silent == []
