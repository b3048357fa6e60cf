"""The table of the k nearest, within each protein, between resolved residues."""

import pytest
import torch
from pydantic import ValidationError

from protea.features.edges.k_nearest import KNearest
from tests.features.proteins import CA, random_proteins


def test_against_all_distances() -> None:
    dense = random_proteins(12, 3).without((5, CA))
    ca, is_resolved = dense.position[:, CA], dense.is_resolved[:, CA]
    table = KNearest(k=4).build(ca, is_resolved, dense.residue_ptr, dense.chain_of)
    distance = torch.cdist(ca, ca)
    protein_of = torch.tensor([0] * 12 + [1] * 3)
    is_allowed = (protein_of[:, None] == protein_of) & is_resolved & is_resolved[:, None] & ~torch.eye(15).bool()
    for row in range(15):
        order = distance[row].masked_fill(~is_allowed[row], torch.inf).argsort()
        expected = order[: min(4, int(is_allowed[row].sum()))]
        assert table.neighbour[row, table.is_edge[row]].tolist() == expected.tolist()
        torch.testing.assert_close(table.distance[row, table.is_edge[row]], distance[row, expected])


@pytest.mark.parametrize("k", [0, -1, "many"])
def test_a_wrong_k_is_refused(k: object) -> None:
    with pytest.raises(ValidationError):
        KNearest(k=k)
