"""Heads over two proteins read the pairs of a batch."""

import pytest
import torch

from protea.encoders.interface import Encoding
from protea.errors import ContractError
from protea.objectives.bilinear_attention import BilinearAttentionConfig
from protea.objectives.pair_heads import ConcatenationHeadConfig, ProductHeadConfig
from protea.objectives.pair_interaction import PairInteractionConfig
from protea.objectives.pair_logits import pair_logits
from protea.objectives.pairing import PairHeadConfig
from tests.objectives.made_pairs import MEMBERS, built_on_pairs

HEADS = [ProductHeadConfig(width=4), ConcatenationHeadConfig(width=4), BilinearAttentionConfig(width=3, hidden=4)]


@pytest.mark.parametrize("head", HEADS, ids=lambda head: head.kind)
def test_a_pair_is_answered_from_its_own_two_proteins(head: PairHeadConfig) -> None:
    built, batch = built_on_pairs(PairInteractionConfig(head=head))
    whole = pair_logits(built.objective.head, built.encoding, built.inputs)
    assert whole.shape == (4, 1)
    ptr = batch.residue_ptr.tolist()
    for row, (one, other) in enumerate(MEMBERS):
        places = [one, other]
        residue = torch.cat([built.encoding.residue[ptr[place] : ptr[place + 1]] for place in places])
        lengths = torch.tensor([0, *(ptr[place + 1] - ptr[place] for place in places)])
        inputs = built.inputs.replace(residue_ptr=lengths.cumsum(0), pair_member=torch.tensor([[0, 1]]))
        alone = pair_logits(built.objective.head, Encoding(residue, built.encoding.protein[places]), inputs)
        assert torch.allclose(alone[0], whole[row], rtol=1e-12)


def test_inputs_without_pairs_are_refused_and_no_pair_is_no_answer() -> None:
    built, _ = built_on_pairs(PairInteractionConfig())
    with pytest.raises(ContractError, match="the inputs name no pairs"):
        pair_logits(built.objective.head, built.encoding, built.inputs.replace(pair_member=None))
    none = built.inputs.replace(pair_member=torch.zeros((0, 2), dtype=torch.int64))
    assert pair_logits(built.objective.head, built.encoding, none).shape == (0, 1)
