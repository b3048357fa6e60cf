"""A real label in standardised units against hand-worked values."""

import pytest
import torch

from protea.objectives.regression import RegressionConfig
from tests.objectives.made import built, made_batch


def test_loss_is_in_standardised_units_and_scores_in_the_labels_own(dtype: torch.dtype, tolerance: float) -> None:
    config = RegressionConfig(label="weight", level="protein", mean=10.0, scale=2.0)
    objective = built(config, made_batch(5, dtype=dtype)).objective
    prediction = torch.tensor([0.0, 1.0], dtype=dtype)
    loss = objective.loss_sum(prediction, torch.tensor([14.0, 12.0], dtype=dtype))  # standardised: 2 and 1
    assert loss.dtype == dtype
    assert float(loss) == pytest.approx(4.0, rel=tolerance)
    assert objective.score(prediction).tolist() == [10.0, 12.0]


def test_an_integer_label_is_a_number_too() -> None:
    objective = built(RegressionConfig(label="fold", level="protein"), made_batch(5)).objective
    assert float(objective.loss_sum(torch.tensor([1.0, 0.0]), torch.tensor([3, -1]))) == 5.0


def test_one_value_per_residue() -> None:
    assert built(RegressionConfig(label="depth", level="residue"), made_batch(5, 2)).predict().shape == (7,)
