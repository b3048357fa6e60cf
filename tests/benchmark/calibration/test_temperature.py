import numpy as np
import pytest

from protea.benchmark.calibration.temperature import as_two_logits, fit_temperature
from protea.errors import InputError
from protea.metrics.ece import ece_top_label


def labelled(num: int, factor: float, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """Classes drawn from logits, which are then stated `factor` times too large."""
    rng = np.random.default_rng(seed)
    logits = 1.5 * rng.normal(size=(num, 4))
    probability = np.exp(logits) / np.exp(logits).sum(axis=1, keepdims=True)
    target = (probability.cumsum(axis=1) < rng.random(num)[:, None]).sum(axis=1)
    return target, factor * logits


@pytest.mark.parametrize("factor", [0.5, 1.0, 4.0])
def test_finds_how_much_too_sure_logits_are(factor: float) -> None:
    target, logits = labelled(20_000, factor, 0)
    fitted = fit_temperature(target, logits)
    assert fitted.temperature == pytest.approx(factor, rel=0.06)
    scaled = fitted.log_probability(logits)
    assert np.array_equal(scaled.argmax(axis=1), logits.argmax(axis=1))
    assert ece_top_label(target, scaled) < 0.02
    assert np.allclose(np.exp(scaled).sum(axis=1), 1.0)


def test_log_probabilities_serve_as_logits() -> None:
    target, logits = labelled(300, 2.0, 1)
    shifted = logits + np.random.default_rng(2).normal(size=(300, 1))
    assert fit_temperature(target, shifted).temperature == pytest.approx(fit_temperature(target, logits).temperature)


def test_two_classes_by_hand() -> None:
    # Of items that are stated as 0.9, three in four are 1: the logit ln 9 should be ln 3.
    fitted = fit_temperature(np.array([1, 1, 1, 0]), as_two_logits(np.full(4, 0.9)))
    assert fitted.temperature == pytest.approx(2.0, rel=1e-5)
    np.testing.assert_allclose(fitted.probability(np.array([0.9, 0.1])), [0.75, 0.25], atol=1e-6)


def test_weights_count() -> None:
    logits = as_two_logits(np.full(4, 0.9))
    weighted = fit_temperature(np.array([1, 0]), logits[:2], np.array([3.0, 1.0]))
    assert weighted.temperature == pytest.approx(2.0, rel=1e-5)


def test_all_right_has_no_finite_answer() -> None:
    with pytest.raises(InputError, match="no temperature has the least"):
        fit_temperature(np.array([0, 1]), np.array([[3.0, 0.0], [0.0, 3.0]]))
    with pytest.raises(InputError, match="expected \\[item\\]"):
        fit_temperature(np.array([0, 5]), np.zeros((2, 2)))
