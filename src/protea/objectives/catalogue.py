"""The union of the objective configurations: it is the registry."""

from typing import Annotated, Literal

from pydantic import Field, TypeAdapter

from protea.objectives.backbone_dihedral_prediction import BackboneDihedralPredictionConfig
from protea.objectives.binary import BinaryConfig
from protea.objectives.binding_affinity import BindingAffinityConfig
from protea.objectives.coordinate_recovery import CoordinateRecoveryConfig
from protea.objectives.decoded_label import DecodedLabelConfig
from protea.objectives.evidential import EvidentialConfig
from protea.objectives.inverse_folding import InverseFoldingConfig
from protea.objectives.masked_angle_prediction import MaskedAnglePredictionConfig
from protea.objectives.masked_dihedral_prediction import MaskedDihedralPredictionConfig
from protea.objectives.masked_distance_prediction import MaskedDistancePredictionConfig
from protea.objectives.masked_language import MaskedLanguageConfig
from protea.objectives.mean_variance import MeanVarianceConfig
from protea.objectives.multiclass import MultiClassConfig
from protea.objectives.multilabel import MultiLabelConfig
from protea.objectives.multiview_contrast import MultiviewContrastConfig
from protea.objectives.ontology_entailment import OntologyEntailmentConfig
from protea.objectives.pair_interaction import PairInteractionConfig
from protea.objectives.pair_interaction_types import PairInteractionTypesConfig
from protea.objectives.plddt_regression import PLDDTRegressionConfig
from protea.objectives.quantile import QuantileConfig
from protea.objectives.regression import RegressionConfig
from protea.objectives.residue_contacts import ResidueContactsConfig
from protea.objectives.sequence_denoising import SequenceDenoisingConfig
from protea.objectives.sequence_structure_denoising import SequenceStructureDenoisingConfig
from protea.objectives.structure_denoising import StructureDenoisingConfig
from protea.objectives.torsional_denoising import TorsionalDenoisingConfig

__all__ = ["AnyObjectiveConfig", "LabelFreeKind", "label_free_objective"]

AnyObjectiveConfig = Annotated[
    BinaryConfig
    | MultiClassConfig
    | MultiLabelConfig
    | OntologyEntailmentConfig
    | RegressionConfig
    | MeanVarianceConfig
    | EvidentialConfig
    | QuantileConfig
    | DecodedLabelConfig
    | InverseFoldingConfig
    | SequenceDenoisingConfig
    | MaskedLanguageConfig
    | StructureDenoisingConfig
    | TorsionalDenoisingConfig
    | SequenceStructureDenoisingConfig
    | BackboneDihedralPredictionConfig
    | PLDDTRegressionConfig
    | MaskedDistancePredictionConfig
    | MaskedAnglePredictionConfig
    | MaskedDihedralPredictionConfig
    | MultiviewContrastConfig
    | CoordinateRecoveryConfig
    | PairInteractionConfig
    | PairInteractionTypesConfig
    | BindingAffinityConfig
    | ResidueContactsConfig,
    Field(discriminator="kind"),
]

LabelFreeKind = Literal[
    "inverse_folding",
    "sequence_denoising",
    "masked_language",
    "structure_denoising",
    "torsional_denoising",
    "sequence_structure_denoising",
    "backbone_dihedral_prediction",
    "masked_distance_prediction",
    "masked_angle_prediction",
    "masked_dihedral_prediction",
    "multiview_contrast",
    "coordinate_recovery",
]
"""Objectives that need nothing but the protein: each can stand beside any other, or be pretrained on."""


def label_free_objective(kind: LabelFreeKind) -> AnyObjectiveConfig:
    """Return an objective that needs no label, with its published or usual settings."""
    found: AnyObjectiveConfig = TypeAdapter(AnyObjectiveConfig).validate_python({"kind": kind})
    return found
