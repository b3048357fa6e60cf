"""Columns of any variants, as the training variants fitted them."""

import numpy as np
import pytest

from protea.applications.variants.external_columns import ExternalColumns
from protea.applications.variants.fitted_columns import SCORE_WEIGHT, FittedColumns, fit_columns
from protea.applications.variants.substitution_scales import scale_score
from protea.benchmark.learners.learner import dense
from protea.errors import ConfigError, InputError
from tests.applications.variants.made_scan import WILD_TYPE, made_scan

SCAN = made_scan(num_variants=60)
TRAIN = np.arange(40)


def test_scores_are_standardised_as_the_training_variants_were() -> None:
    fitted = fit_columns(("blosum62",), SCAN.names, SCAN.variants, len(WILD_TYPE), TRAIN)
    score = scale_score("blosum62", SCAN.variants)
    expected = SCORE_WEIGHT * (score - score[:40].mean()) / score[:40].std()
    assert dense(fitted.columns(SCAN.names, SCAN.variants))[:, 0] == pytest.approx(expected, abs=1e-12)
    # Asked alone, a variant has the same number: nothing is fitted again.
    alone = fitted.columns(SCAN.names[50:51], SCAN.variants[50:51])
    assert dense(alone)[0, 0] == pytest.approx(expected[50], abs=1e-12)


def test_features_stand_in_order_and_survive_json() -> None:
    fitted = fit_columns(("one_hot", "hydropathy"), SCAN.names, SCAN.variants, len(WILD_TYPE), TRAIN)
    again = FittedColumns.model_validate_json(fitted.model_dump_json())
    found, other = (dense(one.columns(SCAN.names, SCAN.variants)) for one in (fitted, again))
    assert found.shape == (60, 21 * len(WILD_TYPE) + 1)
    assert (found == other).all()
    assert fitted.mean["hydropathy"] == pytest.approx((scale_score("hydropathy", SCAN.variants[:40]).mean(),))


def test_external_scores_are_taken_by_name() -> None:
    score = np.random.default_rng(0).normal(size=60)
    external = ExternalColumns({"esm": score})
    fitted = fit_columns(("esm",), SCAN.names, SCAN.variants, len(WILD_TYPE), TRAIN, external, score_weight=1.0)
    found = dense(fitted.columns(SCAN.names, SCAN.variants, external))[:, 0]
    assert found[:40].mean() == pytest.approx(0, abs=1e-12)
    assert found[:40].std() == pytest.approx(1, abs=1e-12)
    with pytest.raises(InputError, match="no scores 'esm'"):
        fitted.columns(SCAN.names, SCAN.variants)


def test_a_wrong_name_lists_the_right_ones() -> None:
    with pytest.raises(ConfigError, match=r"no such features; expected any of one_hot"):
        fit_columns(("colour",), SCAN.names, SCAN.variants, len(WILD_TYPE), TRAIN)
