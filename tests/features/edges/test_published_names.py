"""The names of ProteinWorkshop's graphs."""

import pytest

from protea.errors import ConfigError
from protea.features.edges.joined import Joined
from protea.features.edges.k_nearest import KNearest
from protea.features.edges.published_names import published_graph
from protea.features.edges.radius import Radius
from protea.features.edges.sequential import Sequential
from tests.features.proteins import CA, random_proteins


@pytest.mark.parametrize(
    ("name", "graph"),
    [
        ("knn_16", KNearest(k=16)),
        ("eps_8", Radius(radius=8.0, max_neighbours=32)),
        ("eps_7.5", Radius(radius=7.5, max_neighbours=32)),
        ("seq_forward", Sequential(offsets=(1,))),
        ("seq_backward", Sequential(offsets=(-1,))),
    ],
)
def test_one_name_gives_its_graph(name: str, graph: object) -> None:
    assert published_graph(name) == graph


def test_several_names_give_typed_edges_in_their_order() -> None:
    graph = published_graph("seq_backward", "knn_2")
    assert graph == Joined(graphs=(Sequential(offsets=(-1,)), KNearest(k=2)), is_typed=True)
    dense = random_proteins(3)
    backward = graph.build(
        dense.position[:, CA], dense.is_resolved[:, CA], dense.residue_ptr, dense.chain_of
    ).relations[0]
    assert backward.edge_index().T.tolist() == [[1, 0], [2, 1]]


@pytest.mark.parametrize("name", ["knn", "knn_0", "knn_-1", "eps_0", "eps_", "seq", "knn_16 ", "delaunay"])
def test_other_names_are_refused(name: str) -> None:
    with pytest.raises(ConfigError, match="unknown graph; expected knn_k, eps_r"):
        published_graph("knn_4", name)


def test_no_name_is_refused() -> None:
    with pytest.raises(ConfigError, match="no graph is named"):
        published_graph()
