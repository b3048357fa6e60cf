"""Where in its protein a residue stands, as sines and cosines (Vaswani et al. 2017, section 3.5)."""

import torch
from jaxtyping import Float
from torch import Tensor

from protea.features.interface import ResidueFeature
from protea.features.structure_view import StructureView

__all__ = ["POSITIONAL_ENCODING"]

_NUM_FREQUENCIES = 8
_LOWEST_FREQUENCY = 1e-4


def _positional_encoding(view: StructureView) -> Float[Tensor, "residue 16"]:
    """Return [8 sines | 8 cosines] of index x frequency, the frequencies falling from 1 to 1e-4 in equal ratios.

    The index counts the rows of the protein from 0: residue numbers, chain borders and breaks play no part.
    """
    exact = torch.logspace(0.0, 1.0, _NUM_FREQUENCIES, base=_LOWEST_FREQUENCY, dtype=torch.float64)
    frequency = exact.to(view.batch.atom_position)
    angle = view.index_in_protein.to(frequency.dtype)[:, None] * frequency
    return torch.cat([angle.sin(), angle.cos()], dim=1)


POSITIONAL_ENCODING = ResidueFeature(
    "positional_encoding", parity=(1,) * (2 * _NUM_FREQUENCIES), reveals=frozenset(), compute=_positional_encoding
)
"""Columns: 8 sines, then 8 cosines."""
