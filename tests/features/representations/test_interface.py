"""The nodes of a batch: which, in which order, with which features, edges and residues."""

import pytest
import torch

from protea.features.edge_features.sequence_distance import sequence_distance
from protea.features.edges.catalogue import Joined, KNearest, Radius, Sequential, SevenRelations
from protea.features.hidden_edges import hide_groups
from protea.features.interface import FeaturisedBatch, Nodes, edge_index_of
from protea.features.representations.catalogue import REPRESENTATIONS
from protea.features.schemes import SchemeConfig
from protea.features.structure_view import StructureView
from protea.protein.batch import pack
from protea.protein.chemistry import ATOM_CODE
from protea.protein.record import protein_from_sequence
from tests.features.proteins import CA, C, Dense, N, random_proteins

NAMES = sorted(REPRESENTATIONS)
GRAPH = KNearest(k=4)


def featurise(name: str, dense: Dense, graph=GRAPH, kind: str = "ca_bb") -> FeaturisedBatch:  # type: ignore[no-untyped-def]
    return SchemeConfig(kind=kind, representation=name, orientation=True).build()(dense.batch(), graph)


def nodes_of(name: str, dense: Dense, graph=GRAPH) -> Nodes:  # type: ignore[no-untyped-def]
    nodes = featurise(name, dense, graph).nodes
    assert nodes is not None
    return nodes


@pytest.mark.parametrize("name", NAMES)
def test_there_is_a_node_for_each_place_that_is_filled(name: str) -> None:
    dense = random_proteins(8, 1, 5).without((2, CA), (3, N), (3, CA), (3, C), (3, ATOM_CODE["O"]))
    representation = REPRESENTATIONS[name]
    position, has_node = representation.place(StructureView(dense.batch()))
    nodes = nodes_of(name, dense)
    expected = [(row, column) for row in range(14) for column in range(representation.dim) if has_node[row, column]]
    assert nodes.inputs.residue_of.tolist() == [row for row, _ in expected]
    assert nodes.inputs.scalar[:, -representation.dim :].argmax(1).tolist() == [column for _, column in expected]
    assert bool((nodes.inputs.scalar[:, -representation.dim :].sum(1) == 1).all())
    assert torch.equal(nodes.inputs.position, torch.stack([position[place] for place in expected]))
    assert bool(nodes.inputs.is_resolved.all())
    assert nodes.node_ptr.tolist() == [sum(row < bound for row, _ in expected) for bound in range(15)]
    assert nodes.inputs.residue_ptr.tolist() == [int(nodes.node_ptr[bound]) for bound in (0, 8, 9, 14)]


@pytest.mark.parametrize("name", NAMES)
def test_a_node_has_the_features_of_its_residue_and_its_type(name: str, dtype: torch.dtype) -> None:
    dense = random_proteins(8, 5, dtype=dtype)
    scheme = SchemeConfig(representation=name).build()
    residues = featurise(name, dense)
    inputs = residues.nodes.inputs
    assert torch.equal(inputs.scalar[:, : -REPRESENTATIONS[name].dim], residues.scalar[inputs.residue_of])
    assert torch.equal(inputs.vector, residues.vector[inputs.residue_of])
    assert torch.equal(inputs.chain_of, residues.chain_of[inputs.residue_of])
    assert inputs.scalar.shape[1] == scheme.dim == len(scheme.parity)
    assert inputs.scalar.dtype == inputs.position.dtype == dtype


@pytest.mark.parametrize("name", NAMES)
def test_the_ca_of_each_residue_is_found(name: str) -> None:
    dense = random_proteins(8, 5).without((4, CA), (6, N))
    residues = featurise(name, dense)
    has_ca = residues.is_resolved
    assert torch.equal(residues.nodes.inputs.position[residues.nodes.ca[has_ca]], residues.position[has_ca])
    assert has_ca.sum() == 12


def test_what_is_not_a_node_is_as_for_the_ca_alone() -> None:
    dense = random_proteins(8, 5)
    plain, residues = featurise("ca", dense), featurise("full_atom", dense)
    assert plain.nodes is None
    assert plain.residue_of is None
    assert torch.equal(residues.scalar, plain.scalar)
    assert torch.equal(residues.position, plain.position)
    assert torch.equal(residues.graph.edge_index(), plain.graph.edge_index())


@pytest.mark.parametrize("graph", [KNearest(k=3), Radius(radius=4.0)], ids=lambda graph: graph.kind)
def test_nodes_are_neighbours_in_space_within_their_protein(graph) -> None:  # type: ignore[no-untyped-def]
    inputs = nodes_of("backbone", random_proteins(6, 4), graph).inputs
    expected = graph.build(inputs.position, inputs.is_resolved, inputs.residue_ptr, inputs.chain_of)
    assert torch.equal(edge_index_of(inputs.graph), edge_index_of(expected))
    protein_of = (inputs.residue_of >= 6).long()
    source, target = edge_index_of(inputs.graph)
    assert torch.equal(protein_of[source], protein_of[target])


def test_offsets_in_sequence_count_residues() -> None:
    dense = random_proteins(5, 3).without((1, CA))
    graph = Joined(graphs=(Sequential(offsets=(1, 0)), Sequential(offsets=(-2,))))
    inputs = nodes_of("backbone", dense, graph).inputs
    residue_of = inputs.residue_of.tolist()
    protein_of = [row >= 5 for row in residue_of]
    for edges, offsets in zip(inputs.graph.relations, ((1, 0), (-2,)), strict=True):
        expected = [
            [source, target]
            for target in range(len(residue_of))
            for source in range(len(residue_of))
            if residue_of[target] - residue_of[source] in offsets and protein_of[source] == protein_of[target]
        ]
        assert edges.edge_index().T.tolist() == expected
        assert edges.edge_ptr.tolist() == [sum(t < row for _, t in expected) for row in range(len(residue_of) + 1)]
    distance = sequence_distance(inputs, inputs.graph.relations[1].edge_index())
    assert torch.equal(distance, torch.full_like(distance, -2))


def test_seven_relations_count_residues() -> None:
    inputs = nodes_of("ca_side_chain", random_proteins(12), SevenRelations(k=2, radius=30.0, min_offset=3)).inputs
    for edges, step in zip(inputs.graph.relations, (-2, -1, 0, 1, 2), strict=False):
        assert torch.equal(sequence_distance(inputs, edges.edge_index()), torch.full_like(edges.source, step))
    far = sequence_distance(inputs, inputs.graph.relations[6].edge_index())
    assert int(far.abs().min()) == 3


def test_edge_features_are_those_of_the_nodes() -> None:
    config = SchemeConfig(kind="all_equivariant_ca", representation="backbone")
    scheme = config.build()
    residues = scheme(random_proteins(6, 2).batch(), config.published_graph())
    inputs = residues.nodes.inputs
    source, target = edge_index_of(inputs.graph)
    assert inputs.edge_scalar.shape == (len(source), scheme.edge_dim) == (len(source), 3 + 2 * scheme.dim)
    arm = inputs.position[source] - inputs.position[target]
    torch.testing.assert_close(inputs.edge_scalar[:, 0], arm.norm(dim=1))
    assert torch.equal(inputs.edge_scalar[:, -1], (inputs.residue_of[target] - inputs.residue_of[source]).double())
    torch.testing.assert_close(inputs.edge_vector[:, 0], arm / arm.norm(dim=1, keepdim=True))
    assert residues.edge_scalar is None


@pytest.mark.parametrize("graph", [KNearest(k=9), Radius(radius=9.0), SevenRelations()], ids=lambda graph: graph.kind)
def test_what_is_hidden_between_residues_is_hidden_between_their_nodes(graph) -> None:  # type: ignore[no-untyped-def]
    batch = random_proteins(8, 3).batch()
    scheme = SchemeConfig(representation="backbone").build()
    member = torch.arange(11)[:, None].clone()
    member[3] = 4

    def ends(inputs: FeaturisedBatch) -> list[tuple[int, int]]:
        return [tuple(pair) for pair in inputs.residue_of[edge_index_of(inputs.graph)].T.tolist()]

    before = ends(scheme(batch, graph).nodes.inputs)
    after = ends(scheme(hide_groups(batch, "test", member), graph).nodes.inputs)
    assert {(3, 4), (4, 3)} <= set(before)
    assert sorted(after) == sorted(pair for pair in before if pair not in {(3, 4), (4, 3)})


@pytest.mark.parametrize("name", NAMES)
def test_a_sequence_without_atoms_has_no_node(name: str) -> None:
    batch = pack([protein_from_sequence("a", "ACD"), protein_from_sequence("b", "W")])
    nodes = SchemeConfig(representation=name).build()(batch, GRAPH).nodes
    assert nodes.inputs.scalar.shape[0] == 0
    assert nodes.node_ptr.tolist() == [0] * 5
    assert edge_index_of(nodes.inputs.graph).shape == (2, 0)
