import numpy as np
import pytest
from scipy import sparse

from protea.applications.variants.splits import RandomSplitConfig
from protea.applications.variants.variant_features import sequence_columns
from protea.benchmark.learners.gaussian_process import GaussianProcessConfig
from protea.errors import ConfigError
from protea.metrics.spearman import spearman
from tests.applications.variants.made_scan import WILD_TYPE, made_scan


def test_additive_effects_are_learned_and_intervals_hold_what_they_promise() -> None:
    scan = made_scan(num_variants=400, noise=0.5)
    columns = sequence_columns("one_hot", scan.variants, len(WILD_TYPE))
    split = RandomSplitConfig(num_folds=2).splits(scan.source)[0]
    fitted = GaussianProcessConfig(most_for_scales=120).fit(columns[split.train], scan.value[split.train], (), 0)
    found = fitted.predict(columns[split.test])
    truth = scan.value[split.test]
    assert spearman(truth, found.mean) > 0.9
    assert found.std is not None
    inside = np.mean(np.abs(truth - found.mean) < 1.96 * found.std)
    assert 0.9 < inside < 0.99
    assert found.std.mean() < 0.7 * truth.std()  # and they are narrow


def test_a_column_that_was_never_seen_is_uncertain() -> None:
    rng = np.random.default_rng(0)
    x = np.concatenate([rng.integers(0, 2, size=(60, 4)), np.zeros((60, 1))], axis=1)
    y = x @ np.array([1.0, -2.0, 0.5, 3.0, 0.0]) + 0.1 * rng.normal(size=60)
    asked = np.array([[1.0, 0, 1, 0, 0], [1.0, 0, 1, 0, 1]])
    found = GaussianProcessConfig().fit(x, y, (), 0).predict(asked)
    assert found.std is not None
    assert found.std[1] > 2 * found.std[0]


def test_bounds_limit_what_it_rests_on_and_say_so() -> None:
    rng = np.random.default_rng(1)
    x, y = rng.normal(size=(50, 3)), rng.normal(size=50)
    bounded = GaussianProcessConfig(most_variants=20, most_for_scales=10).fit(x, y, (), 0)
    assert bounded.facts["variants"] == 20
    order = np.random.default_rng(0).permutation(50)[:20]
    # what was left out changes nothing
    y[np.setdiff1d(np.arange(50), order)] += 100.0
    again = GaussianProcessConfig(most_variants=20, most_for_scales=10).fit(x, y, (), 0)
    assert again.predict(x).mean == pytest.approx(bounded.predict(x).mean)


def test_what_would_not_fit_is_refused_before_it_is_made() -> None:
    columns = sparse.csr_array((60_000, 3))
    with pytest.raises(ConfigError, match=r"too large; expected 8 GiB or less; found 107 GiB for 60,000 rows"):
        GaussianProcessConfig(most_variants=60_000).fit(columns, np.zeros(60_000), (), 0)
