import numpy as np
import pytest
import torch
from torchmetrics.functional.classification import binary_calibration_error, multiclass_calibration_error

from protea.errors import InputError
from protea.metrics.ece import ece, ece_equal_mass, ece_top_label, ece_top_label_equal_mass


def test_hand_worked_bins() -> None:
    # Two bins: (0.1, 0.3; one of two is 1) and (0.8; none is 1): (2 |0.2 - 0.5| + |0.8 - 0|) / 3
    value = ece(np.array([0, 1, 0]), np.array([0.1, 0.3, 0.8]), num_bins=2)
    assert value == pytest.approx((2 * 0.3 + 0.8) / 3, abs=1e-15)


def test_equal_mass_by_hand() -> None:
    # Sorted 0.5, 0.6, 0.7, 0.9: halves with means 0.55 and 0.8; one of two and two of two are 1.
    value = ece_equal_mass(np.array([0, 1, 1, 1]), np.array([0.5, 0.6, 0.7, 0.9]), num_bins=2)
    assert value == pytest.approx((2 * 0.05 + 2 * 0.2) / 4, abs=1e-15)


def test_ties_share_a_bin_whatever_the_order() -> None:
    target = np.array([1, 0, 1, 0, 0, 1])
    assert ece_equal_mass(target, np.full(6, 0.5), num_bins=3) == 0.0
    assert ece_equal_mass(target[::-1], np.full(6, 0.5), num_bins=3) == 0.0


def test_the_constant_share_of_positives_is_calibrated() -> None:
    target = np.array([1, 0, 0, 0])
    assert ece(target, np.full(4, 0.25)) == 0.0
    assert ece(target, np.full(4, 0.5)) == pytest.approx(0.25, abs=1e-15)


def test_certainty_belongs_to_the_last_bin() -> None:
    assert ece(np.array([1, 1, 0]), np.array([1.0, 1.0, 0.0])) == 0.0


@pytest.mark.parametrize("num_bins", [10, 15])
def test_equals_torchmetrics(num_bins: int) -> None:
    rng = np.random.default_rng(0)
    target, logits = rng.integers(4, size=300), 2 * rng.normal(size=(300, 4))
    expected = multiclass_calibration_error(torch.tensor(logits), torch.tensor(target), 4, n_bins=num_bins)
    assert ece_top_label(target, logits, num_bins=num_bins) == pytest.approx(float(expected), abs=1e-6)


def test_binary_error_is_of_the_probability_of_1_not_of_the_larger_one() -> None:
    # torchmetrics compares probabilities of 1 with the share of ones as well.
    rng = np.random.default_rng(1)
    target, probability = rng.integers(2, size=200), rng.random(200)
    expected = binary_calibration_error(torch.tensor(probability), torch.tensor(target), n_bins=15)
    assert ece(target, probability) == pytest.approx(float(expected), abs=1e-6)


def test_top_label_of_two_classes_by_hand() -> None:
    logits = np.log([[0.9, 0.1], [0.6, 0.4]])
    # Confidences 0.9 (right) and 0.6 (wrong) in bins of their own.
    assert ece_top_label(np.array([0, 1]), logits) == pytest.approx((0.1 + 0.6) / 2, abs=1e-12)
    assert ece_top_label_equal_mass(np.array([0, 1]), logits, num_bins=1) == pytest.approx(0.25, abs=1e-12)


def test_bins_are_at_least_one() -> None:
    for function in (ece, ece_equal_mass):
        with pytest.raises(InputError, match="num_bins is 0"):
            function(np.array([1]), np.array([0.5]), num_bins=0)
