"""What is asked of triples, and that its edges are hidden from the encoder."""

import pytest
import torch

from protea.features.edges.catalogue import KNearest
from protea.objectives.drawn_groups import hidden_group
from protea.objectives.interface import Corruption
from protea.objectives.masked_angle_prediction import MaskedAnglePredictionConfig
from tests.objectives.made import SCHEME, built, made_batch

CONFIG = MaskedAnglePredictionConfig(share=0.3, num_neighbours=20)


def test_the_target_is_the_angle_at_the_residue(dtype: torch.dtype) -> None:
    batch = made_batch(40, 12, dtype=dtype)
    objective = built(CONFIG, batch).objective
    seen = objective.corrupt(batch, Corruption(0, 0))
    group, is_drawn = hidden_group(seen, CONFIG.kind)
    value, is_supervised = objective.targets(seen)
    assert torch.equal(is_supervised, is_drawn)
    ca = batch.ca()[0]
    for (i, j, k), columns in zip(group[is_drawn].tolist(), value[is_drawn], strict=True):
        one, other = ca[j] - ca[i], ca[k] - ca[i]
        assert float(columns[0]) == pytest.approx(float(one @ other / one.norm() / other.norm()), abs=1e-5)
        assert float(columns[1]) >= 0
        assert float(columns.square().sum()) == pytest.approx(1.0, abs=1e-5)


def test_the_loss_is_the_mean_over_two_columns() -> None:
    objective = built(CONFIG, made_batch(30)).objective
    value = torch.tensor([[0.6, 0.8]])
    assert float(objective.loss_sum(value + 0.5, value)) == pytest.approx(0.25)
    assert torch.equal(objective.score(value), value)


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
