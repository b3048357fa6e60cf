"""Backbone dihedral prediction: cosine and sine of phi, psi and omega; features that hold them are refused."""

from typing import ClassVar, Literal

from jaxtyping import Float
from pydantic import Field
from torch import Tensor

from protea.encoders.interface import Encoding
from protea.features.interface import FeaturisedBatch, Reveals
from protea.features.residue.angle_columns import angle_columns
from protea.features.residue.backbone_dihedrals import backbone_dihedrals
from protea.features.structure_view import StructureView
from protea.objectives.angle_columns_loss import angle_loss_sum, is_angle_written
from protea.objectives.heads import HeadConfig, head_of
from protea.objectives.interface import EncoderWidth, Level, Objective, ObjectiveConfig, Targets
from protea.objectives.original_positions import uncorrupted_structure
from protea.objectives.precision import full_precision
from protea.protein.batch import ProteinBatch

__all__ = ["BackboneDihedralPrediction", "BackboneDihedralPredictionConfig"]


class BackboneDihedralPredictionConfig(ObjectiveConfig):
    """Squared error on cos, sin of phi, psi, omega; omega is that of the bond i -> i+1."""

    kind: Literal["backbone_dihedral_prediction"] = "backbone_dihedral_prediction"
    head: HeadConfig = Field(HeadConfig(), description="Sizes of the head.")

    def build(self, width: EncoderWidth) -> "BackboneDihedralPrediction":
        """Return the objective for an encoder of this width."""
        return BackboneDihedralPrediction(self, width)


class BackboneDihedralPrediction(Objective):
    """Six columns per residue. Alpha and kappa, which the CA trace gives anyway, may be among the features."""

    forbids: ClassVar[frozenset[Reveals]] = frozenset({"backbone_dihedrals"})
    level: Level = "residue"

    def __init__(self, config: BackboneDihedralPredictionConfig, width: EncoderWidth) -> None:
        super().__init__()
        self.head = head_of(config.head, width.channel, 6)

    def targets(self, batch: ProteinBatch) -> Targets:
        """Return the columns of the uncorrupted structure, supervised where at least one angle is defined."""
        view = StructureView(uncorrupted_structure(batch))
        columns = angle_columns(*backbone_dihedrals(view), "masked")
        return Targets(columns, is_angle_written(columns).any(-1))

    def predict(self, encoding: Encoding, inputs: FeaturisedBatch) -> Float[Tensor, "residue 6"]:
        """Return the columns."""
        return self.head(encoding.residue)

    def loss_sum(self, prediction: Tensor, value: Tensor) -> Float[Tensor, ""]:
        """Return the squared error summed over residues, averaged over the columns of the defined angles."""
        return angle_loss_sum(prediction, value)

    def score(self, prediction: Tensor) -> Tensor:
        """Return the columns."""
        return full_precision(prediction)
