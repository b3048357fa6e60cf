"""The union of graph configurations: `kind` picks, wrong names and keys are refused, every graph obeys one law."""

import pytest
import torch
from pydantic import TypeAdapter, ValidationError

from protea.features.edges.catalogue import GRAPHS, GraphConfig, PredictedContacts
from protea.features.interface import edge_index_of
from tests.features.proteins import CA, Dense, random_proteins

ADAPTER = TypeAdapter(GraphConfig)
OF_POSITIONS = [graph for graph in GRAPHS if graph is not PredictedContacts]


def edges_of(graph_class, dense: Dense) -> torch.Tensor:
    place = (dense.position[:, CA], dense.is_resolved[:, CA], dense.residue_ptr, dense.chain_of)
    return edge_index_of(graph_class().build(*place))


@pytest.mark.parametrize("graph", GRAPHS, ids=lambda graph: graph.__name__)
def test_a_kind_picks_its_class_and_survives_a_round_trip(graph) -> None:
    kind = graph().kind
    assert ADAPTER.validate_python({"kind": kind}) == graph()
    assert ADAPTER.validate_json(ADAPTER.dump_json(graph())) == graph()


def test_every_member_of_the_union_is_listed() -> None:
    kinds = ADAPTER.json_schema()["discriminator"]["mapping"]
    assert set(kinds) == {graph().kind for graph in GRAPHS}


@pytest.mark.parametrize("wrong", [{"kind": "nearest"}, {"kind": "k_nearest", "radius": 3.0}, {"k": 3}])
def test_wrong_names_are_refused(wrong: dict) -> None:
    with pytest.raises(ValidationError, match=r"k_nearest|kind|Extra"):
        ADAPTER.validate_python(wrong)


@pytest.mark.parametrize("graph", OF_POSITIONS, ids=lambda graph: graph.__name__)
def test_unresolved_residues_have_no_edge_and_are_not_read(graph) -> None:
    dense = random_proteins(9, 5).without((2, CA), (12, CA))
    hidden = dense.position.clone()
    hidden[[2, 12], CA] = torch.nan
    edges = edges_of(graph, dense.with_position(hidden))
    assert torch.equal(edges, edges_of(graph, dense))
    assert not set(edges.flatten().tolist()) & {2, 12}


@pytest.mark.parametrize("graph", OF_POSITIONS, ids=lambda graph: graph.__name__)
def test_a_pack_has_the_edges_of_its_members(graph) -> None:
    dense = random_proteins(9, 1, 2, 14)
    alone = [edges_of(graph, dense.one(protein)) + dense.residue_ptr[protein] for protein in range(4)]
    ours = sorted(edges_of(graph, dense).T.tolist())
    assert ours == sorted(torch.cat(alone, dim=1).T.tolist())
