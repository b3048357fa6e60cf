"""One class of several against hand-worked values."""

import math

import pytest
import torch

from protea.objectives.multiclass import MultiClassConfig
from tests.objectives.made import built, made_batch

CONFIG = MultiClassConfig(label="fold", level="protein", num_classes=3)


def test_loss_is_the_summed_cross_entropy(dtype: torch.dtype, tolerance: float) -> None:
    objective = built(CONFIG, made_batch(5, dtype=dtype)).objective
    logit = torch.log(torch.tensor([[1.0, 1.0, 2.0], [6.0, 1.0, 1.0]], dtype=dtype))
    loss = objective.loss_sum(logit, torch.tensor([2, 1]))
    assert float(loss) == pytest.approx(math.log(2) + math.log(8), rel=tolerance)  # 2/4 and 1/8
    assert objective.score(logit).exp()[0].tolist() == pytest.approx([0.25, 0.25, 0.5])
    assert objective.score(logit).dtype == dtype


def test_one_row_of_logits_per_protein() -> None:
    batch = made_batch(5, 1, 7, 3)
    found = built(CONFIG, batch)
    assert found.predict().shape == (4, 3)
    assert found.objective.targets(batch).value.tolist() == [0, 1, 2, 0]
