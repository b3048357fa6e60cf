"""The distance in sequence as sines and cosines (Ingraham et al. 2019): ProteinWorkshop's `pos_emb`."""

import math

import torch
from jaxtyping import Float, Int
from torch import Tensor

from protea.features.edge_features.sequence_distance import sequence_distance
from protea.features.interface import EdgeFeature, FeaturisedBatch

__all__ = ["OFFSET_EMBEDDING"]

_NUM_FREQUENCIES = 8
_BASE = 10000.0


def _offset_embedding(inputs: FeaturisedBatch, edge_index: Int[Tensor, "2 edge"]) -> Float[Tensor, "edge 16"]:
    """Return [8 cosines | 8 sines] of (source minus target) x frequency, frequency j being 10000^(-j/8)."""
    exponent = torch.arange(_NUM_FREQUENCIES, dtype=torch.float64) / _NUM_FREQUENCIES
    frequency = (-math.log(_BASE) * exponent).exp().to(inputs.position)
    offset = -sequence_distance(inputs, edge_index)
    angle = offset.to(frequency.dtype)[:, None] * frequency
    return torch.cat([angle.cos(), angle.sin()], dim=1)


OFFSET_EMBEDDING = EdgeFeature(
    "offset_embedding", is_vector=False, parity=(1,) * (2 * _NUM_FREQUENCIES), compute=_offset_embedding
)
"""Columns: 8 cosines, then 8 sines."""
