import numpy as np
import pytest

from protea.errors import InputError
from protea.metrics.catalogue import METRICS
from protea.metrics.precision_at_l import BANDS, BETWEEN_CHAINS, PrecisionAtL, map_cells, precision_of_map
from protea.metrics.undefined import UndefinedMetric

# One chain of 10 residues: every separation from 6 to 9, scores from high to low.
SEPARATION = np.array([6, 6, 6, 6, 7, 7, 7, 8, 8, 9])
CONTACT = np.array([1, 0, 1, 0, 0, 1, 0, 0, 0, 0])
SCORE = np.linspace(1.0, 0.1, 10)
CELLS = map_cells(SCORE, np.zeros(10, np.int64), SEPARATION, np.array([10]))


def test_hand_worked() -> None:
    # L = 10: all ten cells, 3 hits; L/2: five cells, 2 hits; L/5: two cells, 1 hit.
    assert PrecisionAtL(1, "all")(CONTACT, CELLS) == pytest.approx(0.3)
    assert PrecisionAtL(2, "all")(CONTACT, CELLS) == pytest.approx(0.4)
    assert PrecisionAtL(5, "all")(CONTACT, CELLS) == pytest.approx(0.5)


def test_the_order_of_scores_decides_and_not_that_of_cells() -> None:
    order = np.random.default_rng(0).permutation(10)
    assert PrecisionAtL(5, "all")(CONTACT[order], CELLS[order]) == pytest.approx(0.5)
    turned = map_cells(-SCORE, np.zeros(10, np.int64), SEPARATION, np.array([10]))
    assert PrecisionAtL(5, "all")(CONTACT, turned) == 0.0


@pytest.mark.parametrize(
    ("band", "expected"), [("short", 1 / 2), ("medium", 1 / 3), ("long", 0.0), ("medium_long", 1 / 5), ("all", 2 / 6)]
)
def test_bands_begin_at_6_12_and_24(band: str, expected: float) -> None:
    separation = np.array([5, 6, 11, 12, 23, 22, 24, 90])
    contact = np.array([1, 1, 0, 1, 0, 0, 0, 0])
    cells = map_cells(np.linspace(1, 0.3, 8), np.zeros(8, np.int64), separation, np.array([6]))
    # Separation 5 has the highest score and counts nowhere. `all` takes the six best of seven.
    assert PrecisionAtL(1, band)(contact, cells) == pytest.approx(expected)


def test_the_mean_is_over_maps_and_not_over_cells() -> None:
    # The first map has 1 hit of 1 taken, the second 0 of 4.
    map_idx, length = np.array([0, 0, 1, 1, 1, 1]), np.array([1, 4])
    cells = map_cells(np.array([0.9, 0.8, 0.7, 0.6, 0.5, 0.4]), map_idx, np.full(6, 30), length)
    assert PrecisionAtL(1, "all")(np.array([1, 0, 0, 0, 0, 0]), cells) == pytest.approx(0.5)


def test_cells_between_chains_count_in_the_whole_alone() -> None:
    cells = map_cells(np.array([0.9, 0.1]), np.zeros(2, np.int64), np.full(2, BETWEEN_CHAINS), np.array([1]))
    assert PrecisionAtL(1, "all")(np.array([1, 0]), cells) == 1.0
    for band in set(BANDS) - {"all"}:
        with pytest.raises(UndefinedMetric, match="no map has a cell"):
            PrecisionAtL(1, band)(np.array([1, 0]), cells)


def test_ties_for_the_last_place_count_as_expected() -> None:
    # One of three tied cells is a contact, one place is left: a third of a hit, beside a sure one.
    score, contact = np.array([0.9, 0.5, 0.5, 0.5]), np.array([True, True, False, False])
    assert precision_of_map(score, contact, 2, 1) == pytest.approx((1 + 1 / 3) / 2)
    assert precision_of_map(score[:0], contact[:0], 2, 1) is None
    assert precision_of_map(score, contact, 3, 5) == 1.0  # at least one is taken


def test_a_map_in_two_units_is_refused() -> None:
    with pytest.raises(InputError, match="lies in two units"):
        PrecisionAtL(1, "all").by_unit(CONTACT, CELLS, None, np.arange(10))


def test_other_shapes_are_refused() -> None:
    with pytest.raises(InputError, match=r"expected \[cell, 4\]"):
        PrecisionAtL(1, "all")(CONTACT, CELLS[:, :3])


def test_every_band_and_divisor_has_a_name() -> None:
    names = {name for name in METRICS if name.startswith("precision_at_l")}
    assert len(names) == 15
    assert {"precision_at_l", "precision_at_l2", "precision_at_l5", "precision_at_l5_long"} <= names


def test_a_unit_that_is_drawn_twice_counts_its_maps_twice() -> None:
    draw = np.random.default_rng(0)
    map_idx, number = np.repeat(np.arange(6), 30), 180
    cells = map_cells(draw.random(number), map_idx, draw.integers(6, 40, number), np.full(6, 12))
    contact, unit = draw.random(number) < 0.3, map_idx // 2
    metric = PrecisionAtL(2, "all")
    alone = [metric(contact[map_idx == one], cells[map_idx == one]) for one in range(6)]
    count = np.array([2, 0, 1])
    expected = (2 * alone[0] + 2 * alone[1] + alone[4] + alone[5]) / 6
    assert metric.by_unit(contact, cells, None, unit)(count) == pytest.approx(expected, abs=1e-12)
