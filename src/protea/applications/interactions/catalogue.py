"""The union of the interaction models: it is the registry."""

from typing import Annotated

from pydantic import Field

from protea.applications.interactions.controls import (
    AllOnesConfig,
    ClassPriorConfig,
    DegreeConfig,
    LabelProfileConfig,
)
from protea.applications.interactions.graph_network import GraphNetworkConfig
from protea.applications.interactions.label_transfer import LabelTransferConfig
from protea.applications.interactions.pair_network import PairNetworkConfig

__all__ = ["AnyInteractionModelConfig"]

AnyInteractionModelConfig = Annotated[
    ClassPriorConfig
    | AllOnesConfig
    | LabelProfileConfig
    | DegreeConfig
    | PairNetworkConfig
    | GraphNetworkConfig
    | LabelTransferConfig,
    Field(discriminator="kind"),
]
