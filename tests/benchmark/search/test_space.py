"""A space names settings of the encoder and the training; a grid takes proposed values at their places."""

import pytest
from pydantic import ValidationError

from protea.benchmark.search.space import SearchSpace, grid_with
from protea.errors import ConfigError
from tests.benchmark.small_suite import small_grid

RATE = {"kind": "float", "low": 1e-5, "high": 1e-2, "log": True}


@pytest.mark.parametrize(
    ("parameters", "message"),
    [
        ({}, "at least 1"),
        ({"suite.seed": RATE}, r"suite\.seed cannot be searched"),
        ({"encoder.kind": {"kind": "choice", "values": ["egnn", "schnet"]}}, "cannot be searched"),
        ({"training.epochs": {"kind": "int", "low": 1, "high": 3}}, "part of the budget"),
        ({"training.learning_rate": {**RATE, "low": 0.0}}, "no range from 0 to 0.01 by orders"),
        ({"encoder.width": {"kind": "int", "low": 3, "high": 3}}, "no range from 3 to 3"),
    ],
)
def test_what_cannot_be_searched_is_refused(parameters: dict[str, object], message: str) -> None:
    with pytest.raises(ValidationError, match=message):
        SearchSpace.model_validate({"parameters": parameters})


def test_settings_go_to_their_places() -> None:
    grid = small_grid(fixed_rates={"schnet": {"ca_angles": 1e-4}})
    found = grid_with(
        grid, "schnet", "ca_angles",
        {"training.learning_rate": 3e-05, "training.weight_decay": 0.5, "encoder.num_layers": 2},
    )  # fmt: skip
    assert [cell.name for cell in found.cells()] == ["schnet-ca_angles-none-fold0-seed0"]
    assert found.rates_of(("schnet", "ca_angles", "none")) == [3e-05]
    assert (found.training.weight_decay, found.encoders["schnet"].num_layers) == (0.5, 2)  # type: ignore[union-attr]
    assert grid.training.weight_decay == 0.0
    with pytest.raises(ConfigError, match="num_leyers"):
        grid_with(grid, "schnet", "ca_angles", {"encoder.num_leyers": 2})
