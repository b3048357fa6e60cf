"""Every resolved heavy atom, in one order whatever the order of the file."""

import torch

from protea.features.edges.catalogue import KNearest
from protea.features.representations.full_atom import FULL_ATOM
from protea.features.schemes import SchemeConfig
from protea.features.structure_view import StructureView
from protea.protein.chemistry import ATOM37
from tests.features.proteins import random_proteins


def test_every_resolved_atom_has_its_place() -> None:
    dense = random_proteins(7).without((2, 3), (2, 4))
    position, has_node = FULL_ATOM.place(StructureView(dense.batch()))
    assert FULL_ATOM.types == ATOM37
    assert torch.equal(has_node, dense.is_resolved)
    assert torch.equal(position[has_node], dense.position[has_node])


def test_the_order_of_atoms_in_the_file_is_of_no_account() -> None:
    batch = random_proteins(6).batch()
    ptr = batch.atom_ptr.tolist()
    order = torch.cat([torch.arange(ptr[row], ptr[row + 1]).flip(0) for row in range(6)])
    turned = batch.replace(atom_code=batch.atom_code[order], atom_position=batch.atom_position[order])
    scheme = SchemeConfig(representation="full_atom").build()
    first, second = (scheme(one, KNearest(k=4)).nodes.inputs for one in (batch, turned))
    assert torch.equal(first.position, second.position)
    assert torch.equal(first.scalar, second.scalar)
