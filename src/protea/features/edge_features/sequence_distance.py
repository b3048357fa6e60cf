"""How far source and target stand apart in the packed order."""

from jaxtyping import Float, Int
from torch import Tensor

from protea.features.interface import EdgeFeature, FeaturisedBatch

__all__ = ["SEQUENCE_DISTANCE", "sequence_distance"]


def sequence_distance(inputs: FeaturisedBatch, edge_index: Int[Tensor, "2 edge"]) -> Int[Tensor, " edge"]:
    """Return target minus source, in residues of the packed order: chain borders and holes are not looked at."""
    source, target = edge_index if inputs.residue_of is None else inputs.residue_of[edge_index]
    return target - source


def _column(inputs: FeaturisedBatch, edge_index: Int[Tensor, "2 edge"]) -> Float[Tensor, "edge 1"]:
    """Return target minus source, in residues of the packed order: chain borders and holes are not looked at."""
    return sequence_distance(inputs, edge_index).to(inputs.position.dtype)[:, None]


SEQUENCE_DISTANCE = EdgeFeature("sequence_distance", is_vector=False, parity=(1,), compute=_column)
"""One column: target minus source, with its sign."""
