"""GearNet-Edge, forward and backward in training, against an edge list (the line graph is given to the peer)."""

import torch

from protea.encoders.gearnet_edge import GearNetEdgeConfig
from speed.encoders.inputs import NUM_FEATURES, batch
from speed.encoders.peers import EdgeListGearNet
from speed.encoders.step import rows_of_goals
from speed.encoders.typed_inputs import edge_lists, line_lists
from speed.harness import Row


def measure(repeats: int) -> list[Row]:
    torch.manual_seed(0)
    config = GearNetEdgeConfig.published().model_copy(update={"distance_eps": 0.0})
    inputs = batch(config.graph)
    ours, peer = config.build(NUM_FEATURES), EdgeListGearNet(NUM_FEATURES, 512, 6, 1, 7)
    peer.load_state_dict(ours.state_dict())
    edges, line = edge_lists(inputs, 1), line_lists(inputs, 1, 7)
    return rows_of_goals(
        "GearNet-Edge",
        ours,
        peer,
        lambda: ours(inputs).residue,
        lambda: peer(inputs.scalar, edges, line),
        repeats,
        goals=(1.4, 2.5),
    )


def test_same_mathematics() -> None:
    config = GearNetEdgeConfig(hidden_dim=16, num_layers=2)
    inputs = batch(config.graph, num_proteins=2, length=30)
    ours, peer = config.build(NUM_FEATURES), EdgeListGearNet(NUM_FEATURES, 16, 2, 7, 7)
    peer.load_state_dict(ours.state_dict())
    expected = peer(inputs.scalar, edge_lists(inputs, 7), line_lists(inputs, 7, 7))
    torch.testing.assert_close(ours(inputs).residue, expected, rtol=1e-3, atol=1e-3)
