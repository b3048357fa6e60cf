import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from protea.errors import InputError
from protea.metrics.holm import holm_correction


def test_hand_worked() -> None:
    # sorted .005 .01 .03 .04 times 4 3 2 1: .02 .03 .06 .04; non-decreasing: .02 .03 .06 .06
    adjusted = holm_correction(np.array([0.01, 0.04, 0.03, 0.005]))
    np.testing.assert_allclose(adjusted, [0.03, 0.06, 0.06, 0.02], atol=1e-15)


def test_one_test_is_unchanged_and_large_values_stop_at_one() -> None:
    assert holm_correction(np.array([0.04]))[0] == 0.04
    np.testing.assert_array_equal(holm_correction(np.array([0.6, 0.7])), [1.0, 1.0])


@given(arrays.arrays(float, st.integers(1, 12), elements=st.floats(0, 1)))
def test_rejects_what_the_step_down_procedure_rejects(p_value: np.ndarray) -> None:
    rejected = np.zeros(p_value.size, dtype=bool)
    for step, idx in enumerate(np.argsort(p_value, kind="stable")):
        if p_value[idx] * (p_value.size - step) > 0.05:
            break
        rejected[idx] = True
    np.testing.assert_array_equal(holm_correction(p_value) <= 0.05, rejected)


@pytest.mark.parametrize("wrong", [[-0.1], [1.1], [np.nan], [], [[0.1]]])
def test_wrong_p_values_are_refused(wrong: list) -> None:  # type: ignore[type-arg]
    with pytest.raises(InputError):
        holm_correction(np.array(wrong, dtype=float))
