"""The grid: which cells there are, and in which order they come."""

import pytest
from pydantic import ValidationError

from protea.benchmark.cell import Cell
from protea.benchmark.grid import GridConfig
from protea.config import parse_config
from protea.errors import ConfigError
from tests.benchmark.small_suite import small_grid
from tests.training.small import EGNN, SCHNET


def test_every_row_meets_every_column_and_further_seeds_only_the_first_fold() -> None:
    grid = small_grid(
        encoders={"a": SCHNET, "b": EGNN}, schemes=["ca_base", "ca_bb"], auxiliaries=["none", "sequence_denoising"],
        folds=[0, 1], seeds=[0], extra_seeds=[1, 2],
    )  # fmt: skip
    cells = list(grid.cells())
    assert len(cells) == len(set(cells)) == 2 * 2 * 2 * (2 + 2)
    rows = {cell.row for cell in cells}
    assert len(rows) == 8
    for row in rows:
        columns = [(cell.fold, cell.seed) for cell in cells if cell.row == row]
        assert columns == [(0, 0), (1, 0), (0, 1), (0, 2)]
    # All rows of the first fold come first: a table that was stopped early is narrow, not torn.
    assert {cell.row for cell in cells[:8]} == rows


@pytest.mark.parametrize("name", ["seeds", "extra_seeds"])
def test_a_seed_is_no_negative_number(name: str) -> None:
    with pytest.raises(ValidationError, match="negative"):
        small_grid(**{name: [-1]})


def test_a_scheme_is_left_out_beside_an_auxiliary_only() -> None:
    grid = small_grid(
        schemes=["ca_bb", "ca_sc"], auxiliaries=["none", "sequence_denoising"],
        left_out=[("ca_sc", "sequence_denoising")],
    )  # fmt: skip
    assert [(cell.scheme, cell.auxiliary) for cell in grid.cells()] == [
        ("ca_bb", "none"), ("ca_sc", "none"), ("ca_bb", "sequence_denoising"),
    ]  # fmt: skip


def test_frozen_controls_stand_beside_the_plain_rows() -> None:
    grid = small_grid(auxiliaries=["none", "structure_denoising"], frozen_control=["schnet"])
    frozen = [cell for cell in grid.cells() if cell.encoder.startswith("frozen_")]
    assert frozen == [Cell("frozen_schnet", "ca_angles", "none", 0, 0)]


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"frozen_control": ["egnn"]}, r"frozen_control names \['egnn'\]; expected some of \['schnet'\]"),
        ({"encoders": {"frozen_a": SCHNET}}, r"may not be called \['frozen_a'\]"),
        ({"encoders": {"a/b": SCHNET}}, r"may not be called \['a/b'\]"),
        ({"seeds": [0, 1, 0]}, "seeds .* holds a value twice"),
        ({"learning_rates": [1e-3, 0.001]}, "learning_rates .* holds a value twice"),
        ({"seeds": [0, 1], "extra_seeds": [1]}, "repeats a seed"),
        ({"extra_seeds": [2, 2]}, "repeats a seed"),
    ],
)
def test_two_runs_never_share_a_folder(settings: dict[str, object], message: str) -> None:
    with pytest.raises(ValidationError, match=message):
        small_grid(**settings)


def test_a_wrong_suite_or_scheme_is_refused_with_the_right_names() -> None:
    tree = {"suite": {"kind": "ppi_sites"}, "encoders": {"a": {"kind": "schnet"}}, "schemes": ["ca_bb"]}
    with pytest.raises(ConfigError, match=r"no such suite.*ppi_site.*inverse_folding"):
        parse_config(GridConfig, tree, where="grid.yaml")
    small = small_grid().model_dump(mode="json")
    with pytest.raises(ConfigError, match=r"schemes\.0: .*ca_base"):
        parse_config(GridConfig, small | {"suite": small_grid().suite, "schemes": ["bb"]}, where="grid.yaml")


def test_published_rates_replace_the_search_of_their_rows() -> None:
    grid = small_grid(learning_rates=[1e-3, 1e-2], fixed_rates={"schnet": {"ca_bb": 5e-4}})
    assert grid.rates_of(("schnet", "ca_bb", "none")) == [5e-4]
    assert grid.rates_of(("frozen_schnet", "ca_bb", "none")) == [5e-4]
    assert grid.rates_of(("schnet", "ca_angles", "none")) == [1e-3, 1e-2]
    with pytest.raises(ValidationError, match=r"fixed_rates names \['egnn'\]"):
        small_grid(fixed_rates={"egnn": {"ca_bb": 5e-4}})


def test_an_encoder_with_given_weights_has_rows_for_their_schemes_only_and_no_auxiliary() -> None:
    start = {"weights": "runs/one"}
    grid = small_grid(
        encoders={"schnet": SCHNET, "tuned": SCHNET}, schemes=["ca_base", "ca_angles"],
        auxiliaries=["none", "structure_denoising"], starts={"tuned": {"ca_angles": start}},
    )  # fmt: skip
    rows = [cell.row for cell in grid.cells()]
    assert [row for row in rows if row[0] == "tuned"] == [("tuned", "ca_angles", "none")]
    assert len([row for row in rows if row[0] == "schnet"]) == 4
    of = {cell.row: grid.start_of(cell) for cell in grid.cells()}
    tuned = of["tuned", "ca_angles", "none"]
    assert tuned is not None
    assert str(tuned.weights) == "runs/one"
    assert of["schnet", "ca_angles", "none"] is None
    with pytest.raises(ValidationError, match=r"starts names the schemes \['ca_bb'\]"):
        small_grid(encoders={"tuned": SCHNET}, starts={"tuned": {"ca_bb": start}})
