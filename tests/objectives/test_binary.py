"""One logit per item against hand-worked values."""

import math

import pytest
import torch

from protea.objectives.binary import BinaryConfig
from tests.objectives.made import built, made_batch


def test_loss_is_the_summed_cross_entropy(dtype: torch.dtype, tolerance: float) -> None:
    objective = built(BinaryConfig(label="site", level="residue"), made_batch(5, dtype=dtype)).objective
    logit = torch.tensor([0.0, math.log(3.0), math.log(3.0)], dtype=dtype)
    value = torch.tensor([1, 1, 0], dtype=torch.uint8)
    expected = math.log(2) + math.log(4 / 3) + math.log(4)  # probabilities 1/2, 3/4, 3/4
    loss = objective.loss_sum(logit, value)
    assert loss.dtype == dtype
    assert float(loss) == pytest.approx(expected, rel=tolerance)
    assert objective.score(logit).tolist() == pytest.approx([0.5, 0.75, 0.75])


def test_halves_are_summed_in_float32() -> None:
    objective = built(BinaryConfig(label="site", level="residue"), made_batch(5)).objective
    loss = objective.loss_sum(torch.zeros(4096, dtype=torch.bfloat16), torch.ones(4096, dtype=torch.uint8))
    assert loss.dtype == torch.float32
    assert float(loss) == pytest.approx(4096 * math.log(2), rel=1e-6)


def test_one_prediction_per_item_of_the_level() -> None:
    batch = made_batch(5, 1, 7)
    assert built(BinaryConfig(label="site", level="residue"), batch).predict().shape == (13,)
    assert built(BinaryConfig(label="fold", level="protein"), batch).predict().shape == (3,)


def test_targets_are_the_label_where_it_is_known() -> None:
    batch = made_batch(9, 4)
    targets = built(BinaryConfig(label="site", level="residue"), batch).objective.targets(batch)
    assert torch.equal(targets.value, batch.extra["site"].value)
    assert torch.equal(targets.is_supervised, batch.extra["site.is_known"].value)
    assert 0 < int(targets.is_supervised.sum()) < 13
