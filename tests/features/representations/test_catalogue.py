"""Every representation has its name, a CA, and one type per place."""

from typing import get_args

import pytest
import torch

from protea.features.representations.catalogue import REPRESENTATIONS, RepresentationName
from protea.features.structure_view import StructureView
from tests.features.proteins import CA, random_proteins

NAMES = sorted(REPRESENTATIONS)


def test_every_name_but_that_of_the_residue_itself_has_its_representation() -> None:
    assert set(get_args(RepresentationName)) == {"ca", *REPRESENTATIONS}
    assert all(item.name == name for name, item in REPRESENTATIONS.items())


@pytest.mark.parametrize("name", NAMES)
def test_the_ca_stands_in_its_place(name: str, dtype: torch.dtype) -> None:
    representation = REPRESENTATIONS[name]
    dense = random_proteins(6, 3, dtype=dtype).without((2, CA))
    position, has_node = representation.place(StructureView(dense.batch()))
    assert has_node.shape == (9, representation.dim)
    column = representation.types.index("CA")
    assert torch.equal(has_node[:, column], dense.is_resolved[:, CA])
    assert torch.equal(position[:, column], dense.position[:, CA] * dense.is_resolved[:, CA, None])
    assert position.dtype == dtype


@pytest.mark.parametrize("name", NAMES)
def test_side_chains_and_backbone_dihedrals_are_declared_where_they_show(name: str) -> None:
    reveals = REPRESENTATIONS[name].reveals
    assert ("side_chain" in reveals) == (name != "backbone")
    # N, CA and C give phi and psi; the CA and the side chain do not.
    assert ("backbone_dihedrals" in reveals) == (name != "ca_side_chain")
