"""Contact maps of complexes: one within each of two sides, and one between them, with what is known of each residue.

Two definitions. `cb`: CB atoms (CA of glycine) at most 8 angstrom apart, as contact prediction is judged. `heavy`: any
two heavy atoms at most 5 angstrom apart, as interfaces are. Both cutoffs are settings.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import combinations
from typing import Literal, NamedTuple

import numpy as np
from jaxtyping import Bool, Float, Int
from pydantic import Field
from scipy.spatial import cKDTree

from protea.config import Config
from protea.errors import InputError, describe
from protea.protein.record import Protein
from protea.protein.residue_places import residue_places

__all__ = ["ContactDefinition", "InterfaceMaps", "chain_pair_maps", "contact_map", "interface_maps"]

_CUTOFF = {"cb": 8.0, "heavy": 5.0}


class ContactDefinition(Config):
    """When two residues touch."""

    atoms: Literal["cb", "heavy"] = Field(
        default="cb", description="cb: CB atoms, CA of glycine; heavy: the nearest two of all heavy atoms"
    )
    cutoff: float | None = Field(
        default=None, gt=0, description="Largest distance in angstrom; none: 8 for cb, 5 for heavy"
    )

    @property
    def distance(self) -> float:
        """The cutoff in angstrom."""
        return _CUTOFF[self.atoms] if self.cutoff is None else self.cutoff


@dataclass(frozen=True, eq=False)
class InterfaceMaps:
    """Two sides of a complex and their contacts; a residue without the atoms asked for is unknown, its cells False.

    `within_first` and `within_second` are symmetric, and True on the diagonal where the residue is known: leave out
    what is near in sequence before they are scored. `between` has the residues of the first side as rows.
    """

    id: str
    first: Protein
    second: Protein
    within_first: Bool[np.ndarray, "first first"]
    within_second: Bool[np.ndarray, "second second"]
    between: Bool[np.ndarray, "first second"]
    is_known_first: Bool[np.ndarray, " first"]
    is_known_second: Bool[np.ndarray, " second"]
    definition: ContactDefinition

    def interface(self) -> tuple[Bool[np.ndarray, " first"], Bool[np.ndarray, " second"]]:
        """Return which residues of each side touch the other."""
        return np.asarray(self.between.any(1)), np.asarray(self.between.any(0))

    def known_between(self) -> Bool[np.ndarray, "first second"]:
        """Return which cells of `between` are known."""
        return self.is_known_first[:, None] & self.is_known_second[None, :]


def interface_maps(
    protein: Protein, first: tuple[str, ...], second: tuple[str, ...], definition: ContactDefinition | None = None
) -> InterfaceMaps:
    """Return the maps of two sides of a complex, each given by its chains.

    Raises InputError where a side has no chain, a chain is on both sides, or it is not there.
    """
    definition = ContactDefinition() if definition is None else definition
    absent = [chain for chain in (*first, *second) if chain not in protein.chain_ids]
    if absent or not first or not second or set(first) & set(second):
        raise InputError(
            describe("not two sides of a complex", where=protein.id, found=f"{'+'.join(first)} and {'+'.join(second)}",
                     expected=f"different chains of {', '.join(protein.chain_ids)}")
        )  # fmt: skip
    one, other = protein.select_chains(first), protein.select_chains(second)
    of_one, of_other = _atoms(one, definition), _atoms(other, definition)
    return InterfaceMaps(
        f"{protein.id}_{''.join(first)}_{''.join(second)}", one, other,
        _touching(of_one, of_one, definition.distance, (len(one), len(one))),
        _touching(of_other, of_other, definition.distance, (len(other), len(other))),
        _touching(of_one, of_other, definition.distance, (len(one), len(other))),
        _is_known(of_one, len(one)), _is_known(of_other, len(other)), definition,
    )  # fmt: skip


def chain_pair_maps(
    protein: Protein, definition: ContactDefinition | None = None, *, min_contacts: int = 1
) -> Iterator[InterfaceMaps]:
    """Yield the maps of every two chains with at least `min_contacts` contacts between them, in the order of chains."""
    for first, second in combinations(protein.chain_ids, 2):
        maps = interface_maps(protein, (first,), (second,), definition)
        if maps.between.sum() >= min_contacts:
            yield maps


def contact_map(protein: Protein, definition: ContactDefinition | None = None) -> Bool[np.ndarray, "residue residue"]:
    """Return which residues of a record touch, whatever their chains."""
    definition = ContactDefinition() if definition is None else definition
    atoms = _atoms(protein, definition)
    return _touching(atoms, atoms, definition.distance, (len(protein), len(protein)))


class _Atoms(NamedTuple):
    """The positions that count, and the residue of each."""

    position: Float[np.ndarray, "atom 3"]
    residue: Int[np.ndarray, " atom"]


def _atoms(protein: Protein, definition: ContactDefinition) -> _Atoms:
    """Return the atoms that count."""
    if definition.atoms == "cb":
        position, is_known = residue_places(protein)
        return _Atoms(position[is_known].astype(np.float64), np.flatnonzero(is_known))
    return _Atoms(protein.atom_position.astype(np.float64), protein.residue_of_atom())


def _touching(one: _Atoms, other: _Atoms, distance: float, shape: tuple[int, int]) -> Bool[np.ndarray, "row column"]:
    """Return which residues have atoms at most so far apart."""
    found = np.zeros(shape, bool)
    if len(one.residue) and len(other.residue):
        trees = cKDTree(one.position), cKDTree(other.position)
        near = trees[0].sparse_distance_matrix(trees[1], distance, output_type="ndarray")
        found[one.residue[near["i"]], other.residue[near["j"]]] = True
    return found


def _is_known(atoms: _Atoms, length: int) -> Bool[np.ndarray, " residue"]:
    return np.bincount(atoms.residue, minlength=length) > 0
