"""The bend of the CA trace, on traces with known bends."""

import math

import torch

from protea.features.residue.kappa import KAPPA
from protea.features.structure_view import StructureView
from tests.features.proteins import CA, ca_trace, is_written, random_proteins


def bent_trace(angle: float, length: int = 5) -> torch.Tensor:
    """A straight trace that turns by `angle` at residue 2."""
    steps = torch.arange(length, dtype=torch.float64) - 2
    arm = torch.tensor([math.cos(angle), math.sin(angle), 0.0], dtype=torch.float64)
    before = steps[:, None] * torch.tensor([1.0, 0.0, 0.0], dtype=torch.float64)
    return 3.8 * torch.where(steps[:, None] > 0, steps[:, None] * arm, before)


def test_a_straight_trace_has_kappa_zero_and_says_so() -> None:
    columns = KAPPA.compute(StructureView(ca_trace(bent_trace(0.0)).batch()))
    torch.testing.assert_close(columns[2], torch.tensor([1.0, 0.0], dtype=torch.float64))
    assert is_written(columns)[:, 0].tolist() == [False, False, True, False, False]


def test_kappa_is_the_turn_and_has_no_sign() -> None:
    for turn in (0.4, math.pi / 2, 2.5):
        for sign in (1, -1):
            columns = KAPPA.compute(StructureView(ca_trace(bent_trace(sign * turn)).batch()))
            expected = torch.tensor([math.cos(turn), math.sin(turn)], dtype=torch.float64)
            torch.testing.assert_close(columns[2], expected, atol=1e-12, rtol=0)


def test_only_the_three_ca_that_it_reads_must_be_there() -> None:
    # A missing CA hides the angle at itself and two residues before and after; the odd neighbours do not read it.
    columns = KAPPA.compute(StructureView(random_proteins(14).without((7, CA)).batch()))
    assert (~is_written(columns)[:, 0]).nonzero()[:, 0].tolist() == [0, 1, 5, 7, 9, 12, 13]


def test_a_break_hides_all_angles_that_reach_over_it() -> None:
    columns = KAPPA.compute(StructureView(random_proteins(14).cut_before(7).batch()))
    assert (~is_written(columns)[:, 0]).nonzero()[:, 0].tolist() == [0, 1, 5, 6, 7, 8, 12, 13]
