"""Several trainings of one fit: means over them, intervals over families, and fits that cannot be compared."""

import json
from pathlib import Path

import numpy as np
import pytest

from protea.applications.properties.joint.multi_task import RESULTS, MultiTaskConfig
from protea.applications.properties.joint.over_seeds import over_seeds
from protea.config import load_config, save_config
from protea.errors import ConfigError, InputError
from tests.applications.properties.made_fit import made_runs


@pytest.fixture(scope="module")
def runs(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    return made_runs(tmp_path_factory.mktemp("seeds"))


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
