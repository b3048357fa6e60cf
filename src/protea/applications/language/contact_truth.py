"""Contacts of a structure: pairs of residues whose CB atoms (CA of glycine) lie less than 8 angstrom apart.

Each chain is a sequence of its own, of its observed residues: separations are counted along these. A residue without
the atom is unknown with everything.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from jaxtyping import Bool

from protea.errors import ContractError, describe
from protea.protein.record import Protein
from protea.protein.residue_places import residue_places

__all__ = ["CONTACT_ANGSTROM", "ContactTruth", "contacts_of_chains"]

CONTACT_ANGSTROM = 8.0


@dataclass(frozen=True, eq=False)
class ContactTruth:
    """The sequence of a chain, which pairs touch, and which pairs are known at all."""

    id: str
    sequence: str
    is_contact: Bool[np.ndarray, "residue residue"]
    is_known: Bool[np.ndarray, "residue residue"]

    def __post_init__(self) -> None:
        if len(self.sequence) != len(self.is_contact):
            raise ContractError(
                describe("a sequence and contacts of other lengths", where=self.id, expected=str(len(self.sequence)),
                         found=str(len(self.is_contact)))
            )  # fmt: skip


def contacts_of_chains(protein: Protein, cutoff: float = CONTACT_ANGSTROM) -> Iterator[ContactTruth]:
    """Yield the contacts of each chain with any CB in place, in the order of the chains."""
    places, is_there = residue_places(protein)
    position = places.astype(np.float64)
    for index, chain in enumerate(protein.chain_ids):
        own = np.flatnonzero(protein.chain_of == index)
        if not is_there[own].any():
            continue
        distance = np.linalg.norm(position[own, None] - position[None, own], axis=-1)
        is_known = is_there[own, None] & is_there[None, own]
        name = protein.id if len(protein.chain_ids) == 1 else f"{protein.id}_{chain}"
        yield ContactTruth(
            name, "".join(protein.sequence[row] for row in own), (distance < cutoff) & is_known, is_known
        )
