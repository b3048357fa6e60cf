"""What holds for pairs, triples and quadruples alike: no edge among them is seen, and the answer reads them alone."""

import pytest

from protea.features.edges.catalogue import KNearest
from protea.objectives.drawn_groups import hidden_group
from protea.objectives.interface import Corruption
from protea.objectives.masked_angle_prediction import MaskedAnglePredictionConfig
from protea.objectives.masked_dihedral_prediction import MaskedDihedralPredictionConfig
from protea.objectives.masked_distance_prediction import MaskedDistancePredictionConfig
from protea.objectives.masked_groups import MaskedGroupConfig, MaskedGroupObjective
from tests.objectives.made import SCHEME, built, made_batch

CONFIGS = [
    config(share=0.3, num_neighbours=20)
    for config in (MaskedDistancePredictionConfig, MaskedAnglePredictionConfig, MaskedDihedralPredictionConfig)
]
every_kind = pytest.mark.parametrize("config", CONFIGS, ids=lambda config: config.kind)


@every_kind
def test_groups_are_of_the_stated_size_and_drawn_under_the_name_of_their_kind(config: MaskedGroupConfig) -> None:
    batch = made_batch(40)
    objective = built(config, batch).objective
    assert isinstance(objective, MaskedGroupObjective)
    assert objective.purpose == config.kind
    group, is_drawn = hidden_group(objective.corrupt(batch, Corruption(0, 0)), config.kind)
    assert group.shape[1] == objective.size
    assert all(len(set(members)) == objective.size for members in group[is_drawn].tolist())


@every_kind
def test_no_edge_is_left_inside_a_group(config: MaskedGroupConfig) -> None:
    batch = made_batch(40, 12)
    seen = built(config, batch).objective.corrupt(batch, Corruption(0, 0))
    group, is_drawn = hidden_group(seen, config.kind)
    inputs = SCHEME.build()(seen, KNearest(k=51))
    edges = {tuple(edge) for edge in inputs.graph.edge_index().T.tolist()}  # type: ignore[union-attr]
    assert int(is_drawn.sum()) > 5
    for members in group[is_drawn].tolist():
        assert not [(a, b) for a in members for b in members if (a, b) in edges]


@every_kind
def test_the_prediction_reads_all_members_of_its_group_and_no_other_residue(config: MaskedGroupConfig) -> None:
    batch = made_batch(40)
    found = built(config, batch)
    group, is_drawn = hidden_group(found.objective.corrupt(batch, Corruption(0, 0)), config.kind)
    row = int(is_drawn.nonzero()[0, 0])
    embedding = found.encoding.residue.requires_grad_()
    found.predict()[row].square().sum().backward()
    assert embedding.grad is not None
    assert set(embedding.grad.abs().sum(1).nonzero()[:, 0].tolist()) == set(group[row].tolist())
