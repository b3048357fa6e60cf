"""Traits of residues by hand, and a test that finds what is there and nothing where there is nothing."""

import numpy as np
import pytest

from protea.applications.prompts.moved_residues import residues_with, trait_test
from protea.applications.prompts.shift import Shift
from protea.metrics.auroc import auroc
from protea.protein.accessible_surface import relative_accessibility
from protea.protein.record import Protein
from tests.datasets.made_proteins import made_protein


def chains(gap: float) -> Protein:
    """Two chains of six residues, whose atoms lie on lines; those of residue 6 on lie `gap` from those of residue 5."""
    protein = made_protein("c", 12, is_plain=True)
    residue = protein.residue_of_atom()
    position = np.zeros((len(residue), 3), np.float32)
    position[:, 0] = 20.0 * residue - np.where(residue >= 6, 20.0 - gap, 0.0)
    return protein.replace(atom_position=position)


@pytest.mark.parametrize(("gap", "expected"), [(4.0, [5, 6]), (5.5, [])])
def test_residues_that_touch_another_chain(gap: float, expected: list[int]) -> None:
    touches, is_known = residues_with(chains(gap), "interface")
    assert np.flatnonzero(touches).tolist() == expected
    assert is_known.all()


def test_surface_is_a_quarter_of_the_largest() -> None:
    protein = made_protein("s", 12, is_plain=True)
    value, is_whole = relative_accessibility(protein)
    found, is_known = residues_with(protein, "surface")
    assert np.array_equal(found, (value >= 0.25) & is_whole)
    assert np.array_equal(is_known, is_whole)


def shifts(signal: float, num: int = 6) -> list[Shift]:
    """Shifts that are noise and, at residues that touch the other chain, a signal."""
    rng = np.random.default_rng(0)
    found = []
    for _ in range(num):
        protein = chains(4.0)
        touches, _ = residues_with(protein, "interface")
        distance = rng.normal(size=12) + signal * touches
        found.append(Shift(protein, ("ic",), distance, distance, distance))
    return found


def test_a_signal_is_found_and_noise_is_not() -> None:
    strong = trait_test(shifts(10.0), "interface", num_rotations=200, num_resamples=50)
    assert strong is not None
    assert (strong.auroc, strong.low, strong.high) == (1.0, 1.0, 1.0)
    assert strong.p_value < 0.02
    assert (strong.num_proteins, strong.num_residues) == (6, 72)
    noise = trait_test(shifts(0.0, 12), "interface", num_rotations=200, num_resamples=50)
    assert noise is not None
    assert noise.p_value > 0.05
    assert noise.low is not None
    assert noise.low < noise.auroc


def test_the_area_is_that_of_the_metric_whatever_is_tied() -> None:
    (one,) = shifts(0.0, 1)
    touches, _ = residues_with(one.protein, "interface")
    for values in (np.arange(12.0), np.round(np.random.default_rng(2).normal(size=12)), one.distance):
        found = trait_test([Shift(one.protein, ("ic",), values, values, values)], "interface", num_rotations=5)
        assert found is not None
        assert found.auroc == pytest.approx(auroc(touches.astype(np.int64), values))


def test_p_counts_rotations_as_far_from_one_half() -> None:
    (one,) = shifts(1.0, 1)
    touches = residues_with(one.protein, "interface")[0].astype(np.int64)
    every = [auroc(touches, np.roll(one.distance, turn)) for turn in range(12)]
    expected = np.mean([abs(value - 0.5) >= abs(every[0] - 0.5) - 1e-9 for value in every])
    assert 0 < expected < 1
    found = trait_test([one], "interface", num_rotations=20000)
    assert found is not None
    assert found.p_value == pytest.approx(expected, abs=0.015)
    assert found.low is None


def test_a_protein_of_one_chain_has_no_interface() -> None:
    protein = made_protein("one", 3, is_plain=True)
    value = np.arange(3.0)
    assert trait_test([Shift(protein, ("ic",), value, value, value)], "interface") is None
