"""GearNet, forward and backward in training, against an edge list; one relation as shipped, and seven."""

import torch

from protea.encoders.gearnet import GearNetConfig
from protea.features.edges.catalogue import SevenRelations
from speed.encoders.inputs import NUM_FEATURES, batch
from speed.encoders.peers import EdgeListGearNet
from speed.encoders.step import rows_of_goals
from speed.encoders.typed_inputs import edge_lists
from speed.harness import Row


def measure(repeats: int) -> list[Row]:
    published = GearNetConfig.published().model_copy(update={"distance_eps": 0.0})
    seven = published.model_copy(update={"graph": SevenRelations()})
    return _measure("GearNet", published, 1, repeats, 2.0) + _measure("GearNet 7 relations", seven, 7, repeats, None)


def _measure(name: str, config: GearNetConfig, relations: int, repeats: int, goal: float | None) -> list[Row]:
    torch.manual_seed(0)
    inputs = batch(config.graph)
    ours, peer = config.build(NUM_FEATURES), EdgeListGearNet(NUM_FEATURES, 512, 6, relations, None)
    peer.load_state_dict(ours.state_dict())
    edges = edge_lists(inputs, relations)
    goals = (goal, goal)
    return rows_of_goals(
        name, ours, peer, lambda: ours(inputs).residue, lambda: peer(inputs.scalar, edges, None), repeats, goals
    )


def test_same_mathematics() -> None:
    config = GearNetConfig(hidden_dim=16, num_layers=2)
    inputs = batch(config.graph, num_proteins=2, length=30)
    ours, peer = config.build(NUM_FEATURES), EdgeListGearNet(NUM_FEATURES, 16, 2, 7, None)
    peer.load_state_dict(ours.state_dict())
    expected = peer(inputs.scalar, edge_lists(inputs, 7), None)
    torch.testing.assert_close(ours(inputs).residue, expected, rtol=1e-3, atol=1e-3)
