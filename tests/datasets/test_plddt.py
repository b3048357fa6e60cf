"""pLDDT of predicted structures is a label; B factors of crystals are not."""

import dataclasses

import numpy as np

from protea.datasets.plddt import plddt_table
from protea.protein.batch import pack
from protea.protein.record import Protein, protein_from_sequence


def with_numbers(name: str, kind: str, numbers: np.ndarray) -> Protein:
    """Three residues of 2, 1 and 0 atoms with a number each."""
    return dataclasses.replace(
        protein_from_sequence(name, "ACD"),
        atom_ptr=np.array([0, 2, 3, 3]),
        atom_code=np.array([0, 1, 1], np.uint8),
        atom_position=np.zeros((3, 3), np.float32),
        b_factor=numbers.astype(np.float32),
        b_factor_kind=kind,  # type: ignore[arg-type]
    )


def test_only_recognised_plddt_is_known() -> None:
    predicted = with_numbers("predicted", "plddt", np.array([90.0, 80.0, 40.0]))
    crystal = with_numbers("crystal", "b_factor", np.array([90.0, 80.0, 40.0]))
    bare = protein_from_sequence("bare", "AC")
    table = plddt_table([predicted, crystal, bare])
    batch = pack([table.join(protein) for protein in (predicted, crystal, bare)], ["plddt"])
    assert batch.extra["plddt"].value.tolist() == [85.0, 40.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0]
    assert batch.extra["plddt.is_known"].value.tolist() == [True, True, *[False] * 6]
