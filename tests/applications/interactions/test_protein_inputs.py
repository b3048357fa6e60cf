from pathlib import Path

import numpy as np
import pytest
import torch

from protea.applications.interactions.protein_inputs import ProteinInputs, ProteinInputsConfig
from protea.errors import InputError
from protea.protein.batch import pack
from protea.protein.record import protein_from_sequence
from tests.datasets.made_embeddings import write_embeddings

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


def test_a_digest_tells_what_is_read_and_nothing_else(tmp_path: Path) -> None:
    batch = pack([protein_from_sequence(f"p{row}", one) for row, one in enumerate(SEQUENCES)])
    write_embeddings(tmp_path / "first", batch)
    write_embeddings(tmp_path / "again", batch)
    write_embeddings(tmp_path / "other", batch, weights="v")
    reading = ProteinInputsConfig(residues="embedding")

    def digest(folder: str, config: ProteinInputsConfig = reading, sequences: tuple[str, ...] = SEQUENCES) -> str:
        return ProteinInputs(config, sequences, tmp_path / folder, reads_residues=True).digest()

    assert digest("first") == digest("again") != digest("other")
    assert digest("first", sequences=SEQUENCES[::-1]) != digest("first")
    assert digest("first", ProteinInputsConfig()) == digest("other", ProteinInputsConfig())  # types alone are read
