import numpy as np
import pytest

from protea.benchmark.calibration.few_labels import fit_few_labels
from protea.errors import InputError


@pytest.mark.parametrize("kind", ["gaussian_process", "bayesian_ridge"])
def test_forty_labels_of_a_line_with_noise(kind: str) -> None:
    rng = np.random.default_rng(0)
    x, new = rng.normal(size=(40, 3)), rng.normal(size=(300, 3))
    weight = np.array([1.0, -2.0, 0.5])
    fitted = fit_few_labels(x, 5.0 + x @ weight + 0.3 * rng.normal(size=40), kind)
    target = 5.0 + new @ weight + 0.3 * rng.normal(size=300)
    value, sigma = fitted.predict(new)
    assert np.corrcoef(value, target)[0, 1] > 0.95
    assert 0.8 <= np.mean(np.abs(target - value) <= 1.645 * sigma) <= 0.97
    assert (sigma > 0.15).all()  # the noise of a new measurement is in it


def test_a_process_is_unsure_far_away() -> None:
    rng = np.random.default_rng(1)
    x = rng.normal(size=(30, 2))
    fitted = fit_few_labels(x, np.sin(x[:, 0]))
    _, sigma = fitted.predict(np.array([[0.0, 0.0], [30.0, 0.0]]))
    assert sigma[1] > 3 * sigma[0]


@pytest.mark.parametrize("kind", ["gaussian_process", "bayesian_ridge"])
def test_a_column_that_never_varied_moves_no_answer_by_far(kind: str) -> None:
    x = np.random.default_rng(0).normal(size=(12, 3))
    x[:, 1] = 0.1  # whose computed deviation is 1e-17
    fitted = fit_few_labels(x, 2.0 * x[:, 0] + 1.0, kind)
    assert fitted.scale[1] == 1.0
    new = x.copy()
    new[:, 1] = 0.2
    np.testing.assert_allclose(fitted.predict(new)[0], fitted.predict(x)[0], atol=0.2)


def test_wrong_inputs_are_refused() -> None:
    for equal in (np.ones(5), np.full(12, 0.1)):
        with pytest.raises(InputError, match="labels are equal"):
            fit_few_labels(np.ones((len(equal), 1)), equal)
    with pytest.raises(InputError, match="3 to 2000"):
        fit_few_labels(np.ones((2, 1)), np.ones(2))
