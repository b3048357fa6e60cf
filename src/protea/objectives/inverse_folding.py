"""Inverse folding: the residue type from structure alone (Ingraham et al. 2019)."""

from typing import ClassVar, Literal

from jaxtyping import Float
from pydantic import Field
from torch import Tensor
from torch.nn import functional as F

from protea.encoders.interface import Encoding
from protea.features.interface import FeaturisedBatch, Reveals
from protea.objectives.heads import HeadConfig, head_of
from protea.objectives.interface import EncoderWidth, Level, Objective, ObjectiveConfig, Targets
from protea.objectives.original_types import original_types
from protea.objectives.precision import full_precision
from protea.protein.alphabets import UNKNOWN_RESIDUE
from protea.protein.batch import ProteinBatch

__all__ = ["InverseFolding", "InverseFoldingConfig"]


class InverseFoldingConfig(ObjectiveConfig):
    """Cross-entropy over the 20 residue types; unknown residues are not supervised."""

    kind: Literal["inverse_folding"] = "inverse_folding"
    head: HeadConfig = Field(HeadConfig(), description="Sizes of the head.")

    def build(self, width: EncoderWidth) -> "InverseFolding":
        """Return the objective for an encoder of this width."""
        return InverseFolding(self, width)


class InverseFolding(Objective):
    """Logits over the 20 residue types. Features that reveal the type, directly or by side chains, are refused."""

    forbids: ClassVar[frozenset[Reveals]] = frozenset({"residue_type", "side_chain"})
    level: Level = "residue"

    def __init__(self, config: InverseFoldingConfig, width: EncoderWidth) -> None:
        super().__init__()
        self.head = head_of(config.head, width.channel, UNKNOWN_RESIDUE)

    def targets(self, batch: ProteinBatch) -> Targets:
        """Return the residue type before any corruption; supervised where it is one of the 20."""
        residue_type = original_types(batch)
        return Targets(residue_type, residue_type < UNKNOWN_RESIDUE)

    def predict(self, encoding: Encoding, inputs: FeaturisedBatch) -> Float[Tensor, "residue 20"]:
        """Return logits."""
        return self.head(encoding.residue)

    def loss_sum(self, prediction: Tensor, value: Tensor) -> Float[Tensor, ""]:
        """Return the summed cross-entropy, natural log."""
        return F.cross_entropy(full_precision(prediction), value.long(), reduction="sum")

    def score(self, prediction: Tensor) -> Tensor:
        """Return natural log-probabilities."""
        return full_precision(prediction).log_softmax(-1)
