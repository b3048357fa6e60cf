"""N, CA, C, O of every residue."""

import torch

from protea.features.representations.backbone import BACKBONE
from protea.features.structure_view import StructureView
from protea.protein.chemistry import ATOM_CODE
from tests.features.proteins import random_proteins

CODES = [ATOM_CODE[name] for name in ("N", "CA", "C", "O")]


def test_the_four_atoms_in_their_order() -> None:
    dense = random_proteins(5).without((1, ATOM_CODE["O"]), (3, ATOM_CODE["N"]))
    position, has_node = BACKBONE.place(StructureView(dense.batch()))
    assert BACKBONE.types == ("N", "CA", "C", "O")
    assert torch.equal(has_node, dense.is_resolved[:, CODES])
    assert torch.equal(position[has_node], dense.position[:, CODES][has_node])
    assert int((~has_node).sum()) == 2
