"""Features and graphs against the published implementation, chain by chain as it should be (see each card)."""

import json
from pathlib import Path

import numpy as np
import pytest
import torch

from protea.features.edge_features.direction import DIRECTION
from protea.features.edge_features.distance import DISTANCE
from protea.features.edge_features.offset_embedding import OFFSET_EMBEDDING
from protea.features.edges.catalogue import KNearest, OneRelation, Radius, Sequential, SevenRelations
from protea.features.interface import FeaturisedBatch, edge_index_of
from protea.features.schemes import SchemeConfig
from protea.protein.batch import ProteinBatch
from protea.protein.converters.dense import batch_from_atom37
from tests.features.proteins import is_written

NUM_ANGLES = {"ca_base": 0, "ca_seq": 0, "ca_angles": 2, "ca_bb": 5, "ca_sc": 9}
# From the cards: float32; float64 is our own bound, as the cards give none.
ANGLE_TOLERANCE = {"float32": 2e-4, "float64": 1e-9}
OTHER_TOLERANCE = {"float32": 1e-5, "float64": 1e-9}


def golden_batch(folder: Path, dtype: str = "float32") -> ProteinBatch:
    inputs, config = np.load(folder / "inputs.npz"), json.loads((folder / "config.json").read_text(encoding="utf-8"))
    return batch_from_atom37(
        inputs["coords"].astype(dtype),
        inputs["atom_mask"],
        inputs["residue_type_20"],
        inputs["residue_ptr"],
        config["atoms37"],
        config["letters20"],
    )


def featurised(folder: Path, kind: str, graph=None, dtype: str = "float32", angles="published") -> FeaturisedBatch:
    config = SchemeConfig(kind=kind, alphabet="published", undefined_angles=angles, orientation=True)
    return config.build()(golden_batch(folder, dtype), graph or KNearest(k=16))


def outputs(folder: Path, name: str = "outputs") -> dict[str, np.ndarray]:
    return dict(np.load(folder / f"{name}.npz"))


def sorted_edges(edge_index: np.ndarray) -> np.ndarray:
    return edge_index[:, np.lexsort(edge_index)]


@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize("kind", NUM_ANGLES)
def test_every_column_as_published(shared_goldens: Path, kind: str, dtype: str) -> None:
    folder = shared_goldens / "features" / kind
    target = outputs(folder, "outputs" if dtype == "float32" else "outputs64")["x_single"]
    difference = np.abs(featurised(folder, kind, dtype=dtype).scalar.numpy() - target)
    first_angle = target.shape[1] - 2 * NUM_ANGLES[kind]
    assert difference[:, :first_angle].max() <= OTHER_TOLERANCE[dtype]
    assert difference[:, first_angle:].max(initial=0.0) <= ANGLE_TOLERANCE[dtype]


@pytest.mark.parametrize("kind", ["ca_angles", "ca_bb", "ca_sc"])
def test_masked_angles_differ_only_where_no_angle_is_defined(shared_goldens: Path, kind: str) -> None:
    folder = shared_goldens / "features" / kind
    num_angles = NUM_ANGLES[kind]
    target = outputs(folder)
    is_defined = torch.from_numpy(target["angle_defined"][:, :num_angles])
    ours = featurised(folder, kind, angles="masked").scalar[:, -2 * num_angles :]
    theirs = torch.from_numpy(target["x_single"][:, -2 * num_angles :])
    assert torch.equal(is_written(ours), is_defined)
    columns = is_defined.repeat_interleave(2, dim=1)
    torch.testing.assert_close(ours[columns], theirs[columns], atol=2e-4, rtol=0)


def test_chi_angles_with_missing_atoms_are_masked_not_invented(shared_goldens: Path) -> None:
    folder = shared_goldens / "features" / "ca_sc_missing_atoms"
    target = outputs(folder)
    is_defined = torch.from_numpy(target["angle_defined"])
    ours = featurised(folder, "ca_sc", angles="masked").scalar[:, -18:]
    assert torch.equal(is_written(ours), is_defined)
    columns = is_defined.repeat_interleave(2, dim=1)
    theirs = torch.from_numpy(target["x_single"][:, -18:])
    torch.testing.assert_close(ours[columns], theirs[columns], atol=2e-4, rtol=0)
    assert target["chi_lost"].sum() == 26
    assert not bool(is_written(ours)[:, 5:][torch.from_numpy(target["chi_lost"])].any())


@pytest.mark.parametrize("kind", NUM_ANGLES)
def test_nearest_neighbours_in_order_with_distances(shared_goldens: Path, kind: str) -> None:
    folder = shared_goldens / "features" / kind
    target, inputs = outputs(folder), featurised(folder, kind)
    edge_index = edge_index_of(inputs.graph)
    assert np.array_equal(edge_index.numpy(), target["knn16_edge_index"])
    distance = DISTANCE.compute(inputs, edge_index)
    torch.testing.assert_close(distance, torch.from_numpy(target["knn16_edge_distance"]), atol=1e-4, rtol=0)
    torch.testing.assert_close(distance[:, 0], inputs.graph.distance[inputs.graph.is_edge], atol=1e-5, rtol=0)
    one = featurised(folder, kind, graph=OneRelation(k=16)).graph
    assert np.array_equal(sorted_edges(edge_index_of(one).numpy()), sorted_edges(target["knn16_edge_index"]))


def test_vectors_and_offset_embedding(shared_goldens: Path) -> None:
    folder = shared_goldens / "features" / "ca_bb"
    target, inputs = outputs(folder), featurised(folder, "ca_bb")
    edge_index = edge_index_of(inputs.graph)
    for ours, name in (
        (inputs.vector, "orientation"),
        (DIRECTION.compute(inputs, edge_index), "knn16_edge_vectors"),
        (OFFSET_EMBEDDING.compute(inputs, edge_index), "knn16_sequence_pos_emb"),
    ):
        torch.testing.assert_close(ours, torch.from_numpy(target[name]), atol=1e-5, rtol=0)


def test_radius_graph(shared_goldens: Path) -> None:
    folder = shared_goldens / "features" / "ca_bb"
    target, inputs = outputs(folder), featurised(folder, "ca_bb", graph=Radius(radius=8.0))
    ours = edge_index_of(inputs.graph).numpy()
    order = np.lexsort(target["eps8_edge_index"])
    assert np.array_equal(ours, target["eps8_edge_index"][:, order])
    vectors = DIRECTION.compute(inputs, edge_index_of(inputs.graph))[:, 0].numpy()
    assert np.abs(vectors - target["eps8_edge_vectors"][order]).max() <= 1e-5


def test_sequence_edges_stay_inside_each_protein(shared_goldens: Path) -> None:
    folder = shared_goldens / "features" / "ca_bb"
    graph = featurised(folder, "ca_bb", graph=Sequential(offsets=(1,))).graph
    assert np.array_equal(edge_index_of(graph).numpy(), outputs(folder)["seq_forward_edge_index_single"])


def test_seven_relations(shared_goldens: Path) -> None:
    inputs = np.load(shared_goldens / "encoders" / "gear_net_7rel" / "inputs.npz")
    graph = featurised(shared_goldens / "features" / "ca_bb", "ca_bb", graph=SevenRelations()).graph
    edge_type = inputs["edge_type"][0]
    assert len(graph.relations) == 7
    for relation, edges in enumerate(graph.relations):
        target = inputs["edge_index"][:, edge_type == relation]
        assert np.array_equal(edges.edge_index().numpy(), sorted_edges(target)), graph.names[relation]
        distance = inputs["edge_attr"][edge_type == relation, 0][np.lexsort(target)]
        # The reference measures |a - b + 1e-6|, which shows at the self loops.
        assert np.abs(edges.distance.numpy() - distance).max() <= 1e-4
