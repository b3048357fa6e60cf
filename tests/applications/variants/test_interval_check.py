"""Intervals at known positions cover what they say; at new ones only those that were calibrated there do."""

import numpy as np
import pytest

from protea.applications.variants.comparison import VariantModelConfig
from protea.applications.variants.interval_check import check_intervals
from protea.applications.variants.measured_scan import MeasuredScan
from protea.applications.variants.mutations import Mutation, Variant
from protea.benchmark.learners.ridge import RidgeConfig
from protea.errors import InputError
from protea.protein.alphabets import STANDARD_LETTERS

RIDGE = VariantModelConfig(name="ridge", features=("one_hot",), learner=RidgeConfig(penalties=(0.3,)))


def made_scan(num_positions: int = 120, seed: int = 0) -> MeasuredScan:
    """Every substitution of a chain of alanine; most of an effect belongs to its position."""
    rng = np.random.default_rng(seed)
    variants, values = [], []
    for position in range(num_positions):
        effect = 2.0 * rng.normal()
        for letter in STANDARD_LETTERS:
            if letter != "A":
                variants.append(Variant((Mutation(position, "A", letter),)))
                values.append(effect + 0.5 * rng.normal())
    names = tuple(str(variant) for variant in variants)
    return MeasuredScan("made", "A" * num_positions, names, tuple(variants), np.array(values), {}, {}, "0")


@pytest.fixture(scope="module")
def rows():  # type: ignore[no-untyped-def]
    found = check_intervals(made_scan(), RIDGE, 0.9, 0)
    return {(row.test, row.way): row for row in found}


def test_known_positions_lie_in_the_beta_binomial_band(rows) -> None:  # type: ignore[no-untyped-def]
    row = rows["known positions", "conformal"]
    assert row.band is not None
    assert row.band.holds(row.coverage)
    assert row.num_variants == pytest.approx(0.2 * 0.6 * 120 * 19, abs=2)
    assert rows["known positions", "by novelty"].mean_width == row.mean_width


def test_new_positions_are_covered_only_where_new_positions_were_calibrated_on(rows) -> None:  # type: ignore[no-untyped-def]
    plain, own = rows["new positions", "conformal"], rows["new positions", "by novelty"]
    assert plain.coverage < 0.7
    assert plain.band is None  # nothing is promised there
    assert own.band is not None
    assert own.band.holds(own.coverage)
    assert abs(own.coverage - 0.9) < abs(plain.coverage - 0.9) / 2
    assert own.mean_width > 2 * plain.mean_width
    weighted = rows["new positions", "weighted"]
    assert plain.coverage < weighted.coverage


def test_no_variant_of_a_tested_new_position_was_near_the_training(rows) -> None:  # type: ignore[no-untyped-def]
    # A one-hot model says one number for all of them, so its error is the spread of the values.
    row = rows["new positions", "conformal"]
    assert row.num_positions == 24
    assert row.root_mean_square_error > 1.5
    assert rows["known positions", "conformal"].root_mean_square_error < 0.9


def test_a_model_without_sigma_predicts_no_intervals_and_several_mutations_are_refused(rows) -> None:  # type: ignore[no-untyped-def]
    assert {way for _, way in rows} == {"conformal", "by novelty", "weighted"}
    scan = made_scan(3)
    double = Variant((Mutation(0, "A", "C"), Mutation(1, "A", "D")))
    several = MeasuredScan("two", scan.wild_type, ("x",), (double,), np.zeros(1), {}, {}, "0")
    with pytest.raises(InputError, match="two: variants with several mutated positions"):
        check_intervals(several, RIDGE, 0.9, 0)
