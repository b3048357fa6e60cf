"""The contract of every scheme: symmetry, packing, missing atoms, breaks, borders, leaks."""

import pickle

import pytest
import torch
from pydantic import ValidationError

from protea.errors import LeakError
from protea.features.edges.catalogue import GraphConfig, Joined, KNearest, Radius, Sequential
from protea.features.interface import FeaturisedBatch, edge_index_of
from protea.features.schemes import SCHEME_KINDS, Scheme, SchemeConfig
from protea.protein.batch import Extra, ProteinBatch, concat, pack
from protea.protein.record import protein_from_sequence
from tests.features.proteins import CA, Dense, N, random_proteins, random_rotation

ANGLES = ("masked", "published")
GRAPH = KNearest(k=4)


@pytest.fixture(params=[(kind, angles) for kind in SCHEME_KINDS for angles in ANGLES], ids="-".join)
def scheme(request: pytest.FixtureRequest) -> Scheme:
    kind, angles = request.param
    return SchemeConfig(kind=kind, undefined_angles=angles, orientation=True).build()


def without_atoms(batch: ProteinBatch) -> ProteinBatch:
    return pack([protein_from_sequence(id, "A" * int(n)) for id, n in zip(batch.ids, batch.lengths(), strict=True)])


def featurise(scheme: Scheme, dense: Dense) -> FeaturisedBatch:
    return scheme(dense.batch(), GRAPH)


def assert_close(ours: torch.Tensor, theirs: torch.Tensor, tolerance: float) -> None:
    torch.testing.assert_close(ours, theirs, atol=tolerance, rtol=0)


@pytest.mark.parametrize(
    ("kind", "names"),
    [
        ("ca_base", ["one_hot"]),
        ("ca_seq", ["positional_encoding", "one_hot"]),
        ("ca_angles", ["positional_encoding", "one_hot", "alpha", "kappa"]),
        ("ca_bb", ["positional_encoding", "one_hot", "alpha", "kappa", "backbone_dihedrals"]),
        (
            "ca_sc",
            ["positional_encoding", "one_hot", "alpha", "kappa", "backbone_dihedrals", "side_chain_torsions"],
        ),
        ("ca", ["one_hot"]),
        ("all_invariant_ca", ["one_hot", "backbone_dihedrals", "side_chain_torsions", "alpha", "kappa"]),
        ("all_equivariant_ca", ["one_hot"]),
        ("sequence", ["one_hot"]),
    ],
)
def test_features_stand_in_the_published_order(kind: str, names: list[str]) -> None:
    assert [feature.name for feature in SchemeConfig(kind=kind).build().features] == names


@pytest.mark.parametrize(("kind", "dim"), list(zip(SCHEME_KINDS, (23, 39, 43, 49, 57, 23, 41, 23, 23), strict=True)))
def test_width_with_the_published_alphabet(kind: str, dim: int) -> None:
    assert SchemeConfig(kind=kind, alphabet="published").build().dim == dim
    assert SchemeConfig(kind=kind).build().dim == dim - 2


def test_dim_and_dtype_are_those_of_the_columns(scheme: Scheme, dtype: torch.dtype) -> None:
    dense = random_proteins(7, 1, dtype=dtype)
    scalar = featurise(scheme, dense).scalar
    assert scalar.shape == (8, scheme.dim)
    assert len(scheme.parity) == scheme.dim
    assert scalar.dtype == dtype


def test_rotation_and_translation_change_nothing(scheme: Scheme, dtype: torch.dtype, tolerance: float) -> None:
    dense = random_proteins(30, 12, dtype=dtype)
    rotation = random_rotation(dtype)
    moved = featurise(scheme, dense.with_position(dense.position @ rotation.T + torch.tensor([5.0, -3.0, 2.0])))
    still = featurise(scheme, dense)
    assert_close(moved.scalar, still.scalar, tolerance)
    assert_close(moved.vector, still.vector @ rotation.T, tolerance)
    assert torch.equal(moved.graph.neighbour, still.graph.neighbour)


def test_a_mirror_negates_exactly_the_odd_columns(scheme: Scheme, dtype: torch.dtype, tolerance: float) -> None:
    dense = random_proteins(30, 12, dtype=dtype)
    mirror = torch.tensor([-1.0, 1.0, 1.0], dtype=dtype)
    mirrored = featurise(scheme, dense.with_position(dense.position * mirror))
    still = featurise(scheme, dense)
    parity = torch.tensor(scheme.parity, dtype=dtype)
    assert_close(mirrored.scalar, still.scalar * parity, tolerance)
    assert_close(mirrored.vector, still.vector * mirror, tolerance)
    # A column that is 0 throughout would pass with either sign.
    assert bool((still.scalar[:, parity < 0].abs().amax(0) > 0.1).all())


@pytest.mark.parametrize("lengths", [(20, 9, 14), (1, 13, 2, 1, 6), (5, 0, 3)])
def test_a_pack_has_the_features_of_its_members(scheme: Scheme, dtype: torch.dtype, lengths: tuple[int, ...]) -> None:
    dense = random_proteins(*lengths, dtype=dtype)
    together = featurise(scheme, dense)
    alone = [featurise(scheme, dense.one(protein)) for protein in range(dense.num_proteins)]
    tolerance = 1e-6 if dtype == torch.float32 else 1e-13
    assert_close(together.scalar, torch.cat([single.scalar for single in alone]), tolerance)
    assert_close(together.vector, torch.cat([single.vector for single in alone]), tolerance)
    shifted = [single.graph.edge_index() + dense.residue_ptr[row] for row, single in enumerate(alone)]
    assert torch.equal(together.graph.edge_index(), torch.cat(shifted, dim=1))


def test_hidden_coordinates_are_never_read(scheme: Scheme, dtype: torch.dtype) -> None:
    dense = random_proteins(15, 8, dtype=dtype).without((3, CA), (9, N), (16, CA))
    hidden = dense.position.masked_fill(~dense.is_resolved[..., None], torch.nan)
    ours, theirs = featurise(scheme, dense), featurise(scheme, dense.with_position(hidden))
    assert torch.equal(ours.scalar, theirs.scalar)
    assert torch.equal(ours.position, theirs.position)
    assert torch.equal(ours.graph.edge_index(), theirs.graph.edge_index())


def test_rows_far_from_a_missing_atom_keep_their_features(scheme: Scheme) -> None:
    dense = random_proteins(20)
    whole, damaged = featurise(scheme, dense).scalar, featurise(scheme, dense.without((8, CA), (8, N))).scalar
    is_far = (torch.arange(20) - 8).abs() > 2
    assert torch.equal(whole[is_far], damaged[is_far])
    assert not bool(featurise(scheme, dense.without((8, CA))).graph.edge_index().eq(8).any())


def test_a_break_in_space_separates_only_when_masked(scheme: Scheme) -> None:
    dense = random_proteins(20)
    cut = featurise(scheme, dense.cut_before(9)).scalar
    apart = torch.cat([featurise(scheme, _rows(dense, 0, 9)).scalar, featurise(scheme, _rows(dense, 9, 20)).scalar])
    # The positional encoding counts on over a break: it is the only feature that does.
    columns = slice(16 if scheme.features[0].name == "positional_encoding" else 0, None)
    has_angles = len(scheme.features) > 2
    difference = (cut - apart)[:, columns].abs().max()
    if scheme.undefined_angles == "masked" or not has_angles:
        assert difference < 1e-10
    else:
        assert difference > 0.1


def _rows(dense: Dense, first: int, last: int) -> Dense:
    split = Dense(
        dense.position,
        dense.is_resolved,
        dense.residue_type,
        torch.tensor([0, first, last, len(dense.position)]),
        dense.chain_of,
        dense.torsion,
    )
    return split.one(1)


@pytest.mark.parametrize("lengths", [(0,), (1,), (2,), (1, 2, 1)])
def test_short_proteins_have_finite_features(scheme: Scheme, dtype: torch.dtype, lengths: tuple[int, ...]) -> None:
    inputs = featurise(scheme, random_proteins(*lengths, dtype=dtype))
    assert inputs.scalar.shape == (sum(lengths), scheme.dim)
    assert bool(inputs.scalar.isfinite().all())
    assert bool(inputs.vector.isfinite().all())


def test_a_sequence_without_atoms_has_only_its_sequence(scheme: Scheme) -> None:
    batch = pack([protein_from_sequence("a", "ACDX"), protein_from_sequence("b", "W")])
    inputs = scheme(batch, GRAPH)
    assert not bool(inputs.is_resolved.any())
    assert inputs.graph.edge_index().shape == (2, 0)
    dim = sum(feature.dim for feature in scheme.features if feature.name in ("positional_encoding", "one_hot"))
    undefined = inputs.scalar[:, dim:]
    # A slice from column 0 in steps of two: the cosines.
    assert bool((undefined[:, ::2] == (0.0 if scheme.undefined_angles == "masked" else 1.0)).all())
    assert bool((undefined[:, 1::2] == 0.0).all())


def test_the_featurised_batch_takes_over_the_axes(scheme: Scheme) -> None:
    batch = concat([random_proteins(4, seed=1).batch(), random_proteins(6, seed=2).batch()])
    inputs = scheme(batch, GRAPH)
    assert torch.equal(inputs.residue_ptr, torch.tensor([0, 4, 10]))
    position, is_resolved = batch.ca() if scheme.reads_structure else without_atoms(batch).ca()
    assert torch.equal(inputs.position, position)
    assert torch.equal(inputs.is_resolved, is_resolved)
    assert torch.equal(inputs.chain_of, batch.chain_of)
    assert inputs.num_proteins == 2


def test_orientation_is_left_out_unless_asked_for() -> None:
    assert featurise(SchemeConfig().build(), random_proteins(5)).vector is None


@pytest.mark.parametrize("kind", SCHEME_KINDS)
def test_the_residue_type_is_refused_where_it_is_the_answer(kind: str) -> None:
    scheme = SchemeConfig(kind=kind).build()
    with pytest.raises(LeakError, match="one_hot"):
        scheme.refuse(frozenset({"residue_type"}))
    scheme.refuse(frozenset())


def test_side_chains_are_refused_where_the_residue_type_is_the_answer() -> None:
    forbidden = frozenset({"residue_type", "side_chain"})
    for kind in SCHEME_KINDS:
        scheme = SchemeConfig(kind=kind, without_residue_type=True).build()
        if kind in ("ca_sc", "all_invariant_ca"):
            with pytest.raises(LeakError, match="side_chain_torsions"):
                scheme.refuse(forbidden)
        else:
            scheme.refuse(forbidden)


@pytest.mark.parametrize("kind", ["ca_base", "ca_seq", "ca_angles", "ca_bb"])
def test_without_the_residue_type_another_sequence_has_the_same_features(kind: str) -> None:
    scheme = SchemeConfig(kind=kind, without_residue_type=True).build()
    batch = random_proteins(12).batch()
    other = batch.replace(residue_type=(batch.residue_type + 1) % 20)
    assert torch.equal(scheme(batch, GRAPH).scalar, scheme(other, GRAPH).scalar)


def test_an_empty_scheme_gets_a_constant_column() -> None:
    scheme = SchemeConfig(kind="ca_base", without_residue_type=True).build()
    assert [feature.name for feature in scheme.features] == ["constant"]
    assert torch.equal(featurise(scheme, random_proteins(3)).scalar, torch.ones(3, 1, dtype=torch.float64))


@pytest.mark.parametrize(
    "config",
    [SchemeConfig(kind="ca_sc"), SchemeConfig(kind="all_equivariant_ca", representation="backbone_side_chain")],
)
def test_equal_configurations_build_equal_schemes_that_can_be_sent_to_a_worker(config: SchemeConfig) -> None:
    assert config.build() == config.build()
    sent = pickle.loads(pickle.dumps(config.build()))
    ours, theirs = (featurise(scheme, random_proteins(6)) for scheme in (sent, config.build()))
    assert torch.equal(ours.scalar, theirs.scalar)
    if ours.nodes is not None:
        assert torch.equal(ours.nodes.inputs.edge_scalar, theirs.nodes.inputs.edge_scalar)


PUBLISHED_GRAPH = Joined(graphs=(KNearest(k=10), Radius(radius=8.0, max_neighbours=32)))


@pytest.mark.parametrize(
    ("kind", "graph"),
    [(kind, KNearest(k=16)) for kind in (*SCHEME_KINDS[:5], "sequence")]
    + [("ca", KNearest(k=10)), ("all_invariant_ca", PUBLISHED_GRAPH), ("all_equivariant_ca", PUBLISHED_GRAPH)],
)
def test_each_scheme_has_its_published_graph(kind: str, graph: object) -> None:
    assert SchemeConfig(kind=kind).published_graph() == graph


@pytest.mark.parametrize(("kind", "num_vectors"), [("all_invariant_ca", 0), ("all_equivariant_ca", 1)])
def test_edges_carry_distance_type_both_ends_and_sequence_distance(kind: str, num_vectors: int) -> None:
    config = SchemeConfig(kind=kind, alphabet="published")
    scheme = config.build()
    inputs = scheme(random_proteins(12, 5).batch(), config.published_graph())
    source, target = edge_index_of(inputs.graph)
    assert (scheme.edge_dim, scheme.num_edge_vectors) == (3 + 2 * scheme.dim, num_vectors)
    assert inputs.edge_scalar.shape == (len(source), scheme.edge_dim)
    arm = inputs.position[source] - inputs.position[target]
    nearest, within = (len(edges.source) for edges in inputs.graph.relations)
    assert_close(inputs.edge_scalar[:, 0], arm.norm(dim=1), 1e-12)
    assert inputs.edge_scalar[:, 1].tolist() == [0.0] * nearest + [1.0] * within
    assert torch.equal(inputs.edge_scalar[:, 2:-1], torch.cat([inputs.scalar[source], inputs.scalar[target]], dim=1))
    assert torch.equal(inputs.edge_scalar[:, -1], (target - source).double())
    if num_vectors:
        assert_close(inputs.edge_vector[:, 0], arm / arm.norm(dim=1, keepdim=True), 1e-12)
        assert inputs.vector.shape == (17, 2, 3)
    else:
        assert inputs.edge_vector is None
        assert inputs.vector is None


def test_edge_features_follow_the_graph_that_is_asked_for() -> None:
    scheme = SchemeConfig(kind="ca", edge_features=("offset_embedding", "direction", "direction")).build()
    inputs = scheme(random_proteins(7).batch(), KNearest(k=2))
    assert inputs.edge_scalar.shape == (14, 16)
    assert inputs.edge_vector.shape == (14, 1, 3)
    plain = featurise(SchemeConfig(kind="ca").build(), random_proteins(7))
    assert plain.edge_scalar is None
    assert plain.edge_vector is None


def test_a_pack_has_the_edge_features_of_its_members(dtype: torch.dtype) -> None:
    dense = random_proteins(9, 1, 6, dtype=dtype)
    config = SchemeConfig(kind="all_equivariant_ca")
    scheme, graph = config.build(), config.published_graph()
    together = scheme(dense.batch(), graph)
    alone = [scheme(dense.one(protein).batch(), graph) for protein in range(3)]
    # Typed edges stand relation after relation: those of one protein are sought by their ends.
    place = {pair: row for row, pair in enumerate(_typed_ends(together, 0))}
    for protein, single in enumerate(alone):
        rows = [place[pair] for pair in _typed_ends(single, int(dense.residue_ptr[protein]))]
        tolerance = 1e-6 if dtype == torch.float32 else 1e-13
        assert_close(together.edge_scalar[rows], single.edge_scalar, tolerance)
        assert_close(together.edge_vector[rows], single.edge_vector, tolerance)
    assert len(place) == sum(len(single.edge_scalar) for single in alone)


def _typed_ends(inputs: FeaturisedBatch, offset: int) -> list[tuple[int, int, int]]:
    ends = (edge_index_of(inputs.graph) + offset).T.tolist()
    return [(int(kind), *pair) for kind, pair in zip(inputs.edge_scalar[:, 1].tolist(), ends, strict=True)]


@pytest.mark.parametrize("representation", ["full_atom", "ca_side_chain", "backbone_side_chain"])
def test_representations_with_side_chains_are_refused_where_these_tell_the_answer(representation: str) -> None:
    scheme = SchemeConfig(kind="ca_bb", without_residue_type=True, representation=representation).build()
    with pytest.raises(LeakError, match=rf"representation '{representation}'.*ca or backbone"):
        scheme.refuse(frozenset({"residue_type", "side_chain"}))
    scheme.refuse(frozenset())
    SchemeConfig(without_residue_type=True, representation="backbone").build().refuse(frozenset({"side_chain"}))


def test_the_type_of_a_node_adds_its_columns_to_the_width() -> None:
    for representation, columns in (
        ("ca", 0),
        ("backbone", 4),
        ("full_atom", 37),
        ("ca_side_chain", 2),
        ("backbone_side_chain", 5),
    ):
        scheme = SchemeConfig(kind="ca_base", representation=representation).build()
        assert scheme.dim == 21 + columns
        assert scheme.parity == (1,) * scheme.dim


@pytest.mark.parametrize("graph", [KNearest(k=4), Radius(radius=8.0), Sequential()])
def test_the_sequence_alone_hides_a_structure_that_is_at_hand(graph: GraphConfig, dtype: torch.dtype) -> None:
    dense = random_proteins(12, 5, dtype=dtype)
    batch = dense.batch()
    batch = batch.with_extra(noise=Extra("atom", torch.zeros(len(batch.atom_code))))
    scheme = SchemeConfig(kind="sequence", orientation=True, virtual_cb=True).build()
    seen = scheme(batch, graph)
    moved = scheme(dense.with_position(dense.position * 3.0).batch(), graph)
    assert torch.equal(seen.scalar, SchemeConfig(kind="ca_base").build()(batch, graph).scalar)
    for found in (seen, moved):
        assert found.scalar.dtype == dtype
        assert not found.is_resolved.any()
        assert not found.position.any()
        assert not found.vector.any()
        assert edge_index_of(found.graph).shape[1] == 0


def test_heads_see_which_proteins_are_pairs() -> None:
    batch = random_proteins(4, 3).batch().replace(pair_member=torch.tensor([[1, 0]]))
    assert SchemeConfig(kind="ca_base").build()(batch, GRAPH).pair_member.tolist() == [[1, 0]]


def test_the_sequence_alone_has_no_nodes() -> None:
    with pytest.raises(ValidationError, match="'sequence' hides all atoms, so that 'backbone' has no node"):
        SchemeConfig(kind="sequence", representation="backbone")
