"""First states: Gaussians worked by hand, and edge features of the batch in the order of its edges."""

import math

import pytest
import torch

from protea.encoders.centred_edges import centred_edges
from protea.encoders.gcpnet_embedding import InputEmbedding, gaussians
from protea.encoders.gcpnet_frames import edge_frames, edges_by_sender
from protea.encoders.gcpnet_perceptron import PerceptronHabits
from protea.errors import InputError
from protea.features.edge_features.direction import DIRECTION
from protea.features.edge_features.distance import DISTANCE
from protea.features.interface import FeaturisedBatch, edge_index_of
from tests.encoders.proteins import NUM_FEATURES, pack, shake, walk


def test_gaussians_are_as_wide_as_the_cutoff_over_their_number(dtype: torch.dtype) -> None:
    found = gaussians(torch.tensor([0.0, 2.5, 12.5], dtype=dtype), 5, 10.0)
    assert float(found[0, 0]) == float(found[1, 1]) == 1.0
    expected = torch.tensor([math.exp(-((12.5 - mu) ** 2) / 4) for mu in (0, 2.5, 5, 7.5, 10)], dtype=dtype)
    torch.testing.assert_close(found[2], expected)


def embedded(embedding: InputEmbedding, batch: FeaturisedBatch) -> list[torch.Tensor]:
    edges, order = edges_by_sender(centred_edges(batch.graph))
    position = torch.where(batch.is_resolved[:, None], batch.position, 0.0)
    frames = edge_frames(position, edges, is_shortened=True, is_mirror_blind=False)
    return [value for state in embedding(batch, position, frames, order) for value in state]


def built(num_edge_inputs: int) -> InputEmbedding:
    habits = PerceptronHabits("relu", "relu", True, False)
    embedding = InputEmbedding(NUM_FEATURES, num_edge_inputs, (6, 4), (5, 2), habits, 8, 10.0)
    shake(embedding)
    return embedding.double()


def test_distance_and_direction_of_the_batch_equal_those_made_here() -> None:
    batch = pack([walk(9, seed=1, hide=(2,)), walk(5, seed=2)], k=3)
    edge_index = edge_index_of(batch.graph)
    brought = batch.replace(
        edge_scalar=DISTANCE.compute(batch, edge_index), edge_vector=DIRECTION.compute(batch, edge_index)
    )
    embedding = built(1)
    for ours, given in zip(embedded(embedding, batch), embedded(embedding, brought), strict=True):
        torch.testing.assert_close(ours, given)
    assert brought.edge_scalar is not None
    changed = embedded(embedding, brought.replace(edge_scalar=brought.edge_scalar + 1.0))
    assert not torch.allclose(changed[2], embedded(embedding, brought)[2])


def test_another_number_of_edge_features_is_refused() -> None:
    batch = pack([walk(9, seed=1)], k=3)
    with pytest.raises(InputError, match=r"2 scalars and 1 vector.*found 1 scalars"):
        embedded(built(2), batch)
    with pytest.raises(InputError, match="3 vectors"):
        embedded(built(1), batch.replace(edge_vector=torch.zeros(27, 3, 3).double()))
