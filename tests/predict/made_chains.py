"""Made structures: a helix of CA, backbone atoms only, with residues that were not observed."""

from collections.abc import Sequence

import numpy as np

from protea.protein.chemistry import ATOM_CODE, NAME_OF_LETTER
from protea.protein.record import Protein, Provenance, protein_from_sequence

SEQUENCE = "MKTAYIAKQRQISFVKSHFSRQLEERLGLIEVQAPILSRVGDGTQDNLSGAEKAV"
FIRST_NUMBER = 11


def helix(number: int) -> np.ndarray:
    """CA positions 3.8 angstrom apart."""
    turn = np.arange(number) * np.deg2rad(100.0)
    return np.stack([2.3 * np.cos(turn), 2.3 * np.sin(turn), 1.5 * np.arange(number)], axis=1).astype(np.float32)


def made_chain(
    *, unobserved: Sequence[int] = (), plddt: float | None = None, id: str = "one", seqres: bool = True
) -> Protein:
    """The observed residues of the sequence as a chain `A`, numbered from 11."""
    rows = np.array([row for row in range(len(SEQUENCE)) if row not in unobserved])
    number = len(rows)
    plain = protein_from_sequence(id, "".join(SEQUENCE[row] for row in rows))
    return plain.replace(
        chain_ids=("A",),
        residue_name=np.array([NAME_OF_LETTER[SEQUENCE[row]] for row in rows]),
        author_number=(rows + FIRST_NUMBER).astype(np.int32),
        label_number=(rows + 1).astype(plain.label_number.dtype),
        atom_ptr=np.arange(number + 1, dtype=np.int64),
        atom_code=np.full(number, ATOM_CODE["CA"], np.uint8),
        atom_position=helix(len(SEQUENCE))[rows],
        b_factor=None if plddt is None else np.full(number, plddt, np.float32),
        b_factor_kind="b_factor" if plddt is None else "plddt",
        seqres=(SEQUENCE,) if seqres else (),
        provenance=Provenance(source="made.cif", file_format="mmcif"),
    )
