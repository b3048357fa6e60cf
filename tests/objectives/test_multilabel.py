"""Several labels at once against hand-worked values."""

import math

import pytest
import torch

from protea.objectives.multilabel import MultiLabelConfig
from tests.objectives.made import built, made_batch

CONFIG = MultiLabelConfig(label="terms", level="protein", num_labels=4)


def test_loss_is_averaged_over_labels_and_summed_over_items(dtype: torch.dtype, tolerance: float) -> None:
    objective = built(CONFIG, made_batch(5, dtype=dtype)).objective
    logit = torch.full((2, 4), math.log(3.0), dtype=dtype)  # probability 3/4
    value = torch.tensor([[1, 1, 0, 0], [1, 1, 1, 1]], dtype=torch.uint8)
    expected = (2 * math.log(4 / 3) + 2 * math.log(4)) / 4 + math.log(4 / 3)
    assert float(objective.loss_sum(logit, value)) == pytest.approx(expected, rel=tolerance)
    assert objective.score(logit).flatten().tolist() == pytest.approx([0.75] * 8)


def test_one_row_of_logits_per_protein() -> None:
    batch = made_batch(5, 3)
    found = built(CONFIG, batch)
    assert found.predict().shape == (2, 4)
    assert torch.equal(found.objective.targets(batch).value, batch.extra["terms"].value)
