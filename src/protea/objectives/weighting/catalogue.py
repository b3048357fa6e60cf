"""Every rule of weighting by name, and what it must know of an objective."""

from collections.abc import Mapping
from typing import Annotated

from pydantic import Field

from protea.objectives.catalogue import AnyObjectiveConfig
from protea.objectives.weighting.dynamic_average import DynamicAverageWeightingConfig
from protea.objectives.weighting.fixed import FixedWeightingConfig
from protea.objectives.weighting.grad_norm import GradNormWeightingConfig
from protea.objectives.weighting.interface import ObjectiveFacts
from protea.objectives.weighting.projected_gradients import ProjectedGradientsConfig
from protea.objectives.weighting.uncertainty import UncertaintyWeightingConfig

__all__ = ["AnyWeightingConfig", "facts_of"]

AnyWeightingConfig = Annotated[
    FixedWeightingConfig
    | UncertaintyWeightingConfig
    | DynamicAverageWeightingConfig
    | GradNormWeightingConfig
    | ProjectedGradientsConfig,
    Field(discriminator="kind"),
]

_SQUARED_ERRORS = {
    "regression", "binding_affinity", "plddt_regression", "structure_denoising", "torsional_denoising",
    "coordinate_recovery", "backbone_dihedral_prediction", "masked_distance_prediction", "masked_angle_prediction",
    "masked_dihedral_prediction",
}  # fmt: skip


def facts_of(objectives: Mapping[str, AnyObjectiveConfig], weights: Mapping[str, float]) -> dict[str, ObjectiveFacts]:
    """Return what a rule must know of each objective, in the order of the objectives."""
    return {
        name: ObjectiveFacts(weight=weights[name], is_regression=objective.kind in _SQUARED_ERRORS)
        for name, objective in objectives.items()
    }
