"""What was learned is the same after arrays and back."""

from pathlib import Path

import numpy as np
import pytest
from safetensors.numpy import load_file, save_file

from protea.applications.variants.plain_score import FittedPlainScore
from protea.applications.variants.saved_learner import SavedLearnerConfig, arrays_of_learner, learner_of_arrays
from protea.applications.variants.variant_features import sequence_columns
from protea.benchmark.learners.gaussian_process import GaussianProcessConfig
from protea.benchmark.learners.network import NetworkConfig
from protea.benchmark.learners.ridge import RidgeConfig
from protea.benchmark.learners.row_split import random_folds
from protea.errors import InputError
from tests.applications.variants.made_scan import WILD_TYPE, made_scan

CONFIGS = (RidgeConfig(penalties=(0.3, 3.0)), GaussianProcessConfig(most_variants=60, most_for_scales=30),
           NetworkConfig(hidden_dim=8, most_epochs=3))  # fmt: skip


@pytest.mark.parametrize("config", CONFIGS, ids=lambda one: one.kind)
def test_answers_are_the_same(config: SavedLearnerConfig, tmp_path: Path) -> None:
    scan = made_scan(num_variants=120)
    columns = sequence_columns("one_hot", scan.variants, len(WILD_TYPE))
    fitted = config.fit(columns[:80], scan.value[:80], random_folds(80, 3, 0), 0)
    save_file(arrays_of_learner(fitted), tmp_path / "w.safetensors")
    again = learner_of_arrays(config, fitted.facts, load_file(tmp_path / "w.safetensors"))
    one, other = fitted.predict(columns), again.predict(columns)
    assert other.mean == pytest.approx(one.mean, abs=1e-9)
    assert one.mean.std() > 0.01
    assert again.facts == fitted.facts
    if one.std is not None:
        assert other.std is not None
        assert other.std == pytest.approx(one.std, abs=1e-9)
    assert (one.std is None) == (other.std is None) == (config.kind != "gaussian_process")


def test_a_plain_score_has_nothing_to_keep() -> None:
    with pytest.raises(InputError, match="cannot be kept; expected ridge, gaussian_process or network"):
        arrays_of_learner(FittedPlainScore())


def test_arrays_hold_numbers_alone() -> None:
    scan = made_scan(num_variants=40)
    columns = sequence_columns("one_hot", scan.variants, len(WILD_TYPE))
    for config in CONFIGS:
        found = arrays_of_learner(config.fit(columns, scan.value, random_folds(40, 3, 0), 0))
        assert all(array.dtype in (np.float64, np.float32, np.int64) for array in found.values())
