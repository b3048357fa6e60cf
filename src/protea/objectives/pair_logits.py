"""What a head over two proteins says of the pairs that a batch holds."""

from jaxtyping import Float
from torch import Tensor

from protea.encoders.interface import Encoding
from protea.errors import ContractError, describe
from protea.features.interface import FeaturisedBatch
from protea.objectives.pairing import PairHead

__all__ = ["pair_logits"]


def pair_logits(head: PairHead, encoding: Encoding, inputs: FeaturisedBatch) -> Float[Tensor, "pair output"]:
    """Return the output of the head for every pair of the batch; each protein is read once.

    Raises ContractError for inputs that say nothing of pairs.
    """
    if inputs.pair_member is None:
        raise ContractError(
            describe("the inputs name no pairs", where="pair_logits", expected="pair_member [pair, 2]", found="none",
                     do="Featurise a batch that holds pairs.")
        )  # fmt: skip
    return head(encoding.protein, inputs.pair_member, encoding.residue, inputs.residue_ptr)
