"""What is asked of pairs."""

import pytest
import torch

from protea.objectives.drawn_groups import hidden_group
from protea.objectives.interface import Corruption
from protea.objectives.masked_distance_prediction import MaskedDistancePredictionConfig
from tests.objectives.made import built, made_batch

CONFIG = MaskedDistancePredictionConfig(share=0.3, num_neighbours=20, mean=7.0, scale=2.0)


def test_the_target_is_the_distance_of_the_hidden_pair(dtype: torch.dtype, tolerance: float) -> None:
    batch = made_batch(40, 12, dtype=dtype)
    objective = built(CONFIG, batch).objective
    seen = objective.corrupt(batch, Corruption(0, 0))
    group, is_drawn = hidden_group(seen, CONFIG.kind)
    value, is_supervised = objective.targets(seen)
    assert torch.equal(is_supervised, is_drawn)
    ca = batch.ca()[0]
    expected = torch.stack([(ca[i] - ca[j]).norm() for i, j in group[is_drawn].tolist()])
    assert torch.allclose(value[is_drawn], expected, rtol=tolerance)


def test_loss_and_score_are_standardised_by_what_the_configuration_says() -> None:
    objective = built(CONFIG, made_batch(30)).objective
    value = torch.tensor([7.0, 11.0])  # 0 and 2 standard deviations from the mean
    assert float(objective.loss_sum(torch.zeros(2), value)) == pytest.approx(4.0)
    assert torch.equal(objective.score(torch.tensor([0.0, 2.0])), value)
