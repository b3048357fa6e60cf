"""The graphs that can be asked for: the union of their configurations is the registry."""

from typing import Annotated

from pydantic import Field

from protea.features.edges.joined import Joined
from protea.features.edges.k_nearest import KNearest
from protea.features.edges.one_relation import OneRelation
from protea.features.edges.predicted_contacts import PredictedContacts
from protea.features.edges.radius import Radius
from protea.features.edges.sequential import Sequential
from protea.features.edges.seven_relations import SevenRelations

__all__ = [
    "GRAPHS",
    "GraphConfig",
    "Joined",
    "KNearest",
    "OneRelation",
    "PredictedContacts",
    "Radius",
    "Sequential",
    "SevenRelations",
]

GRAPHS = (KNearest, Radius, Sequential, SevenRelations, OneRelation, Joined, PredictedContacts)
"""Every graph configuration."""

GraphConfig = Annotated[
    KNearest | Radius | Sequential | SevenRelations | OneRelation | Joined | PredictedContacts,
    Field(discriminator="kind"),
]
"""Any of them, told apart by `kind`.

Each has `build(position, is_resolved, residue_ptr, chain_of, residue_of=None) -> Graph`. Where rows are not residues
but nodes of residues, `residue_ptr` counts nodes and `residue_of` names the residue of each. Predicted contacts are
made of a batch instead (`of_batch`).
"""
