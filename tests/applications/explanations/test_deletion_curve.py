"""Areas by hand; a map of an additive model beats random orders, its reverse loses, a constant model has none."""

import numpy as np
import pytest
import torch

from protea.applications.explanations.deletion_curve import area, curves
from protea.applications.explanations.read_inputs import ReadInputs
from tests.applications.explanations.test_read_inputs import ENCODERS, made_model

SEQUENCE = "MKTAYIAKQWKTAYIAKQWM"


class Additive(ReadInputs):
    """Reads a weighted sum over residues of whether each is there."""

    def __init__(self, weight: np.ndarray) -> None:
        self.weight, self.sequence = torch.as_tensor(weight), SEQUENCE
        self.own, self.baseline = torch.ones(len(weight), 1).double(), torch.zeros(len(weight), 1).double()

    def read(self, rows):
        return (rows[..., 0] * self.weight).sum(1), None


def asked(encoding, batch):
    return encoding


@pytest.mark.parametrize(("curve", "expected"), [([1.0, 1.0, 0.0], 0.75), ([1.0, 0.5, 0.0], 0.5), ([0.0, 1.0], 0.5)])
def test_area(curve: list[float], expected: float) -> None:
    assert float(area(np.array(curve))) == pytest.approx(expected)


@pytest.mark.parametrize("sign", [1.0, -1.0])
def test_the_map_of_an_additive_model_wins_and_its_reverse_loses(sign: float) -> None:
    weight = sign * np.linspace(0.1, 3.0, len(SEQUENCE)) ** 2
    good, bad = (curves(Additive(weight), asked, attribution) for attribution in (weight, -weight))
    assert good is not None
    assert bad is not None
    assert (good.deletion[0], good.deletion[-1]) == (1.0, pytest.approx(0.0))
    assert (good.insertion[0], good.insertion[-1]) == (0.0, pytest.approx(1.0))
    np.testing.assert_allclose(good.deletion + good.insertion, 1.0)  # what is not taken away is there
    assert min(good.deletion_gain, good.insertion_gain) > 0.1
    assert max(bad.deletion_gain, bad.insertion_gain) < -0.1


def test_equal_shares_gain_nothing() -> None:
    found = curves(Additive(np.ones(len(SEQUENCE))), asked, np.arange(float(len(SEQUENCE))))
    assert found is not None
    assert found.deletion_gain == pytest.approx(0.0, abs=1e-12)


def test_no_change_no_curve() -> None:
    assert curves(Additive(np.zeros(len(SEQUENCE))), asked, np.ones(len(SEQUENCE))) is None


def test_a_model_is_read_through_its_rows() -> None:
    inputs = ReadInputs(made_model(ENCODERS[0]), SEQUENCE)
    found = curves(inputs, lambda encoding, batch: encoding.protein[:, 0], np.arange(float(len(SEQUENCE))))
    assert found is not None
    assert (found.random_deletion[:, 0] == 1).all()
    assert found.random_deletion.shape == (10, 21)
