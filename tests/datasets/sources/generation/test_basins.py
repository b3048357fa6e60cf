import numpy as np
import pytest

from protea.datasets.sources.generation.basins import (
    BASINS,
    HAIRPIN_TURNS,
    LOOP_MIXTURE,
    draw_basin,
    draw_hairpin_turn,
    draw_loop,
)


@pytest.mark.parametrize("name", BASINS)
def test_basin_has_its_centre_and_spread(name: str) -> None:
    drawn = np.degrees(draw_basin(np.random.default_rng(1), name, 4000))
    basin = BASINS[name]
    np.testing.assert_allclose(drawn.mean(0), [basin.phi, basin.psi], atol=5 * basin.spread / 4000**0.5)
    np.testing.assert_allclose(drawn.std(0), basin.spread, rtol=0.06)


def test_loop_residues_follow_the_mixture() -> None:
    drawn = np.degrees(draw_loop(np.random.default_rng(2), 500, 8))
    assert drawn.shape == (500, 8, 2)
    assert sum(LOOP_MIXTURE.values()) == pytest.approx(1.0)
    # Only the left-handed basin has phi > 0 (it is five spreads away from 0).
    assert (drawn[..., 0] > 0).mean() == pytest.approx(LOOP_MIXTURE["left"], abs=0.02)
    # Candidates differ: nothing is broadcast.
    assert len(np.unique(drawn[:, 0, 0])) == 500


@pytest.mark.parametrize("count", HAIRPIN_TURNS)
def test_hairpin_turns_stay_near_the_table(count: int) -> None:
    chosen = set()
    for seed in range(20):
        drawn = np.degrees(draw_hairpin_turn(np.random.default_rng(seed), 300, count))
        gap = np.abs(drawn.mean(0) - np.array(HAIRPIN_TURNS[count])).max((1, 2))
        chosen.add(int(gap.argmin()))
        # One turn for all variants, each with its own jitter.
        assert gap.min() < 3.0
        np.testing.assert_allclose(drawn.std(0), 9.0, rtol=0.2)
    assert chosen == set(range(len(HAIRPIN_TURNS[count])))
