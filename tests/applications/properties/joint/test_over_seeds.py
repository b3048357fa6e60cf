"""Several trainings of one fit: means over them, intervals over families, and fits that cannot be compared."""

import json
from pathlib import Path

import numpy as np
import pytest

from protea.applications.properties.joint.column_answers import ColumnResult, load_column_results
from protea.applications.properties.joint.multi_task import RESULTS, MultiTaskConfig, fit_properties
from protea.applications.properties.joint.over_seeds import SeedsResult, over_seeds
from protea.applications.properties.joint.over_seeds_report import over_seeds_report
from protea.applications.properties.labels.catalogue import property_named
from protea.config import load_config, save_config
from protea.errors import ConfigError, InputError
from tests.applications.properties.made_fit import made_config
from tests.cli.command import protea


@pytest.fixture(scope="module")
def runs(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    folder = tmp_path_factory.mktemp("seeds")
    config = made_config(folder, by_columns=["lysines"])
    for seed in (0, 1):
        training = config.training.model_copy(update={"seed": seed})
        fit_properties(
            config.model_copy(update={"training": training}), folder, folder / "cache", folder / f"seed{seed}"
        )
    return folder / "seed0", folder / "seed1"


def test_figures_are_means_over_trainings(runs: tuple[Path, Path]) -> None:
    each = [json.loads((run / RESULTS).read_text()) for run in runs]
    for place, one in enumerate(over_seeds(runs)):
        told = [found[place]["multi"][one.metric] for found in each]
        assert told[0] != told[1]
        assert one.multi == tuple(told)
        assert one.mean is not None
        assert one.gain is not None
        assert one.mean[0] == pytest.approx(np.mean(told))
        assert one.gain[0] == pytest.approx(np.mean([found[place]["gain"] for found in each]))
        assert one.mean[1] <= one.mean[0] <= one.mean[2]


def test_one_training_has_the_interval_of_its_fit(runs: tuple[Path, Path]) -> None:
    (alone,) = (one for one in over_seeds(runs[:1]) if one.name == "states")
    told = next(one for one in json.loads((runs[0] / RESULTS).read_text()) if one["name"] == "states")
    assert alone.gain == pytest.approx((told["gain"], told["low"], told["high"]))
    # A correlation of a constant has no value, so there the metric itself must lie above 0.
    (ranked,) = (one for one in over_seeds(runs[:1]) if one.name == "lysines")
    assert ranked.trivial is None
    assert ranked.over_trivial == ranked.mean


def test_the_command_writes_the_page(runs: tuple[Path, Path], tmp_path: Path) -> None:
    done = protea("properties", "compare-seeds", *runs, "--out", tmp_path / "page")
    assert done.code == 0, done
    page = (tmp_path / "page" / "seeds.md").read_text()
    assert done.out == page
    assert "2 trainings of each (seeds 0, 1)" in page
    (column,) = load_column_results(runs[0])
    assert column.interval is not None
    assert f"{column.interval[0]:.3f} to {column.interval[1]:.3f} |" in page
    tree = json.loads((tmp_path / "page" / "seeds.json").read_text())
    assert {one["name"] for one in tree} == {"lysines", "states"}
    assert all({"beats_trivial", "is_negative_transfer"} <= set(one) for one in tree)


def test_fits_that_differ_in_more_than_the_seed_are_refused(runs: tuple[Path, Path], tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"a seed comes twice.*\[0, 0\]"):
        over_seeds([runs[0], runs[0]])
    with pytest.raises(InputError, match=r"no run\.yaml"):
        over_seeds([runs[0], tmp_path])
    config = load_config(MultiTaskConfig, runs[1] / "run.yaml")
    save_config(config.model_copy(update={"longest": 900}), tmp_path / "run.yaml")
    with pytest.raises(ConfigError, match=r"fits of other settings.*other longest"):
        over_seeds([runs[0], tmp_path])
    save_config(config, tmp_path / "run.yaml")
    with pytest.raises(InputError, match="the fit is not finished"):
        over_seeds([runs[0], tmp_path])


def made_result(gain: tuple[float, float, float], gains: tuple[float, ...]) -> SeedsResult:
    return SeedsResult(
        name="tm", test="test", metric="mae", num_train=1200, num_test=30, num_left_out={"not drawn": 3}, seeds=(0, 1),
        trivial=4.0, single=(3.0, 3.2), multi=(3.5, 3.6), mean=(3.55, 3.1, 3.9), over_trivial=(0.45, 0.1, 0.8),
        gain=gain, gains=gains,
    )  # fmt: skip


def test_negative_transfer_must_show_in_every_training() -> None:
    assert made_result((-0.4, -0.6, -0.2), (-0.5, -0.3)).is_negative_transfer
    assert not made_result((-0.4, -0.6, -0.2), (-0.9, 0.1)).is_negative_transfer
    assert not made_result((-0.4, -0.6, 0.2), (-0.5, -0.3)).is_negative_transfer
    page = over_seeds_report([made_result((-0.4, -0.6, -0.2), (-0.5, -0.3))], [], "x")
    assert (
        "| tm | test | 1,200 | 30 | mae | 4.000 | 3.100 ± 0.141 | 3.550 ± 0.071 | 3.100 to 3.900 | "
        "-0.400 (-0.600 to -0.200) | yes | negative transfer |"
    ) in page
    assert "- tm: not drawn: 3\n" in page


def test_published_figures_and_columns_stand_below() -> None:
    column = ColumnResult(name="tm", test="test", num_train=9, num_test=8, trivial={"mae": 4.0}, columns={"mae": 3.0})
    page = over_seeds_report([made_result((0.1, 0.0, 0.2), (0.1,))], [property_named("solubility")], "x", [column])
    assert "| tm | test | 9 | 8 | mae | 4.000 | 3.000 | - |" in page
    assert "| solubility | " in page.partition("## What others reached")[2]
