"""Whether two proteins interact: the loss, the score, the symmetry."""

import pytest
import torch

from protea.errors import ContractError
from protea.objectives.bilinear_attention import BilinearAttentionConfig
from protea.objectives.interface import Corruption
from protea.objectives.pair_heads import ConcatenationHeadConfig, ProductHeadConfig
from protea.objectives.pair_interaction import PairInteractionConfig
from protea.objectives.pairing import PairHeadConfig
from tests.objectives.made import made_batch
from tests.objectives.made_pairs import built_on_pairs, swapped


@pytest.mark.parametrize("head", [ProductHeadConfig(), ConcatenationHeadConfig(), BilinearAttentionConfig()])
def test_the_order_of_two_proteins_changes_nothing(head: PairHeadConfig, dtype: torch.dtype, tolerance: float) -> None:
    built, _ = built_on_pairs(PairInteractionConfig(head=head), dtype)
    assert built.predict().std() > 0
    assert torch.allclose(built.predict(), swapped(built), rtol=tolerance, atol=tolerance)


def test_a_head_that_reads_the_order_does_so() -> None:
    built, _ = built_on_pairs(PairInteractionConfig(head=ConcatenationHeadConfig(symmetrised=False)))
    assert not torch.allclose(built.predict(), swapped(built), rtol=1e-3)


def test_loss_and_score_are_those_of_a_logit() -> None:
    built, batch = built_on_pairs(PairInteractionConfig())
    target = built.objective.targets(batch)
    assert target.value.tolist() == [1, 0, 1, 0]
    assert target.is_supervised.all()
    logit = torch.tensor([0.0, 2.0, -1.0, 3.0], dtype=torch.float64)
    probability = built.objective.score(logit)
    expected = -(probability[[0, 2]].log().sum() + (1 - probability[[1, 3]]).log().sum())
    assert torch.allclose(built.objective.loss_sum(logit, target.value), expected)
    assert built.objective.score(torch.zeros(1)).tolist() == [0.5]


def test_it_changes_no_batch_and_refuses_one_without_labels() -> None:
    built, batch = built_on_pairs(PairInteractionConfig())
    assert built.objective.corrupt(batch, Corruption(0, 0)) is batch
    with pytest.raises(ContractError, match="no label 'interacts'"):
        built.objective.targets(made_batch(3))
