"""One column of ones, for a scheme that would otherwise have no column."""

from jaxtyping import Float
from torch import Tensor

from protea.features.interface import ResidueFeature
from protea.features.structure_view import StructureView

__all__ = ["CONSTANT"]


def _constant(view: StructureView) -> Float[Tensor, "residue 1"]:
    """Return ones."""
    return view.batch.atom_position.new_ones((view.batch.num_residues, 1))


CONSTANT = ResidueFeature("constant", parity=(1,), reveals=frozenset(), compute=_constant)
"""One column of ones."""
