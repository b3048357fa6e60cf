"""All pairs within the radius, within each protein, between resolved residues."""

import pytest
import torch
from pydantic import ValidationError

from protea.features.edges.radius import Radius
from tests.features.proteins import CA, ca_trace, random_proteins


def test_against_all_distances() -> None:
    dense = random_proteins(12, 5).without((5, CA))
    ca, is_resolved = dense.position[:, CA], dense.is_resolved[:, CA]
    edges = Radius(radius=9.0).build(ca, is_resolved, dense.residue_ptr, dense.chain_of)
    protein_of = torch.tensor([0] * 12 + [1] * 5)
    is_edge = (protein_of[:, None] == protein_of) & is_resolved & is_resolved[:, None] & ~torch.eye(17).bool()
    is_edge &= torch.cdist(ca, ca) < 9.0
    assert edges.edge_index().flip(0).T.tolist() == is_edge.nonzero().tolist()


def test_the_radius_is_strict_and_the_cap_keeps_the_nearest() -> None:
    dense = ca_trace(torch.tensor([[0.0, 0, 0], [3.0, 0, 0], [5.0, 0, 0], [9.0, 0, 0]], dtype=torch.float64))
    place = (dense.position[:, CA], dense.is_resolved[:, CA], dense.residue_ptr, dense.chain_of)
    assert Radius(radius=5.0).build(*place).edge_index().T.tolist() == [[1, 0], [0, 1], [2, 1], [1, 2], [3, 2], [2, 3]]
    capped = Radius(radius=5.0, max_neighbours=1).build(*place)
    assert capped.edge_index().T.tolist() == [[1, 0], [2, 1], [1, 2], [2, 3]]


@pytest.mark.parametrize("wrong", [{"radius": 0.0}, {"radius": -1.0}, {"max_neighbours": 0}, {"cutoff": 5.0}])
def test_wrong_values_are_refused(wrong: dict[str, float]) -> None:
    with pytest.raises(ValidationError):
        Radius(**wrong)
