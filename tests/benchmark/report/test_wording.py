import pytest

from protea.benchmark.report.wording import amount, duration, figure, listed, p_text, plural, signed, times


@pytest.mark.parametrize(
    ("value", "text"),
    [(None, "\N{EN DASH}"), (0.1234, "0.123"), (-0.5, "\N{MINUS SIGN}0.500"), (15.317, "15.32"), (0.0, "0.000")],
)
def test_figures(value: float | None, text: str) -> None:
    assert figure(value) == text


@pytest.mark.parametrize(
    ("value", "text"), [(0.01, "+0.010"), (-0.01, "\N{MINUS SIGN}0.010"), (-0.0001, "0.000"), (0.0, "0.000")]
)
def test_differences_carry_their_sign_unless_they_round_to_zero(value: float, text: str) -> None:
    assert signed(value) == text


def test_p_values_never_read_as_zero() -> None:
    assert [p_text(value) for value in (0.0004, 0.001, 0.0499, 1.0)] == ["< .001", ".001", ".050", "1.000"]


def test_large_numbers_and_times() -> None:
    assert [amount(value) for value in (236736, 2.5e6, 12.0, None)] == ["237 k", "2.5 M", "12", "\N{EN DASH}"]
    assert [duration(value) for value in (8.6, 600, 9000)] == ["8.6 s", "10 min", "2.5 h"]
    assert times(106878) == "106 878"


def test_words() -> None:
    assert listed([]) == ""
    assert listed(["a"]) == "a"
    assert listed(["a", "b", "c"]) == "a, b and c"
    assert plural(1, "cell") == "1 cell"
    assert plural(1200, "cell") == "1 200 cells"
