"""Steps are exact inverses, are fitted to what they are given alone, and keep intervals and ranges."""

import numpy as np
import pytest

from protea.applications.properties.labels.transforms import (
    AnyStep,
    FittedTransform,
    Log,
    Logit,
    Reference,
    ZScore,
    fit_transform,
)
from protea.errors import InputError

PKA = Reference(of={"D": 3.7, "E": 4.2, "H": 6.5})


@pytest.mark.parametrize(
    "steps",
    [(), (ZScore(),), (Log(),), (Log(base="10", offset=1.0), ZScore()), (Logit(), ZScore()), (PKA, ZScore())],
    ids=lambda steps: "+".join(step.kind for step in steps) or "none",
)
def test_the_inverse_is_exact_and_survives_json(steps: tuple[AnyStep, ...]) -> None:
    value = np.array([0.02, 0.4, 0.71, 0.999])
    letter = "DEHD"
    fitted = fit_transform(steps, value, letter)
    again = FittedTransform.model_validate_json(fitted.model_dump_json())
    assert again == fitted
    np.testing.assert_allclose(again.invert(again.apply(value, letter), letter), value, rtol=0, atol=1e-12)


def test_numbers_by_hand() -> None:
    value = np.array([1.0, 10.0, 100.0])
    z = fit_transform((Log(base="10"), ZScore()), value)
    np.testing.assert_allclose(z.apply(value), [-np.sqrt(1.5), 0.0, np.sqrt(1.5)], atol=1e-12)
    np.testing.assert_allclose(
        fit_transform((PKA,), np.array([4.0, 4.0]), "DE").apply(np.array([4.0, 4.0]), "DE"), [0.3, -0.2]
    )
    # Two labels: the margin is a quarter, so 0 and 1 become log-odds of 1/4 and 3/4.
    logit = fit_transform((Logit(),), np.array([0.0, 1.0]))
    np.testing.assert_allclose(logit.apply(np.array([0.0, 1.0])), [-np.log(3), np.log(3)])


def test_what_is_fitted_is_that_of_the_given_labels() -> None:
    fitted = fit_transform((ZScore(),), np.array([1.0, 3.0]))
    np.testing.assert_allclose(fitted.apply(np.array([5.0, 2.0])), [3.0, 0.0])
    constant = fit_transform((ZScore(),), np.array([2.0, 2.0]))
    np.testing.assert_allclose(constant.apply(np.array([2.0, 3.0])), [0.0, 1.0])
    rounded = fit_transform((ZScore(),), np.full(3, 0.1))  # whose computed deviation is 1e-17
    np.testing.assert_allclose(rounded.apply(np.array([0.1, 1.1])), [0.0, 1.0], atol=1e-12)


def test_intervals_map_by_their_ends_and_stay_in_range() -> None:
    fitted = fit_transform((Log(), ZScore()), np.array([1.0, 2.0, 4.0]), lower=0.5, upper=6.0)
    centre, width = np.array([-0.5, 0.8, 4.0]), np.array([0.1, 0.4, 9.0])
    lower, upper = fitted.invert_interval(centre - width, centre + width)
    middle = fitted.invert(centre)
    assert (lower <= middle).all()
    assert (middle <= upper).all()
    assert (lower[:2] < middle[:2]).all()
    assert (lower.min(), upper.max()) == (0.5, 6.0)


def test_labels_that_cannot_be_are_refused() -> None:
    with pytest.raises(InputError, match="has no logarithm; expected labels above 0; found -1"):
        fit_transform((Log(),), np.array([-1.0, 2.0]))
    with pytest.raises(InputError, match="not a fraction"):
        fit_transform((Logit(),), np.array([0.2, 1.2]))
    with pytest.raises(InputError, match="no reference value; expected one of D, E, H; found K"):
        fit_transform((PKA,), np.array([10.0]), "K")
    with pytest.raises(InputError, match="needs the letter"):
        fit_transform((PKA,), np.array([10.0]))
    with pytest.raises(InputError, match="outside its range; expected 0 to 14; found 3 to 15"):
        fit_transform((), np.array([3.0]), lower=0.0, upper=14.0).apply(np.array([3.0, 15.0]))
    with pytest.raises(InputError, match="no training label"):
        fit_transform((), np.array([]))
