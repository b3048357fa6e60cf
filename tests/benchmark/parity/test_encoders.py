"""Encoders of any size agree with what they returned, and a changed weight is seen in both precisions."""

import json
from pathlib import Path

import numpy as np
import pytest
import torch

from protea.benchmark.parity.check import check_golden
from protea.benchmark.parity.encoders import compare_encoder, given_batch, given_relations
from protea.benchmark.parity.golden import Golden
from protea.errors import InputError
from protea.features.interface import edge_index_of
from tests.benchmark.parity.made_goldens import perturb_weights, write_golden

EGNN = {"_target_": "a.EGNNModel", "num_layers": 1, "emb_dim": 9, "pool": "mean"}


@pytest.mark.parametrize("config", [None, EGNN])
def test_an_encoder_agrees_with_itself_and_not_with_other_weights(tmp_path: Path, config: dict | None) -> None:
    folder = write_golden(tmp_path / "a", config)
    found, aside = compare_encoder(Golden(folder))
    assert {(item.output, item.precision) for item in found} == {
        (output, precision) for output in ("node_embedding", "graph_embedding") for precision in ("float32", "float64")
    }
    assert all(item.is_within for item in found)
    assert not aside
    assert {item.precision: item.tolerance for item in found} == {"float32": 1e-4, "float64": 1e-9}
    perturb_weights(folder, 0.01)
    changed, _ = compare_encoder(Golden(folder))
    assert not any(item.is_within for item in changed if item.precision == "float64")
    assert not all(item.is_within for item in changed if item.precision == "float32")


def test_indices_may_be_of_32_bits(tmp_path: Path) -> None:
    folder = write_golden(tmp_path / "a")
    inputs = dict(np.load(folder / "inputs.npz"))
    narrow = {name: value.astype(np.int32) for name, value in inputs.items() if value.dtype == np.int64}
    assert "edge_index" in narrow
    np.savez(folder / "inputs.npz", **(inputs | narrow))
    assert check_golden(Golden(folder)).status == "agrees"


def test_float64_sees_what_float32_cannot(tmp_path: Path) -> None:
    folder = write_golden(tmp_path / "a")
    with np.load(folder / "outputs64.npz") as content:
        arrays = {name: content[name] for name in content.files}
    arrays["node_embedding"][0, 0] += 1e-7 * np.abs(arrays["node_embedding"]).max()
    np.savez(folder / "outputs64.npz", **arrays)
    found, _ = compare_encoder(Golden(folder))
    assert [(item.output, item.precision) for item in found if not item.is_within] == [("node_embedding", "float64")]


def test_outputs_of_each_chain_alone_stand_for_the_packed_ones(tmp_path: Path) -> None:
    """Where a golden holds both, the reference mixed its packed chains."""
    folder = write_golden(tmp_path / "a")
    for file in ("outputs.npz", "outputs64.npz"):
        with np.load(folder / file) as content:
            arrays = {name: content[name] for name in content.files}
        single = arrays["graph_embedding"]
        np.savez(folder / file, **{**arrays, "graph_embedding": single + 1.0}, graph_embedding_single=single)
    found, aside = compare_encoder(Golden(folder))
    assert {item.output for item in found} == {"node_embedding", "graph_embedding_single"}
    assert all(item.is_within for item in found)
    assert "defect of the reference" in aside["graph_embedding"]


def test_weights_of_another_size_are_refused(tmp_path: Path) -> None:
    folder = write_golden(tmp_path / "a")
    config = json.loads((folder / "config.json").read_text())
    (folder / "config.json").write_text(json.dumps({**config, "num_filters": 8}))
    with pytest.raises(InputError, match="of another shape"):
        compare_encoder(Golden(folder))


def test_relations_keep_every_edge_and_empty_relations() -> None:
    position = torch.tensor([[0.0, 0.0, 0.0], [3.0, 4.0, 0.0], [0.0, 0.0, 2.0]])
    edge_index = torch.tensor([[2, 0, 1, 1], [1, 1, 0, 1]])
    graph = given_relations(position, edge_index, torch.tensor([2, 2, 0, 2]), 4)
    assert [len(edges.source) for edges in graph.relations] == [1, 0, 3, 0]
    assert graph.relations[2].source.tolist() == [0, 1, 2]
    assert graph.relations[2].target.tolist() == [1, 1, 1]
    assert graph.relations[2].edge_ptr.tolist() == [0, 0, 3, 3]
    assert graph.relations[2].distance.tolist()[:2] == [5.0, 0.0]
    with pytest.raises(InputError, match="no relation"):
        given_relations(position, edge_index, torch.tensor([2, 2, 0, 4]), 4)


def test_features_of_edges_follow_their_edges_into_the_graph(tmp_path: Path) -> None:
    golden = Golden(write_golden(tmp_path / "a"))
    edge_index = golden.inputs["edge_index"]
    shuffled = np.random.default_rng(0).permutation(edge_index.shape[1])
    name = edge_index[0] * 1000 + edge_index[1]
    golden.inputs.update(
        edge_index=edge_index[:, shuffled], edge_attr=name[shuffled, None].astype(np.float32),
        edge_vector_attr=np.repeat(name[shuffled, None, None], 3, axis=2).astype(np.float32),
        x_vector_attr=np.ones((len(golden.inputs["x"]), 2, 3), np.float32),
    )  # fmt: skip
    batch = given_batch(golden, torch.float64, is_typed=False)
    source, target = edge_index_of(batch.graph)
    assert batch.edge_scalar is not None
    assert torch.equal(batch.edge_scalar[:, 0], (source * 1000 + target).double())
    assert batch.edge_vector is not None
    assert torch.equal(batch.edge_vector[:, 0, 2], batch.edge_scalar[:, 0])
    assert batch.vector is not None
    assert batch.vector.dtype == torch.float64
