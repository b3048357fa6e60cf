"""Edges of predicted contacts: worked by hand, packed, and read by encoders that need no position."""

from pathlib import Path

import numpy as np
import pytest
import torch
from pydantic import ValidationError

from protea.encoders.catalogue import parse_encoder
from protea.encoders.relational_edges import num_relations
from protea.errors import ContractError, LeakError
from protea.features.edges.predicted_contacts import ContactsConfig, PredictedContacts
from protea.features.interface import FeaturisedBatch, RelationEdges, edge_index_of
from protea.features.schemes import SchemeConfig
from protea.geometry.neighbours import SegmentedEdges
from protea.protein.batch import ProteinBatch
from tests.datasets.made_contacts import made_map, sequences, write_contacts

CONTACTS_ALONE = PredictedContacts(sequential_offsets=(), most_per_residue=None, least_probability=0.5)


def joined(folder: Path, *lengths: int) -> ProteinBatch:
    batch = sequences(*lengths)
    if not (folder / "manifest.json").exists():
        write_contacts(folder, batch)
    return ContactsConfig(folder=folder).open().join(batch)


def pairs_of(edges: SegmentedEdges | RelationEdges) -> set[tuple[int, int]]:
    return {(source, target) for source, target in edge_index_of(edges).T.tolist()}


def expected_pairs(length: int, least: float, first: int = 0) -> set[tuple[int, int]]:
    probability = made_map(length)
    return {
        (first + i, first + j)
        for i, j in zip(*np.nonzero(probability >= least), strict=True)
        if abs(int(i) - int(j)) >= 6
    }


def test_contacts_are_the_pairs_above_the_threshold_in_both_directions(tmp_path: Path) -> None:
    graph = CONTACTS_ALONE.of_batch(joined(tmp_path, 9, 5, 20))
    assert pairs_of(graph) == expected_pairs(9, 0.5) | expected_pairs(20, 0.5, 14)
    assert isinstance(graph, SegmentedEdges)
    assert torch.equal(graph.distance, torch.zeros(len(graph.source)))
    assert torch.equal(graph.target, graph.target.sort().values)


@pytest.mark.parametrize("share", [0.2, 0.5])
def test_the_likeliest_of_each_protein_are_kept(tmp_path: Path, share: float) -> None:
    graph = CONTACTS_ALONE.model_copy(update={"most_per_residue": share, "least_probability": 0.0})
    found = pairs_of(graph.of_batch(joined(tmp_path, 20, 15)))
    for length, first in ((20, 0), (15, 20)):
        own = {pair for pair in found if first <= pair[0] < first + length}
        ranked = sorted(expected_pairs(length, 0.0), key=lambda pair: -made_map(length)[pair])
        most = 2 * round(share * length)
        assert own == {(first + i, first + j) for i, j in ranked[:most]}


def test_a_pack_has_the_edges_of_its_members_and_chains_keep_their_neighbours(tmp_path: Path) -> None:
    batch = joined(tmp_path, 9, 20)
    graph = PredictedContacts(least_probability=0.5)
    alone = [edge_index_of(graph.of_batch(batch.select([row]))) + shift for row, shift in ((0, 0), (1, 9))]
    assert pairs_of(graph.of_batch(batch)) == {tuple(pair) for pair in torch.cat(alone, dim=1).T.tolist()}
    chain = torch.zeros(29, dtype=torch.int64)
    chain[4:9] = 1
    cut = pairs_of(graph.of_batch(batch.replace(chain_of=chain)))
    assert {(3, 4), (2, 4), (4, 3)} & pairs_of(graph.of_batch(batch))
    assert not {(3, 4), (2, 4), (4, 3)} & cut


def test_types_are_the_offsets_and_the_contacts(tmp_path: Path) -> None:
    graph = PredictedContacts(is_typed=True, sequential_offsets=(1, -1), least_probability=0.5)
    found = graph.of_batch(joined(tmp_path, 9))
    assert isinstance(found, RelationEdges)
    assert found.names == ("offset +1", "offset -1", "predicted contact")
    assert num_relations(graph) == 3
    assert pairs_of(found.relations[0]) == {(i, i + 1) for i in range(8)}
    assert pairs_of(found.relations[2]) == expected_pairs(9, 0.5)


def featurised(folder: Path, graph: PredictedContacts, *lengths: int) -> tuple[FeaturisedBatch, int]:
    scheme = SchemeConfig(kind="sequence", contacts=ContactsConfig(folder=folder)).build()
    return scheme(joined(folder, *lengths), graph), scheme.dim


@pytest.mark.parametrize("kind", ["gcn", "gat", "gatv2", "graph_transformer", "gearnet"])
def test_encoders_that_need_edges_alone_read_sequences(tmp_path: Path, kind: str) -> None:
    graph = {"kind": "predicted_contacts", "is_typed": kind == "gearnet", "least_probability": 0.5}
    config = parse_encoder({"kind": kind, "graph": graph})
    torch.manual_seed(0)
    inputs, dim = featurised(tmp_path, config.graph, 9, 20)
    encoder = config.build(dim).eval()
    found = encoder(inputs).residue
    assert bool(found.isfinite().all())
    none = config.model_copy(update={"graph": config.graph.model_copy(update={"least_probability": 1.0})})
    without, _ = featurised(tmp_path, none.graph, 9, 20)
    assert float((found - encoder(without).residue).abs().max().detach()) > 1e-4  # the contacts are read


@pytest.mark.parametrize("kind", ["schnet", "egnn", "gearnet_edge", "gvp", "trans_fun"])
def test_encoders_that_read_positions_refuse(kind: str) -> None:
    with pytest.raises((ValidationError, ValueError), match="predicted contacts give none"):
        parse_encoder({"kind": kind, "graph": {"kind": "predicted_contacts"}})


def test_a_batch_without_contacts_and_nodes_of_atoms_are_refused(tmp_path: Path) -> None:
    with pytest.raises(ContractError, match="carries no predicted contacts"):
        PredictedContacts().of_batch(sequences(9))
    batch = sequences(9)
    place = torch.zeros(9, 3), torch.ones(9, dtype=torch.bool), batch.residue_ptr, batch.chain_of
    with pytest.raises(ContractError, match="not made of positions"):
        PredictedContacts().build(*place)


def test_an_objective_that_hides_residue_types_refuses_contacts(tmp_path: Path) -> None:
    scheme = SchemeConfig(kind="ca_base", without_residue_type=True)
    scheme.build().refuse(frozenset({"residue_type"}))
    knowing = scheme.model_copy(update={"contacts": ContactsConfig(folder=tmp_path)})
    with pytest.raises(LeakError, match="predicted contacts"):
        knowing.build().refuse(frozenset({"residue_type"}))


def test_settings_of_schemes_without_contacts_stay_as_they_were() -> None:
    assert "contacts" not in SchemeConfig().model_dump()
    assert "contacts" in SchemeConfig(contacts=ContactsConfig(folder=Path("x"))).model_dump()
