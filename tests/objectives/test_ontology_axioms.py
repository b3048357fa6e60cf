"""The gap of each kind of axiom on balls whose answer is known; a satisfied axiom costs nothing and pulls nothing."""

import pytest
import torch

from protea.objectives.ontology_axioms import Balls, inclusion, nf1_gap, nf2_gap, nf3_gap, nf4_gap


def ball(x: float, y: float, radius: float, dtype: torch.dtype = torch.float64) -> Balls:
    return Balls(torch.tensor([[x, y]], dtype=dtype), torch.tensor([[radius]], dtype=dtype))


def test_inclusion_of_balls(dtype: torch.dtype) -> None:
    inner, outer = ball(1, 0, 1, dtype), ball(0, 0, 3, dtype)
    assert inclusion(inner, outer).item() == -1  # touches nothing: one unit of room
    assert inclusion(outer, inner).item() == 3
    assert nf1_gap(outer, inner, 0.5).item() == 2.5
    assert nf1_gap(inner, outer, 0.0).item() == 0


def test_conjunction() -> None:
    # centres 6 apart with radii 1 and 2: 3 - m apart; the third stands 10 above the first
    one, other, whole = ball(0, 0, 1), ball(6, 0, 2), ball(0, 8, 0.5)
    gap = nf2_gap(one, other, whole, 0.25).item()
    assert gap == pytest.approx((6 - 3 - 0.25) + (8 - 1 - 0.25) + (10 - 2 - 0.25), abs=1e-12)
    assert nf2_gap(ball(0, 0, 3), ball(2, 0, 3), ball(1, 0, 0.1), 0.0).item() == 0


def test_relations_shift() -> None:
    shift = torch.tensor([[0.0, 4.0]], dtype=torch.float64)
    # R some C [= D: C moved by the shift lies in D
    assert nf3_gap(shift, ball(3, -4, 1), ball(3, 0, 2), 0.0).item() == 0
    assert nf3_gap(shift, ball(3, -4, 2), ball(3, 3, 1), 0.5).item() == 3 + 2 - 1 - 0.5
    # C [= R some D: C touches D moved by the shift
    assert nf4_gap(ball(0, 4, 1), shift, ball(0, 0, 1), 0.0).item() == 0
    assert nf4_gap(ball(5, 4, 1), shift, ball(0, 0, 2), 0.5).item() == 5 - 1 - 2 - 0.5


def test_equal_centres_have_a_finite_gradient() -> None:
    centre = torch.zeros(1, 2, dtype=torch.float64, requires_grad=True)
    nf1_gap(Balls(centre, torch.tensor([[2.0]])), Balls(centre, torch.tensor([[1.0]])), 0.0).sum().backward()
    assert torch.isfinite(centre.grad).all()
