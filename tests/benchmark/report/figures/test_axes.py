import pytest

from protea.benchmark.report.figures.axes import Scale, picture, scale_over, ticks_between
from protea.errors import InputError


def test_a_scale_is_linear_between_its_ends() -> None:
    scale = Scale(2.0, 4.0, 100.0, 0.0)
    assert [scale(value) for value in (2.0, 3.0, 4.0)] == [100.0, 50.0, 0.0]


def test_a_logarithmic_scale_gives_equal_factors_equal_steps() -> None:
    scale = Scale(1.0, 100.0, 0.0, 10.0, True)
    assert [scale(value) for value in (1.0, 10.0, 100.0)] == pytest.approx([0.0, 5.0, 10.0])
    assert scale.ticks() == [1.0, 10.0, 100.0]


def test_ticks_are_round_and_inside() -> None:
    assert ticks_between(0.0, 1.0, 5) == [0.0, 0.2, 0.4, 0.6, 0.8, 1.0]
    assert ticks_between(-0.011, 0.034, 4) == [0.0, 0.02]
    narrow = Scale(0.17, 0.31, 0, 1, True).ticks()
    assert len(narrow) >= 2
    assert all(0.17 <= value <= 0.31 for value in narrow)


def test_values_lie_inside_with_a_margin_even_if_there_is_one() -> None:
    scale = scale_over([3.0, 1.0], 0.0, 100.0)
    assert 0.0 < scale(1.0) < scale(3.0) < 100.0
    assert scale_over([5.0], 0.0, 10.0)(5.0) == pytest.approx(5.0)
    assert scale_over([2.0, 8.0], 0.0, 10.0, is_log=True)(4.0) == pytest.approx(5.0)


def test_impossible_scales_are_refused() -> None:
    with pytest.raises(InputError, match="over no value"):
        scale_over([], 0.0, 1.0)
    with pytest.raises(InputError, match="positive"):
        Scale(0.0, 1.0, 0.0, 1.0, True)


def test_a_picture_has_a_name() -> None:
    assert 'aria-label="Ranks"' in picture(10, 20, "Ranks")
