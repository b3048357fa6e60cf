"""The k-nearest graph as one relation."""

from protea.features.edges.k_nearest import KNearest
from protea.features.edges.one_relation import OneRelation
from tests.features.proteins import CA, random_proteins


def test_it_holds_the_edges_of_the_k_nearest_table() -> None:
    dense = random_proteins(9, 4)
    place = (dense.position[:, CA], dense.is_resolved[:, CA], dense.residue_ptr, dense.chain_of)
    graph = OneRelation(k=5).build(*place)
    table = KNearest(k=5).build(*place)
    assert graph.names == ("5 nearest",)
    (edges,) = graph.relations
    assert sorted(edges.edge_index().T.tolist()) == sorted(table.edge_index().T.tolist())
