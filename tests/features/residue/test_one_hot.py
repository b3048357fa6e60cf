"""Every letter has its own column, in the order of the alphabet asked for."""

import pytest
import torch

from protea.features.residue.one_hot import one_hot
from protea.features.structure_view import StructureView
from protea.protein.alphabets import PROTEA, PROTEIN_WORKSHOP
from protea.protein.batch import pack
from protea.protein.record import protein_from_sequence


@pytest.mark.parametrize(("alphabet", "letters"), [("protea", PROTEA.letters), ("published", PROTEIN_WORKSHOP.letters)])
def test_the_column_is_the_place_of_the_letter(alphabet: str, letters: str) -> None:
    sequence = "ACDEFGHIKLMNPQRSTVWYX"
    feature = one_hot(alphabet)
    columns = feature.compute(StructureView(pack([protein_from_sequence("p", sequence)])))
    assert columns.shape == (21, feature.dim) == (21, len(letters))
    assert columns.argmax(1).tolist() == [letters.index(letter) for letter in sequence]
    assert torch.equal(columns.sum(1), torch.ones(21))
    assert columns.max() == 1


def test_published_columns_are_alphabetical_with_b_j_and_x() -> None:
    assert one_hot("published").dim == 23
    assert PROTEIN_WORKSHOP.letters == "ABCDEFGHIJKLMNPQRSTVWXY"


def test_it_reveals_the_residue_type() -> None:
    assert one_hot("protea").reveals == {"residue_type"}
    assert one_hot("protea") is one_hot("protea")
