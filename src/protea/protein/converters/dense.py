"""From dense atom arrays [residue, atom type, 3], as other programs write them, to a `ProteinBatch`."""

from collections.abc import Sequence

import numpy as np
import torch
from jaxtyping import Bool, Float, Int

from protea.errors import InputError, describe
from protea.protein.alphabets import PROTEA, Alphabet, conversion_table
from protea.protein.batch import ProteinBatch
from protea.protein.chemistry import ATOM37, ATOM_CODE

__all__ = ["batch_from_atom37"]


def batch_from_atom37(
    position: Float[np.ndarray, "residue atom_type 3"],
    is_resolved: Bool[np.ndarray, "residue atom_type"],
    residue_type: Int[np.ndarray, " residue"],
    residue_ptr: Int[np.ndarray, " protein_plus_1"],
    atom_names: Sequence[str] = ATOM37,
    letters: str = PROTEA.letters,
    chain_of: Int[np.ndarray, " residue"] | None = None,
) -> ProteinBatch:
    """Return the packed batch of a dense array in angstrom, in its own dtype.

    `atom_names` names the columns and `letters` the residue types: both differ between programs, so state them. Letters
    outside Protea's alphabet become X. Coordinates where `is_resolved` is False are dropped. One chain per protein
    unless `chain_of` says otherwise; residues are numbered from 1 in each protein.

    Raises:
        InputError: if the columns are not as many as the names, a name is unknown or stands twice, or a residue type
            lies outside `letters`.
    """
    code_of_column = _codes(atom_names, position.shape[1])
    if residue_type.size and not 0 <= residue_type.min() <= residue_type.max() < len(letters):
        raise InputError(
            describe(
                "a residue type lies outside the alphabet",
                where=f"residue_type, alphabet {letters!r}",
                expected=f"0..{len(letters) - 1}",
                found=f"{residue_type.min()}..{residue_type.max()}",
                do="Pass the letters in the order that the residue types count them.",
            )
        )
    num_residues, num_proteins = len(position), len(residue_ptr) - 1
    # Atoms of a residue stand in rising code, whatever the order of the columns.
    order = np.argsort(code_of_column, kind="stable")
    row, column = np.nonzero(is_resolved[:, order])
    start = np.repeat(residue_ptr[:-1], np.diff(residue_ptr))
    types = conversion_table(Alphabet("given", letters, letters[-1]), PROTEA)[residue_type]
    chains = np.zeros(num_residues, np.int64) if chain_of is None else chain_of.astype(np.int64)
    counts = is_resolved.sum(axis=1)
    return ProteinBatch(
        ids=tuple(f"protein_{number}" for number in range(num_proteins)),
        residue_ptr=torch.from_numpy(residue_ptr.astype(np.int64)),
        residue_type=torch.from_numpy(types.astype(np.int64)),
        chain_of=torch.from_numpy(chains),
        author_number=torch.from_numpy((np.arange(num_residues) - start + 1).astype(np.int64)),
        atom_ptr=torch.from_numpy(np.concatenate([[0], np.cumsum(counts)]).astype(np.int64)),
        atom_code=torch.from_numpy(code_of_column[order][column].astype(np.uint8)),
        atom_position=torch.from_numpy(position[:, order][row, column]),
        edge_ptr=torch.zeros(num_residues + 1, dtype=torch.int64),
        edge_source=torch.zeros(0, dtype=torch.int64),
    )


def _codes(atom_names: Sequence[str], num_columns: int) -> Int[np.ndarray, " atom_type"]:
    unknown = [name for name in atom_names if name not in ATOM_CODE]
    if unknown or len(set(atom_names)) != len(atom_names) or len(atom_names) != num_columns:
        raise InputError(
            describe(
                "the atom names do not fit the columns",
                where="atom_names",
                expected=f"{num_columns} different names out of {', '.join(ATOM37)}",
                found=f"{len(atom_names)} names, unknown {unknown}, {len(set(atom_names))} different",
                do="Name every column once.",
            )
        )
    return np.array([ATOM_CODE[name] for name in atom_names], dtype=np.int64)
