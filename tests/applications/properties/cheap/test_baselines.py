"""Cheap columns find what is in them, beside controls that do not; residues are refused."""

from pathlib import Path

import pytest

from protea.applications.properties.cheap.baseline_report import baseline_report
from protea.applications.properties.cheap.baselines import CHEAP, NEAREST, TRIVIAL, BaselineRow, run_baselines
from protea.applications.properties.labels.property import Property
from protea.errors import InputError
from tests.applications.properties.made_properties import made_property, residue_block, write_states


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> tuple[Property, list[BaselineRow]]:
    folder = tmp_path_factory.mktemp("baselines")
    item = made_property(folder, 150)
    return item, run_baselines([item], folder, folder / "cache", seeds=(0, 1))


def test_columns_that_hold_the_answer_give_it(made: tuple[Property, list[BaselineRow]]) -> None:
    _, rows = made
    assert [row.seed for row in rows] == [0, 1]
    for row in rows:
        spearman = {name: found["spearman"] for name, found in row.metrics.items()}
        assert spearman[TRIVIAL] is None
        assert spearman[CHEAP] is not None
        assert spearman[CHEAP] > 0.75
        assert spearman[NEAREST] is None or spearman[NEAREST] < spearman[CHEAP]
        mae = {name: found["mae"] for name, found in row.metrics.items()}
        assert mae[CHEAP] < 0.6 * mae[TRIVIAL]  # type: ignore[operator]
        assert row.num_train + row.num_validation + row.num_test == 150


def test_the_report_says_it(made: tuple[Property, list[BaselineRow]]) -> None:
    item, rows = made
    page = baseline_report(rows, {item.name: item}, "protea properties baselines")
    line = next(line for line in page.splitlines() if line.startswith("| lysines | test |"))
    assert "| - |" in line
    assert "**0.8" in line
    assert "families at 30% identity" in page


def test_residues_are_refused(tmp_path: Path) -> None:
    write_states(tmp_path, 5)
    with pytest.raises(InputError, match="states: no cheap columns for residues"):
        run_baselines([Property.model_validate(residue_block())], tmp_path, tmp_path)
