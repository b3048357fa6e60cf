"""Residue labels of published sets: from ligands nearby, from partner chains, and from strings along the sequence."""

from collections.abc import Collection

import numpy as np
from scipy.spatial import cKDTree

from protea.errors import FileFormatError, describe
from protea.protein.record import Label, Protein

__all__ = ["label_along_sequence", "ligand_contacts"]


def ligand_contacts(protein: Protein, names: Collection[str], cutoff: float) -> Label:
    """Return which residues have an atom at most `cutoff` angstrom from an atom of the named ligands (CCD names)."""
    value = np.zeros(len(protein), np.uint8)
    ligands = protein.ligands
    is_wanted = np.isin(ligands.ccd_name, sorted(names))
    atoms = ligands.atom_position[np.repeat(is_wanted, np.diff(ligands.atom_ptr))]
    if len(atoms) and protein.num_atoms:
        # scipy's upper bound is exclusive; the smallest step above the cutoff makes it inclusive.
        distance, _ = cKDTree(atoms).query(
            protein.atom_position, distance_upper_bound=float(np.nextafter(cutoff, np.inf))
        )
        value[protein.residue_of_atom()[np.isfinite(distance)]] = 1
    has_atoms = np.diff(protein.atom_ptr) > 0
    return Label("residue", value, has_atoms)


def label_along_sequence(protein: Protein, value: np.ndarray, where: str) -> Label:
    """Return values listed per residue of the whole chain (SEQRES), or of the observed residues, as a label.

    Raises FileFormatError where their number is neither.
    """
    seqres = protein.seqres[0] if len(protein.seqres) == 1 else None
    if seqres is not None and len(value) == len(seqres):
        place = protein.label_number.astype(np.int64) - 1
        if (place < 0).any() or (place >= len(value)).any():
            raise FileFormatError(describe("residue numbers outside the listed sequence", where=where))
        value = value[place]
    elif len(value) != len(protein):
        lengths = f"{len(protein)} observed" + (f" or {len(seqres)} in all" if seqres is not None else "")
        raise FileFormatError(
            describe("another number of labels than residues", where=where, expected=lengths, found=str(len(value)))
        )
    return Label("residue", value, np.ones(value.shape, bool))
