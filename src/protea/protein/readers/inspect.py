"""`inspect_file`: what a structure file holds, chain by chain, counted on its first model."""

from pathlib import Path
from typing import NamedTuple

import numpy as np

from protea.protein.readers.read import read_protein
from protea.protein.record import Protein

__all__ = ["ChainSummary", "inspect_file", "summarise_chains"]


class ChainSummary(NamedTuple):
    """One chain of a file.

    `residues`: observed residues of the protein; `resolved_atoms`: their heavy atoms after the choice of alternative
    locations; `sequence`: their letters; `models`: models in the file; `ligands`: CCD names of hetero groups and
    nucleotides of the chain, sorted, one per group, waters left out.
    """

    chain: str
    residues: int
    resolved_atoms: int
    sequence: str
    models: int
    ligands: list[str]


def inspect_file(path: Path | str) -> list[ChainSummary]:
    """Return one summary per author chain of a file, in order of first appearance; chains of ligands only come last.

    Raises FileFormatError for a file that cannot be read.
    """
    return summarise_chains(read_protein(path))


def summarise_chains(protein: Protein) -> list[ChainSummary]:
    """Return one summary per chain of a record (see `inspect_file`)."""
    ligands = protein.ligands
    only_ligands = [chain for chain in dict.fromkeys(ligands.chain.tolist()) if chain not in protein.chain_ids]
    size = np.diff(protein.atom_ptr)
    summaries = []
    for index, chain in enumerate([*protein.chain_ids, *only_ligands]):
        residue = np.flatnonzero(protein.chain_of == index)
        summaries.append(
            ChainSummary(
                chain=chain,
                residues=len(residue),
                resolved_atoms=int(size[residue].sum()),
                sequence="".join(protein.sequence[i] for i in residue),
                models=protein.provenance.num_models,
                ligands=sorted(ligands.ccd_name[ligands.chain == chain].tolist()),
            )
        )
    return summaries
