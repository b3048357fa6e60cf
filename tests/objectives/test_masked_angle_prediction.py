"""What is asked of triples."""

import pytest
import torch

from protea.objectives.drawn_groups import hidden_group
from protea.objectives.interface import Corruption
from protea.objectives.masked_angle_prediction import MaskedAnglePredictionConfig
from tests.objectives.made import built, made_batch

CONFIG = MaskedAnglePredictionConfig(share=0.3, num_neighbours=20)


def test_the_target_is_the_angle_at_the_residue(dtype: torch.dtype) -> None:
    batch = made_batch(40, 12, dtype=dtype)
    objective = built(CONFIG, batch).objective
    seen = objective.corrupt(batch, Corruption(0, 0))
    group, is_drawn = hidden_group(seen, CONFIG.kind)
    value, is_supervised = objective.targets(seen)
    assert torch.equal(is_supervised, is_drawn)
    ca = batch.ca()[0]
    for (i, j, k), columns in zip(group[is_drawn].tolist(), value[is_drawn], strict=True):
        one, other = ca[j] - ca[i], ca[k] - ca[i]
        assert float(columns[0]) == pytest.approx(float(one @ other / one.norm() / other.norm()), abs=1e-5)
        assert float(columns[1]) >= 0
        assert float(columns.square().sum()) == pytest.approx(1.0, abs=1e-5)


def test_the_loss_is_the_mean_over_two_columns() -> None:
    objective = built(CONFIG, made_batch(30)).objective
    value = torch.tensor([[0.6, 0.8]])
    assert float(objective.loss_sum(value + 0.5, value)) == pytest.approx(0.25)
    assert torch.equal(objective.score(value), value)
