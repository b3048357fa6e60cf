"""What several residue features read of one batch, gathered once: backbone atoms, all atoms, links along the chain.

Axes: residue (packed), atom type. Positions in angstrom, 0 where unresolved (and then never read).
"""

from dataclasses import dataclass
from functools import cached_property
from typing import Literal

import torch
from jaxtyping import Bool, Float, Int
from torch import Tensor

from protea.features.residue.bonded import is_bonded_to_next, is_same_chain_as_next
from protea.geometry.segments import segment_of
from protea.protein.batch import ProteinBatch
from protea.protein.chemistry import ATOM37, ATOM_CODE

__all__ = ["StructureView", "UndefinedAngles"]

UndefinedAngles = Literal["masked", "published"]
"""How an undefined angle is written: `masked` as (0, 0), which no angle has; `published` as (1, 0), that is 0 degrees.

`published` also has no check for chain breaks: all residues of a protein count as one unbroken chain.
"""


@dataclass(frozen=True, eq=False)
class StructureView:
    """A batch and how undefined angles are to be written; each view of it is computed at the first use."""

    batch: ProteinBatch
    undefined_angles: UndefinedAngles = "masked"

    @cached_property
    def _n_ca_c(self) -> tuple[Float[Tensor, "3 residue 3"], Bool[Tensor, "3 residue"]]:
        position, is_resolved = self.batch.atoms([ATOM_CODE[name] for name in ("N", "CA", "C")])
        # Atom type first: each atom is then one contiguous array.
        return position.transpose(0, 1).contiguous(), is_resolved.T.contiguous()

    @property
    def n(self) -> Float[Tensor, "residue 3"]:
        """Backbone N."""
        return self._n_ca_c[0][0]

    @property
    def ca(self) -> Float[Tensor, "residue 3"]:
        """Alpha carbon."""
        return self._n_ca_c[0][1]

    @property
    def c(self) -> Float[Tensor, "residue 3"]:
        """Carbonyl carbon."""
        return self._n_ca_c[0][2]

    @property
    def has_n(self) -> Bool[Tensor, " residue"]:
        """True where N is resolved."""
        return self._n_ca_c[1][0]

    @property
    def has_ca(self) -> Bool[Tensor, " residue"]:
        """True where CA is resolved."""
        return self._n_ca_c[1][1]

    @property
    def has_c(self) -> Bool[Tensor, " residue"]:
        """True where C is resolved."""
        return self._n_ca_c[1][2]

    @cached_property
    def atom37(self) -> tuple[Float[Tensor, "residue 37 3"], Bool[Tensor, "residue 37"]]:
        """Positions and mask of all atom types."""
        return self.batch.atoms(range(len(ATOM37)))

    @cached_property
    def protein_of(self) -> Int[Tensor, " residue"]:
        """Protein index of each residue."""
        return segment_of(self.batch.residue_ptr, self.batch.num_residues)

    @cached_property
    def index_in_protein(self) -> Int[Tensor, " residue"]:
        """0, 1, 2, ... inside each protein."""
        row = torch.arange(self.batch.num_residues, device=self.batch.device)
        return row - self.batch.residue_ptr[self.protein_of]

    @cached_property
    def is_linked(self) -> Bool[Tensor, " residue"]:
        """True where residue i and residue i + 1 follow each other in a chain; always False in the last row.

        `masked`: they are bonded (see `residue/bonded.py`). `published`: they are rows of the same protein.
        """
        if self.undefined_angles == "published":
            return is_same_chain_as_next(self.protein_of, torch.zeros_like(self.protein_of))
        return is_bonded_to_next(
            is_same_chain_as_next(self.protein_of, self.batch.chain_of),
            *(self.n, self.ca, self.c),
            *(self.has_n, self.has_ca, self.has_c),
        )

    def are_linked(self, first: int, last: int) -> Bool[Tensor, " residue"]:
        """Return where the residues i + first .. i + last of row i follow each other in one chain."""
        linked = torch.roll(self.is_linked, -first)
        for offset in range(first + 1, last):
            linked = linked & torch.roll(self.is_linked, -offset)
        return linked
