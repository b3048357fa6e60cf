"""Which residues of a protein touch its partner, and how a label is carried from one form of a protein to another."""

from typing import NamedTuple

import numpy as np
from jaxtyping import Bool, Int
from scipy.spatial import cKDTree

from protea.errors import InputError, describe
from protea.protein.record import Protein

__all__ = ["LEAST_AGREEMENT", "Match", "interface_residues", "matched_residues"]

LEAST_AGREEMENT = 0.9
"""Share of number-matched residues of a chain that must be the same residue; below it the numbering is not shared."""


class Match(NamedTuple):
    """For each residue of one form: the row of its counterpart (-1 where none), and whether its label is carried."""

    row: Int[np.ndarray, " residue"]
    is_matched: Bool[np.ndarray, " residue"]
    num_unmatched: int
    num_other_type: int
    misnumbered: tuple[str, ...]


def interface_residues(protein: Protein, partner: Protein, cutoff: float) -> Bool[np.ndarray, " residue"]:
    """Return which residues have a heavy atom at most `cutoff` angstrom from a heavy atom of the partner's residues."""
    if not protein.num_atoms or not partner.num_atoms:
        raise InputError(describe("a partner without atoms has no interface", where=f"{protein.id} and {partner.id}"))
    # scipy's upper bound is exclusive; the smallest step above the cutoff makes it inclusive.
    distance, _ = cKDTree(partner.atom_position).query(
        protein.atom_position, distance_upper_bound=float(np.nextafter(cutoff, np.inf))
    )
    touches = np.zeros(len(protein), dtype=bool)
    touches[protein.residue_of_atom()[np.isfinite(distance)]] = True
    return touches


def _keys(protein: Protein) -> list[tuple[str, int, str]]:
    chains = [protein.chain_ids[index] for index in protein.chain_of]
    return list(zip(chains, protein.author_number.tolist(), protein.insertion_code.tolist(), strict=True))


def matched_residues(protein: Protein, reference: Protein) -> Match:
    """Return the residues of `reference` with the same chain, number and insertion code (see `Match`)."""
    row_of = {key: row for row, key in enumerate(_keys(reference))}
    row = np.array([row_of.get(key, -1) for key in _keys(protein)], dtype=np.int64)
    is_same = np.array(
        [
            index >= 0 and letter == reference.sequence[index]
            for letter, index in zip(protein.sequence, row, strict=True)
        ],
        dtype=bool,
    )
    is_found, is_matched, misnumbered = row >= 0, is_same.copy(), []
    for index, chain in enumerate(protein.chain_ids):
        here = protein.chain_of == index
        found = int((is_found & here).sum())
        if found and (is_same & here).sum() < LEAST_AGREEMENT * found:
            misnumbered.append(chain)
            is_matched &= ~here
    return Match(row, is_matched, int((~is_found).sum()), int((is_found & ~is_same).sum()), tuple(misnumbered))
