"""pLDDT over 100, where it is known to be one."""

import pytest
import torch

from protea.errors import ContractError
from protea.objectives.plddt_regression import PLDDTRegressionConfig
from tests.objectives.made import built, made_batch


def test_target_and_loss_by_hand() -> None:
    batch = made_batch(6, 4)
    objective = built(PLDDTRegressionConfig(), batch).objective
    value, is_supervised = objective.targets(batch)
    assert torch.equal(value, batch.extra["plddt"].value / 100)
    assert torch.equal(is_supervised, batch.extra["plddt.is_known"].value)
    assert 0 < int(is_supervised.sum()) < 10
    prediction = torch.tensor([0.5, 0.9])
    assert float(objective.loss_sum(prediction, torch.tensor([0.7, 0.8]))) == pytest.approx(0.05, rel=1e-5)
    assert torch.equal(objective.score(prediction), prediction)


def test_a_batch_without_the_label_is_refused() -> None:
    batch = made_batch(4).replace(extra={})
    with pytest.raises(ContractError, match="no label 'plddt'"):
        built(PLDDTRegressionConfig(), made_batch(4)).objective.targets(batch)
