"""The residue type as a one-hot vector."""

from functools import cache, partial
from typing import Literal

import torch
from jaxtyping import Float
from torch import Tensor

from protea.features.interface import ResidueFeature
from protea.features.structure_view import StructureView
from protea.protein.alphabets import PROTEA, PROTEIN_WORKSHOP, conversion_table

__all__ = ["ResidueAlphabet", "one_hot"]

ResidueAlphabet = Literal["protea", "published"]
"""Columns of the one-hot: `protea` the 21 of `protein/alphabets.py`, `published` the 23 of ProteinWorkshop."""

_ALPHABETS = {"protea": PROTEA, "published": PROTEIN_WORKSHOP}


@cache
def one_hot(alphabet: ResidueAlphabet) -> ResidueFeature:
    """Return the feature with one column per letter of the alphabet; the same object for the same alphabet."""
    chosen = _ALPHABETS[alphabet]
    column_of = torch.from_numpy(conversion_table(PROTEA, chosen))
    width = len(chosen.letters)
    return ResidueFeature(
        "one_hot",
        parity=(1,) * width,
        reveals=frozenset({"residue_type"}),
        compute=partial(_one_hot, column_of=column_of, width=width),
    )


def _one_hot(view: StructureView, column_of: Tensor, width: int) -> Float[Tensor, "residue letter"]:
    batch = view.batch
    column = column_of.to(batch.device)[batch.residue_type.long()]
    return batch.atom_position.new_zeros((batch.num_residues, width)).scatter_(1, column[:, None], 1.0)
