"""SchNet against the reference values, an edge list, and what a cutoff means."""

import json
from pathlib import Path

import pytest
import torch

from protea.encoders.schnet import SchNetConfig
from protea.encoders.weights.loading import load_published
from protea.geometry.neighbours import radius_edges
from tests.encoders.goldens import golden_batch, golden_outputs, golden_weights, scaled_difference
from tests.encoders.proteins import NUM_FEATURES, pack, shake, walk

GOLDEN = SchNetConfig(
    hidden_dim=32, output_dim=16, num_layers=2, num_filters=24, num_gaussians=20, mask_beyond_cutoff=False
)


def test_equals_the_reference(shared_goldens: Path, dtype: torch.dtype, tolerance: float) -> None:
    folder = shared_goldens / "encoders" / "schnet"
    encoder = GOLDEN.build(input_dim=49)
    load_published(encoder, golden_weights(folder))
    with torch.no_grad():
        found = encoder.to(dtype).eval()(golden_batch(folder, dtype))
    expected = golden_outputs(folder, dtype)
    assert scaled_difference(found.residue, expected["node_embedding"]) < tolerance
    assert scaled_difference(found.protein, expected["graph_embedding"]) < tolerance


def test_published_sizes_have_the_published_keys(shared_goldens: Path) -> None:
    card = json.loads((shared_goldens / "encoders" / "schnet" / "keys.json").read_text())
    state = SchNetConfig.published().build(input_dim=49).state_dict()
    expected = {key: shape for key, shape in card["shapes"].items() if ".conv.nn." not in key}
    assert {key: list(value.shape) for key, value in state.items()} == expected
    assert sum(value.numel() for key, value in state.items() if "offset" not in key) == card["num_parameters"]


def test_a_neighbour_beyond_the_cutoff_is_not_heard_when_masked() -> None:
    torch.manual_seed(0)
    chain = walk(2, seed=0)
    chain.position[1] = chain.position[0] + torch.tensor([13.0, 0.0, 0.0])
    near, alone = pack([chain]), pack([walk(1, seed=0)])
    for is_masked in (True, False):
        encoder = SchNetConfig(mask_beyond_cutoff=is_masked).build(NUM_FEATURES).double()
        shake(encoder)
        first = near.replace(scalar=alone.scalar.repeat(2, 1))
        with torch.no_grad():
            difference = (encoder(first).residue[0] - encoder(alone).residue[0]).abs().max()
        assert (float(difference) == pytest.approx(0.0, abs=1e-12)) == is_masked


def test_segments_and_table_of_the_same_edges_agree() -> None:
    torch.manual_seed(0)
    encoder = SchNetConfig().build(NUM_FEATURES).double()
    batch = pack([walk(30, seed=1), walk(1, seed=2), walk(17, seed=3)])
    segments = radius_edges(batch.position, batch.residue_ptr, 12.0)
    table = type(batch.graph).from_edge_index(segments.edge_index(), segments.distance, len(batch.position))
    with torch.no_grad():
        by_segment = encoder(batch.replace(graph=segments)).residue
        by_table = encoder(batch.replace(graph=table)).residue
    assert scaled_difference(by_segment, by_table) < 1e-12
