"""What every supervised model and every split of the catalogue promises."""

from typing import get_args

import numpy as np
import pytest

from protea.applications.variants.catalogue import AnyLearnerConfig, AnySplitConfig
from protea.applications.variants.splits import RandomSplitConfig, SplitConfig, SplitSource
from protea.benchmark.learners.learner import LearnerConfig
from tests.applications.variants.made_scan import made_scan

LEARNERS = get_args(get_args(AnyLearnerConfig)[0])
SPLITS = get_args(get_args(AnySplitConfig)[0])
NEEDED = {"low_vs_high": {"cut": -2.0}, "column": {"column": "published"}}


@pytest.mark.parametrize("model", LEARNERS, ids=lambda model: model.model_fields["kind"].default)
def test_a_learner_answers_each_variant_alone_and_leaves_its_input(model: type[LearnerConfig]) -> None:
    rng = np.random.default_rng(0)
    x = rng.normal(size=(40, 1))
    y = 2.0 * x[:, 0] + 0.1 * rng.normal(size=40)
    before = x.copy(), y.copy()
    folds = tuple(RandomSplitConfig(num_folds=2).splits(made_scan(num_variants=40).source))
    fitted = model().fit(x, y, folds, 0)
    found = fitted.predict(x)
    assert np.corrcoef(found.mean, y)[0, 1] > 0.9
    np.testing.assert_allclose(fitted.predict(x[3:5]).mean, found.mean[3:5], atol=1e-5)
    np.testing.assert_array_equal(x, before[0])
    np.testing.assert_array_equal(y, before[1])


@pytest.mark.parametrize("model", SPLITS, ids=lambda model: model.model_fields["kind"].default)
def test_a_split_never_has_a_variant_on_both_sides(model: type[SplitConfig]) -> None:
    scan = made_scan()
    column = {"published": ("train", "test", "test") * 100}
    config = model(**NEEDED.get(model.model_fields["kind"].default, {}))
    assert config.label
    for split in config.splits(SplitSource(scan.variants, scan.value, column)):
        assert not set(split.train.tolist()) & set(split.test.tolist())
        for inner in config.inner(scan.source.part(split.train)):
            assert not set(inner.train.tolist()) & set(inner.test.tolist())
            assert max(inner.train.max(), inner.test.max()) < split.train.size
