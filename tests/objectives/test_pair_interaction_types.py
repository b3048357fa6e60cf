"""Types of interaction: one logit per type, averaged over types."""

import torch
from torch.nn import functional as F

from protea.objectives.pair_interaction_types import PairInteractionTypesConfig
from tests.objectives.made_pairs import built_on_pairs, swapped


def test_the_loss_is_the_mean_over_types_summed_over_pairs(dtype: torch.dtype, tolerance: float) -> None:
    built, batch = built_on_pairs(PairInteractionTypesConfig(), dtype)
    target, logit = built.objective.targets(batch), built.predict()
    assert logit.shape == target.value.shape == (4, 7)
    each = F.binary_cross_entropy_with_logits(logit, target.value.to(dtype), reduction="none")
    assert torch.allclose(built.objective.loss_sum(logit, target.value), each.mean(1).sum(), rtol=tolerance)
    assert torch.allclose(built.objective.score(logit), logit.sigmoid())


def test_the_order_of_two_proteins_changes_nothing() -> None:
    built, _ = built_on_pairs(PairInteractionTypesConfig())
    assert torch.allclose(built.predict(), swapped(built), rtol=1e-12)


def test_as_many_types_as_a_network_has() -> None:
    built, _ = built_on_pairs(PairInteractionTypesConfig(num_types=3))
    assert built.predict().shape == (4, 3)
