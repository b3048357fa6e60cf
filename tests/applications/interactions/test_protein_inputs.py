import numpy as np
import pytest
import torch

from protea.applications.interactions.protein_inputs import ProteinInputs, ProteinInputsConfig
from protea.errors import InputError

SEQUENCES = ("ACX", "D", "GGGG")


def test_residue_types_are_packed_in_the_order_asked() -> None:
    inputs = ProteinInputs(ProteinInputsConfig(), SEQUENCES, None, reads_residues=True)
    residue, residue_ptr = inputs.residues(np.array([2, 0]))
    assert residue_ptr.tolist() == [0, 4, 7]
    assert residue.argmax(1).tolist() == [5, 5, 5, 5, 0, 1, 20]
    assert torch.equal(residue.sum(1), torch.ones(7))
    assert inputs.dim == residue.shape[1] == 21


def test_vectors_are_those_of_the_columns() -> None:
    inputs = ProteinInputs(ProteinInputsConfig(columns=("length",)), SEQUENCES, None, reads_residues=False)
    assert inputs.vectors(np.array([2, 1])).flatten().tolist() == pytest.approx([np.log(4), 0.0])
    assert inputs.dim == 1


def test_embeddings_that_are_not_given_are_asked_for() -> None:
    with pytest.raises(InputError, match="no embeddings"):
        ProteinInputs(ProteinInputsConfig(residues="embedding"), SEQUENCES, None, reads_residues=True)
