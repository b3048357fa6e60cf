"""What is asked of pairs, and that its edges are hidden from the encoder."""

import pytest
import torch

from protea.features.edges.catalogue import KNearest
from protea.objectives.drawn_groups import hidden_group
from protea.objectives.interface import Corruption
from protea.objectives.masked_distance_prediction import MaskedDistancePredictionConfig
from tests.objectives.made import SCHEME, built, made_batch

CONFIG = MaskedDistancePredictionConfig(share=0.3, num_neighbours=20, mean=7.0, scale=2.0)


def test_the_target_is_the_distance_of_the_hidden_pair(dtype: torch.dtype, tolerance: float) -> None:
    batch = made_batch(40, 12, dtype=dtype)
    objective = built(CONFIG, batch).objective
    seen = objective.corrupt(batch, Corruption(0, 0))
    group, is_drawn = hidden_group(seen, CONFIG.kind)
    value, is_supervised = objective.targets(seen)
    assert torch.equal(is_supervised, is_drawn)
    ca = batch.ca()[0]
    expected = torch.stack([(ca[i] - ca[j]).norm() for i, j in group[is_drawn].tolist()])
    assert torch.allclose(value[is_drawn], expected, rtol=tolerance)


def test_loss_and_score_are_standardised_by_what_the_configuration_says() -> None:
    objective = built(CONFIG, made_batch(30)).objective
    value = torch.tensor([7.0, 11.0])  # 0 and 2 standard deviations from the mean
    assert float(objective.loss_sum(torch.zeros(2), value)) == pytest.approx(4.0)
    assert torch.equal(objective.score(torch.tensor([0.0, 2.0])), value)


def test_no_edge_is_left_inside_a_group() -> None:
    batch = made_batch(40, 12)
    seen = built(CONFIG, batch).objective.corrupt(batch, Corruption(0, 0))
    group, is_drawn = hidden_group(seen, CONFIG.kind)
    inputs = SCHEME.build()(seen, KNearest(k=51))
    edges = {tuple(edge) for edge in inputs.graph.edge_index().T.tolist()}  # type: ignore[union-attr]
    assert int(is_drawn.sum()) > 5
    for members in group[is_drawn].tolist():
        assert not [(a, b) for a in members for b in members if (a, b) in edges]


def test_the_prediction_reads_all_members_of_its_group_and_no_other_residue() -> None:
    batch = made_batch(40)
    found = built(CONFIG, batch)
    group, is_drawn = hidden_group(found.objective.corrupt(batch, Corruption(0, 0)), CONFIG.kind)
    row = int(is_drawn.nonzero()[0, 0])
    embedding = found.encoding.residue.requires_grad_()
    found.predict()[row].square().sum().backward()
    assert embedding.grad is not None
    assert set(embedding.grad.abs().sum(1).nonzero()[:, 0].tolist()) == set(group[row].tolist())
