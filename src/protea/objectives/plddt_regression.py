"""pLDDT regression: the confidence that a structure predictor gave each residue, over 100.

The values travel as the residue label `plddt` (`datasets/plddt.py` makes it from the records). A protein whose numbers
are B factors, not pLDDT, is unsupervised: it is never read as if it were one.
"""

from typing import Literal

from jaxtyping import Float
from pydantic import Field
from torch import Tensor

from protea.encoders.interface import Encoding
from protea.features.interface import FeaturisedBatch
from protea.objectives.heads import HeadConfig, head_of
from protea.objectives.interface import EncoderWidth, Level, Objective, ObjectiveConfig, Targets
from protea.objectives.labels import label_targets
from protea.objectives.precision import full_precision
from protea.protein.batch import ProteinBatch

__all__ = ["PLDDTRegression", "PLDDTRegressionConfig"]

_LABEL = "plddt"
_LARGEST = 100.0


class PLDDTRegressionConfig(ObjectiveConfig):
    """Squared error on pLDDT / 100 of residues whose pLDDT is known; needs the label `plddt`."""

    kind: Literal["plddt_regression"] = "plddt_regression"
    head: HeadConfig = Field(HeadConfig(), description="Sizes of the head.")

    def build(self, width: EncoderWidth) -> "PLDDTRegression":
        """Return the objective for an encoder of this width."""
        return PLDDTRegression(self, width)


class PLDDTRegression(Objective):
    """One value per residue; prediction, target and `score` are pLDDT / 100."""

    level: Level = "residue"

    def __init__(self, config: PLDDTRegressionConfig, width: EncoderWidth) -> None:
        super().__init__()
        self.head = head_of(config.head, width.channel, 1)

    def targets(self, batch: ProteinBatch) -> Targets:
        """Return pLDDT / 100 and where it is known."""
        value, is_known = label_targets(batch, _LABEL, "residue")
        return Targets(value / _LARGEST, is_known)

    def predict(self, encoding: Encoding, inputs: FeaturisedBatch) -> Float[Tensor, " residue"]:
        """Return one value per residue."""
        return self.head(encoding.residue)[:, 0]

    def loss_sum(self, prediction: Tensor, value: Tensor) -> Float[Tensor, ""]:
        """Return the summed squared error."""
        prediction = full_precision(prediction)
        return (prediction - value.to(prediction.dtype)).square().sum()

    def score(self, prediction: Tensor) -> Tensor:
        """Return pLDDT / 100."""
        return full_precision(prediction)
