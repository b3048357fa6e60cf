"""A record small enough to write its file by hand."""

import numpy as np

from protea.protein.chemistry import ATOM_CODE
from protea.protein.record import Ligands, Protein, Provenance

__all__ = ["small_protein"]


def small_protein() -> Protein:
    """Return MSE 5A (CA, selenium as SD) and GLY 6 (N) in chain A, with one zinc, B factors and SEQRES."""
    return Protein(
        id="my id",
        sequence="MG",
        residue_name=np.array(["MSE", "GLY"]),
        chain_ids=("A",),
        chain_of=np.zeros(2, np.int16),
        author_number=np.array([5, 6], np.int32),
        insertion_code=np.array(["A", ""]),
        label_number=np.array([2, 3], np.int32),
        atom_ptr=np.array([0, 2, 3]),
        atom_code=np.array([ATOM_CODE["CA"], ATOM_CODE["SD"], ATOM_CODE["N"]], np.uint8),
        atom_position=np.array([[1.5, -2.25, 3.125], [10.0, 20.0, -30.0], [0.0, 0.5, 100.0]], np.float32),
        b_factor=np.array([10.0, 20.5, 30.25], np.float32),
        b_factor_kind="b_factor",
        provenance=Provenance(
            source="x.pdb", file_format="pdb", entry_id="1ABC", method="X-ray", resolution=1.8, date="1981-04-30"
        ),
        seqres=("AMGB",),
        ligands=Ligands(
            ccd_name=np.array(["ZN"]),
            chain=np.array(["A"]),
            author_number=np.array([201], np.int32),
            is_nucleotide=np.zeros(1, bool),
            atom_ptr=np.array([0, 1]),
            atom_name=np.array(["ZN"]),
            element=np.array(["Zn"]),
            atom_position=np.array([[7.0, 8.0, 9.0]], np.float32),
        ),
    )
