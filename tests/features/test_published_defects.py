"""Each defect that was found in ProteinWorkshop's features, one test each: Protea does not have it.

Where it is cheap, the wrong computation stands beside the right one, so that the test is seen to tell them apart.
"""

import math
from pathlib import Path

import numpy as np
import pytest
import torch

from protea.errors import LeakError
from protea.features.edge_features.edge_type import EDGE_TYPE
from protea.features.edges.catalogue import GRAPHS, Joined, KNearest, PredictedContacts, Radius, SevenRelations
from protea.features.edges.published_names import published_graph
from protea.features.interface import FeaturisedBatch, edge_index_of
from protea.features.representations.catalogue import REPRESENTATIONS
from protea.features.residue.backbone_dihedrals import backbone_dihedrals
from protea.features.residue.ca_frame import ca_frames
from protea.features.schemes import SCHEME_KINDS, SchemeConfig
from protea.features.structure_view import StructureView
from protea.geometry.pnerf import rebuild_chain
from protea.geometry.torsions import dihedral
from protea.protein.alphabets import STANDARD_LETTERS
from protea.protein.chemistry import ATOM37, ATOM_CODE
from protea.protein.converters.dense import batch_from_atom37
from tests.features.proteins import CA, C, Dense, N, angles_of, ca_trace, is_written, random_proteins
from tests.features.test_golden import featurised, golden_batch, sorted_edges

FILL_VALUE = 1e-5
OF_POSITIONS = [graph for graph in GRAPHS if graph is not PredictedContacts]
"""What the reference writes for a missing atom and computes with."""


def featurise(dense: Dense, kind: str = "ca_sc", **settings: object) -> FeaturisedBatch:
    config = SchemeConfig.model_validate({"kind": kind, "orientation": True, **settings})
    return config.build()(dense.batch(), KNearest(k=4))


@pytest.mark.parametrize("lengths", [(9, 9, 9), (12, 5, 8)])
def test_a_batch_of_exactly_three_proteins_has_the_angles_of_each_alone(lengths: tuple[int, ...]) -> None:
    # The published cross product names no axis and takes the batch axis where that has three entries.
    dense = random_proteins(*lengths)
    together = featurise(dense).scalar
    alone = torch.cat([featurise(dense.one(protein)).scalar for protein in range(3)])
    torch.testing.assert_close(together, alone, atol=1e-12, rtol=0)


def test_three_real_chains_are_not_what_the_reference_makes_of_three(shared_goldens: Path) -> None:
    folder = shared_goldens / "features" / "ca_bb"
    target = dict(np.load(folder / "outputs.npz"))
    ours = featurised(folder, "ca_bb").scalar.numpy()
    assert np.abs(ours - target["x_single"]).max() < 2e-4
    assert np.abs(ours - target["x_batched_of_3"]).max() > 1.0


@pytest.mark.parametrize("angles", ["masked", "published"])
def test_the_last_residues_of_a_shorter_chain_use_no_padding_as_an_atom(angles: str) -> None:
    dense = random_proteins(6, 15)
    far = dense.with_position(dense.position + 300.0)
    first, moved, alone = (featurise(one, undefined_angles=angles).scalar[:6] for one in (dense, far, dense.one(0)))
    torch.testing.assert_close(first, moved, atol=1e-9, rtol=0)
    torch.testing.assert_close(first, alone, atol=1e-12, rtol=0)
    # Alpha and kappa of the last two residues, psi and omega of the last, have no atoms to come from.
    angle = angles_of(first[:, 37:])
    assert torch.equal(angle[4:, :2], torch.zeros(2, 2, dtype=torch.float64))
    assert torch.equal(angle[5, 3:5], torch.zeros(2, dtype=torch.float64))


def test_atoms_are_found_by_name_in_any_order_of_37() -> None:
    dense = random_proteins(8)
    order = np.random.default_rng(0).permutation(37)
    names = tuple(ATOM37[code] for code in order)
    arrays = (dense.residue_type.numpy(), dense.residue_ptr.numpy(), names)
    other = batch_from_atom37(dense.position[:, order].numpy(), dense.is_resolved[:, order].numpy(), *arrays)
    scheme = SchemeConfig(kind="ca_sc").build()
    assert torch.equal(scheme(other, KNearest()).scalar, featurise(dense).scalar)
    # The reference's own order is another than AlphaFold's: read by place, chi angles would come from other atoms.
    by_place = batch_from_atom37(
        dense.position[:, order].numpy(), dense.is_resolved[:, order].numpy(), *arrays[:2], ATOM37
    )
    assert not torch.equal(scheme(by_place, KNearest()).scalar, featurise(dense).scalar)


def test_omega_belongs_to_the_bond_to_the_next_residue() -> None:
    dense = random_proteins(7)
    angle, is_defined = backbone_dihedrals(StructureView(dense.batch()))
    atoms = dense.position
    of_next = dihedral(atoms[:-1, CA], atoms[:-1, C], atoms[1:, N], atoms[1:, CA])
    torch.testing.assert_close(angle[2, :-1], of_next)
    assert is_defined[2].tolist() == [True] * 6 + [False]
    # AlphaFold's omega, of the bond from the residue before, stands one row further down.
    assert float((angle[2, 1:-1] - of_next[:-1]).abs().max()) > 0.01


@pytest.mark.parametrize("angles", ["masked", "published"])
def test_chi_with_a_missing_atom_is_not_computed_from_a_fill_value(angles: str) -> None:
    dense = random_proteins(20)
    lysine = Dense(
        dense.position,
        torch.ones_like(dense.is_resolved),
        torch.full((20,), STANDARD_LETTERS.index("K")),
        dense.residue_ptr,
        dense.chain_of,
        dense.torsion,
    )
    lost = lysine.without(*((row, ATOM_CODE["CD"]) for row in range(20)))
    filled = lost.position.clone()
    filled[:, ATOM_CODE["CD"]] = FILL_VALUE
    scalar = featurise(lost.with_position(filled), undefined_angles=angles).scalar[:, -8:]
    whole = featurise(lysine, undefined_angles=angles).scalar[:, -8:]
    assert torch.equal(scalar[:, :2], whole[:, :2])
    nothing = torch.tensor([1.0 if angles == "published" else 0.0, 0.0], dtype=torch.float64)
    assert torch.equal(scalar[:, 2:], nothing.repeat(20, 3))
    assert bool(is_written(whole).all())


def test_an_atom_that_lies_at_the_fill_value_or_the_origin_is_there() -> None:
    for place in (0.0, FILL_VALUE):
        dense = random_proteins(6)
        dense = dense.with_position(dense.position - dense.position[3, CA] + place)
        inputs = featurise(dense, representation="full_atom")
        assert bool(inputs.is_resolved.all())
        assert len(inputs.nodes.inputs.position) == int(dense.is_resolved.sum())
        assert bool((edge_index_of(inputs.graph) == 3).any())


def test_an_undefined_angle_is_not_zero_degrees() -> None:
    # Four CA in a plane: a dihedral of 0, beside ends where there is none. The published columns are (1, 0) for both.
    arc = torch.arange(6, dtype=torch.float64) * math.radians(40.0)
    trace = ca_trace(5.5 * torch.stack([arc.cos(), arc.sin(), torch.zeros_like(arc)], dim=1))
    columns = featurise(trace, "ca_angles").scalar[:, 37:39]
    assert is_written(columns)[:, 0].tolist() == [False, True, True, True, False, False]
    torch.testing.assert_close(columns[1:4, 0], torch.ones(3, dtype=torch.float64))
    published = featurise(trace, "ca_angles", undefined_angles="published").scalar[:, 37:39]
    torch.testing.assert_close(published, torch.tensor([1.0, 0.0]).double().repeat(6, 1), atol=1e-7, rtol=0)


def test_no_angle_spans_a_break_in_the_chain() -> None:
    dense = random_proteins(12)
    cut = featurise(dense.cut_before(6)).scalar
    defined = is_written(cut[:, 37:47])
    assert (~defined[:, 3]).nonzero()[:, 0].tolist() == [5, 11]
    assert (~defined[:, 0]).nonzero()[:, 0].tolist() == [0, 4, 5, 6, 10, 11]


def test_residues_without_a_ca_keep_their_rows_so_that_labels_stay_with_them() -> None:
    dense = random_proteins(7, 4).without((2, CA), (9, CA))
    inputs = featurise(dense)
    assert len(inputs.scalar) == len(inputs.position) == 11
    assert inputs.residue_ptr.tolist() == [0, 7, 11]
    assert (~inputs.is_resolved).nonzero()[:, 0].tolist() == [2, 9]


def test_the_published_one_hot_has_23_columns_not_21() -> None:
    dense = random_proteins(20)
    batch = dense.batch().replace(residue_type=torch.arange(20))
    scalar = SchemeConfig(kind="ca_base", alphabet="published").build()(batch, KNearest()).scalar
    letters = "ABCDEFGHIJKLMNPQRSTVWXY"
    assert scalar.shape == (20, 23)
    assert "".join(letters[column] for column in scalar.argmax(1).tolist()) == STANDARD_LETTERS


def test_the_length_of_the_bond_n_ca_is_that_of_its_own_residue() -> None:
    dense = random_proteins(6)
    length = torch.tensor([1.458, 1.525, 1.329], dtype=torch.float64).repeat(6, 1)
    length[:, 0] += 0.05 * torch.arange(6)
    angle = torch.full((6, 3), math.radians(115.0), dtype=torch.float64)
    backbone = rebuild_chain(length, angle, dense.torsion, dense.residue_ptr)
    torch.testing.assert_close((backbone[:, 1] - backbone[:, 0]).norm(dim=1), length[:, 0])


def test_frames_do_not_cross_the_border_of_a_chain() -> None:
    dense = random_proteins(10)
    position, is_resolved = dense.position[:, CA], dense.is_resolved[:, CA]
    chain_of = (torch.arange(10) >= 5).long()
    other = position.clone()
    other[5:] += torch.tensor([3.0, -1.0, 2.0])
    before, after = (
        ca_frames(place, is_resolved, dense.residue_ptr, chain_of).frames.rotation for place in (position, other)
    )
    torch.testing.assert_close(before[:5], after[:5], atol=1e-12, rtol=0)
    torch.testing.assert_close(before[5:], after[5:], atol=1e-9, rtol=0)


def test_the_radius_is_strict() -> None:
    line = ca_trace(torch.tensor([[0.0, 0, 0], [8.0, 0, 0], [15.99, 0, 0]], dtype=torch.float64))
    place = (line.position[:, CA], line.is_resolved[:, CA], line.residue_ptr, line.chain_of)
    assert published_graph("eps_8").build(*place).edge_index().T.tolist() == [[2, 1], [1, 2]]


def test_above_32_neighbours_the_nearest_are_kept() -> None:
    random = np.random.default_rng(0)
    cloud = ca_trace(torch.from_numpy(random.uniform(-4, 4, size=(60, 3))))
    place = (cloud.position[:, CA], cloud.is_resolved[:, CA], cloud.residue_ptr, cloud.chain_of)
    graph = published_graph("eps_8").build(*place)
    distance = torch.cdist(place[0], place[0]).fill_diagonal_(torch.inf)
    degree = (distance < 8.0).sum(1)
    assert int((degree > 32).sum()) > 20
    for row in range(60):
        sources = graph.source[graph.edge_ptr[row] : graph.edge_ptr[row + 1]].tolist()
        nearest = distance[row].argsort()[: min(int(degree[row]), 32)].tolist()
        assert sorted(sources) == sorted(nearest)


@pytest.mark.parametrize("way", ["seq_forward", "seq_backward"])
def test_sequence_edges_do_not_join_proteins_of_a_batch(way: str) -> None:
    # The published mask clears other rows: sizes 5, 4, 6 gave two edges from one protein to the next.
    dense = random_proteins(5, 4, 6)
    place = (dense.position[:, CA], dense.is_resolved[:, CA], dense.residue_ptr, dense.chain_of)
    edges = published_graph(way).build(*place).edge_index()
    pairs = [[row, row + 1] for row in range(14) if row not in (4, 8)]
    assert edges.T.tolist() == (pairs if way == "seq_forward" else [pair[::-1] for pair in pairs])


@pytest.mark.parametrize("graph", OF_POSITIONS, ids=lambda graph: graph.__name__)
def test_featurising_changes_no_input_and_repeats_itself(graph) -> None:  # type: ignore[no-untyped-def]
    # The published GearNet writes its own edges into the batch: a second pass over it fails.
    batch = random_proteins(9, 4).batch()
    kept = batch.atom_position.clone()
    scheme = SchemeConfig(kind="all_equivariant_ca").build()
    first, second = scheme(batch, graph()), scheme(batch, graph())
    assert torch.equal(batch.atom_position, kept)
    for name in ("scalar", "position", "vector", "edge_scalar", "edge_vector"):
        assert torch.equal(getattr(first, name), getattr(second, name)), name
    assert torch.equal(edge_index_of(first.graph), edge_index_of(second.graph))


def test_gearnet_has_the_seven_relations_of_its_paper() -> None:
    graph = SchemeConfig().build()(random_proteins(30).batch(), SevenRelations()).graph
    assert len(graph.relations) == 7
    assert all(len(edges.source) for edges in graph.relations)


def test_typed_edges_of_the_reference_are_joined_in_its_order(shared_goldens: Path) -> None:
    folder = shared_goldens / "features" / "ca_bb"
    target = dict(np.load(folder / "outputs.npz"))
    inputs = SchemeConfig().build()(golden_batch(folder), Joined(graphs=(KNearest(k=16), Radius(radius=8.0))))
    edge_index = edge_index_of(inputs.graph)
    number = EDGE_TYPE.compute(inputs, edge_index)[:, 0]
    for kind, name in enumerate(("knn16_edge_index", "eps8_edge_index")):
        ours = edge_index[:, number == kind].numpy()
        assert np.array_equal(sorted_edges(ours), sorted_edges(target[name]))


@pytest.mark.parametrize("kind", [kind for kind in SCHEME_KINDS if kind in ("ca_sc", "all_invariant_ca")])
def test_chi_angles_are_refused_where_the_residue_type_is_asked_for(kind: str) -> None:
    scheme = SchemeConfig(kind=kind).build()
    with pytest.raises(LeakError, match="side_chain_torsions"):
        scheme.refuse(frozenset({"side_chain"}))


@pytest.mark.parametrize("name", REPRESENTATIONS)
def test_a_missing_atom_has_no_node_at_its_fill_value(name: str) -> None:
    dense = random_proteins(8).without(*((row, code) for row in (2, 5) for code in range(3, 37)))
    position = (dense.position + 50.0).masked_fill(~dense.is_resolved[..., None], FILL_VALUE)
    inputs = featurise(dense.with_position(position), representation=name).nodes.inputs
    assert float(inputs.position.norm(dim=1).min()) > 20.0
    per_residue = torch.bincount(inputs.residue_of, minlength=8)
    assert int(per_residue[2]) == int(per_residue[5]) == (1 if name == "ca_side_chain" else 3)


@pytest.mark.parametrize(
    ("name", "others"), [("ca_side_chain", ("CA",)), ("backbone_side_chain", ("N", "CA", "C", "O"))]
)
def test_the_node_of_a_side_chain_is_its_centroid(name: str, others: tuple[str, ...]) -> None:
    # The published code averages over all 33 places, fill values included, and drops the result of `BB_SC` again.
    dense = random_proteins(10)
    inputs = featurise(dense, representation=name).nodes.inputs
    is_side_chain = inputs.scalar[:, -1] == 1
    beyond = dense.is_resolved.clone()
    beyond[:, [ATOM_CODE[atom] for atom in ("N", "CA", "C", "O")]] = False
    rows = beyond.any(1).nonzero()[:, 0]
    assert inputs.residue_of[is_side_chain].tolist() == rows.tolist()
    expected = torch.stack([dense.position[row, beyond[row]].mean(0) for row in rows.tolist()])
    torch.testing.assert_close(inputs.position[is_side_chain], expected)
    assert int((~is_side_chain).sum()) == 10 * len(others)
