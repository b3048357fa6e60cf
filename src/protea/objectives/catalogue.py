"""The union of the objective configurations: it is the registry."""

from typing import Annotated

from pydantic import Field

from protea.objectives.backbone_dihedral_prediction import BackboneDihedralPredictionConfig
from protea.objectives.binary import BinaryConfig
from protea.objectives.inverse_folding import InverseFoldingConfig
from protea.objectives.masked_angle_prediction import MaskedAnglePredictionConfig
from protea.objectives.masked_dihedral_prediction import MaskedDihedralPredictionConfig
from protea.objectives.masked_distance_prediction import MaskedDistancePredictionConfig
from protea.objectives.multiclass import MultiClassConfig
from protea.objectives.multilabel import MultiLabelConfig
from protea.objectives.multiview_contrast import MultiviewContrastConfig
from protea.objectives.plddt_regression import PLDDTRegressionConfig
from protea.objectives.regression import RegressionConfig
from protea.objectives.sequence_denoising import SequenceDenoisingConfig
from protea.objectives.sequence_structure_denoising import SequenceStructureDenoisingConfig
from protea.objectives.structure_denoising import StructureDenoisingConfig
from protea.objectives.torsional_denoising import TorsionalDenoisingConfig

__all__ = ["AnyObjectiveConfig"]

AnyObjectiveConfig = Annotated[
    BinaryConfig
    | MultiClassConfig
    | MultiLabelConfig
    | RegressionConfig
    | InverseFoldingConfig
    | SequenceDenoisingConfig
    | StructureDenoisingConfig
    | TorsionalDenoisingConfig
    | SequenceStructureDenoisingConfig
    | BackboneDihedralPredictionConfig
    | PLDDTRegressionConfig
    | MaskedDistancePredictionConfig
    | MaskedAnglePredictionConfig
    | MaskedDihedralPredictionConfig
    | MultiviewContrastConfig,
    Field(discriminator="kind"),
]
