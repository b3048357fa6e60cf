import numpy as np
import pytest
from scipy import sparse

from protea.applications.variants.splits import RandomSplitConfig
from protea.applications.variants.variant_features import sequence_columns
from protea.benchmark.learners.ridge import RidgeConfig
from protea.benchmark.learners.row_split import RowSplit
from protea.metrics.spearman import spearman
from tests.applications.variants.made_scan import WILD_TYPE, made_scan


def test_equals_the_normal_equations_with_a_free_intercept() -> None:
    rng = np.random.default_rng(0)
    x, y = rng.normal(size=(40, 5)), rng.normal(size=40) + 7.0
    centred = x - x.mean(axis=0)
    weight = np.linalg.solve(centred.T @ centred + 2.5 * np.eye(5), centred.T @ (y - y.mean()))
    expected = (x - x.mean(axis=0)) @ weight + y.mean()
    for columns in (x, sparse.csr_array(x)):
        found = RidgeConfig(penalties=(2.5,)).fit(columns, y, (), 0).predict(columns).mean
        np.testing.assert_allclose(found, expected, atol=1e-5)


def test_the_penalty_is_that_with_the_least_error_on_the_inner_folds() -> None:
    rng = np.random.default_rng(1)
    x = rng.normal(size=(60, 30))
    y = x[:, 0] + 2.0 * rng.normal(size=60)
    inner = (RowSplit(np.arange(30), np.arange(30, 60)), RowSplit(np.arange(30, 60), np.arange(30)))
    penalties = (1e-3, 10.0, 1e5)
    error = [
        sum(
            np.square(
                RidgeConfig(penalties=(p,)).fit(x[s.train], y[s.train], (), 0).predict(x[s.test]).mean - y[s.test]
            ).sum()
            for s in inner
        )
        for p in penalties
    ]
    fitted = RidgeConfig(penalties=penalties).fit(x, y, inner, 0)
    assert fitted.facts == {"penalty": penalties[int(np.argmin(error))]}
    assert np.argmin(error) > 0


@pytest.mark.parametrize("noise", [0.05, 1.0])
def test_additive_effects_are_learned(noise: float) -> None:
    scan = made_scan(num_variants=500, noise=noise)
    columns = sequence_columns("one_hot", scan.variants, len(WILD_TYPE))
    split = RandomSplitConfig().splits(scan.source)[0]
    inner = RandomSplitConfig().splits(scan.source.part(split.train))
    fitted = RidgeConfig().fit(columns[split.train], scan.value[split.train], inner, 0)
    found = spearman(scan.value[split.test], fitted.predict(columns[split.test]).mean)
    assert found > (0.95 if noise < 0.1 else 0.6)
