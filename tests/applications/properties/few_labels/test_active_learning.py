from pathlib import Path

import numpy as np
import pytest

from protea.applications.properties.few_labels.active_learning import AcquisitionConfig, acquire, run_acquisition
from protea.benchmark.learners.gaussian_process import GaussianProcessConfig
from protea.benchmark.learners.ridge import RidgeConfig
from protea.errors import ConfigError, InputError
from tests.applications.properties.made_properties import made_property


def made_pool(seed: int = 0) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(seed)
    x = rng.normal(size=(120, 3))
    return x, x @ np.array([1.0, -1.0, 0.5])


def test_greedy_finds_the_best_of_a_line_and_random_does_not() -> None:
    x, y = made_pool()
    first = np.argsort(y)[:10]  # the worst ten
    ridge = RidgeConfig(penalties=(1e-3,))
    greedy = acquire(x, y, first, "greedy", ridge, 2, 5, 0)
    top = np.argsort(-y)[:5]
    assert set(top) <= set(greedy[1][0])  # after one round already
    assert greedy[1][1] == pytest.approx(1.0)
    drawn = acquire(x, y, first, "random", ridge, 2, 5, 0)
    assert not set(top) <= set(drawn[2][0])
    assert [len(measured) for measured, _ in drawn] == [10, 15, 20]
    assert [ranking is None for _, ranking in drawn] == [True, True, False]


def test_nothing_is_measured_twice_and_values_of_the_rest_are_not_seen() -> None:
    x, y = made_pool()
    first = np.arange(10)
    learner = GaussianProcessConfig(most_for_scales=20)
    found = acquire(x, y, first, "expected_improvement", learner, 2, 5, 3)
    assert len(set(found[-1][0])) == 20
    assert found[1][0][:10].tolist() == first.tolist()
    hidden = y.copy()
    hidden[np.setdiff1d(np.arange(120), found[0][0])] = 1e6
    again = acquire(x, hidden, first, "expected_improvement", learner, 1, 5, 3)
    assert again[1][0].tolist() == found[1][0].tolist()


def test_rows_count_what_was_found(tmp_path: Path) -> None:
    item = made_property(tmp_path, 130)
    examples = item.examples(tmp_path)
    config = AcquisitionConfig(
        strategies=("random", "greedy"), num_pool=120, num_first=10, num_rounds=1, batch_size=10, num_draws=2,
        learner=GaussianProcessConfig(most_for_scales=10), lower_is_better=True,
    )  # fmt: skip
    rows = run_acquisition(item, examples, config)
    assert len(rows) == 2 * 2 * 2
    start = [row for row in rows if row.round == 0]
    for draw in range(2):
        ours = {row.best_found for row in start if row.draw == draw}
        assert len(ours) == 1  # all strategies begin alike
    for row in rows:
        assert row.num_measured == 10 + 10 * row.round
        assert row.recall_of_top in {0.0, 1.0}  # the top 1 % of 120 is one
        assert (row.regret == 0) == (row.recall_of_top == 1) or row.regret == 0
        assert row.best_found >= 0


def test_what_cannot_be_is_refused(tmp_path: Path) -> None:
    item = made_property(tmp_path, 30)
    with pytest.raises(InputError, match="smaller pool"):
        run_acquisition(item, item.examples(tmp_path), AcquisitionConfig())
    with pytest.raises((ConfigError, ValueError), match="of a pool of 100"):
        AcquisitionConfig(num_pool=100, num_first=90)


def test_a_pool_may_be_measured_to_its_end() -> None:
    x, y = made_pool()
    for strategy in ("random", "greedy"):
        found = acquire(x, y, np.arange(10), strategy, RidgeConfig(penalties=(1e-3,)), 2, 55, 0)  # type: ignore[arg-type]
        assert sorted(found[-1][0]) == list(range(120))
        assert found[-1][1] is None  # of nothing there is no rank
