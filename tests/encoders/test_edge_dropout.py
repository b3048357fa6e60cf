"""How often values are dropped, and the type of the mask."""

import pytest
import torch

from protea.encoders.edge_dropout import keep_mask


@pytest.mark.parametrize("probability", [0.0, 0.1, 0.5, 0.9])
def test_share_of_dropped_values(probability: float) -> None:
    mask = keep_mask(1001, 203, probability, torch.zeros(1))
    assert mask.shape == (1001, 203)
    assert mask.dtype == torch.bool
    deviation = (probability * (1 - probability) / mask.numel()) ** 0.5
    assert abs(float((~mask).double().mean()) - probability) <= 5 * deviation
    # Neighbouring decisions come from one random number: they must not know of each other.
    first, second = (~mask.flatten()[:-1]).double(), (~mask.flatten()[1:]).double()
    assert abs(float((first * second).mean()) - probability**2) <= 5 * deviation + 1e-12


def test_sixteen_bits_get_a_mask_of_their_own_type_and_seeds_repeat() -> None:
    masks = []
    for _ in range(2):
        torch.manual_seed(1)
        masks.append(keep_mask(5, 7, 0.3, torch.zeros(1, dtype=torch.bfloat16)))
    assert masks[0].dtype == torch.bfloat16
    assert torch.equal(masks[0], masks[1])
