"""GVP, forward and backward in training (dropout on), against an edge list with every perceptron on the edges."""

import torch

from protea.encoders.gvp import GVPConfig
from speed.encoders.inputs import NUM_FEATURES, batch
from speed.encoders.peer_gvp import EdgeListGVP
from speed.encoders.peers import edge_list
from speed.encoders.step import rows_of_goals
from speed.harness import Row


def measure(repeats: int) -> list[Row]:
    torch.manual_seed(0)
    config = GVPConfig.published()
    inputs = batch(config.graph)
    ours, peer = config.build(NUM_FEATURES), EdgeListGVP(NUM_FEATURES, (128, 16), (32, 1), 5, config.dropout)
    peer.load_state_dict(ours.state_dict())
    edge_index = edge_list(inputs.graph.neighbour)
    return rows_of_goals(
        "GVP",
        ours,
        peer,
        lambda: ours(inputs).residue,
        lambda: peer(inputs.scalar, inputs.position, edge_index),
        repeats,
        goals=(1.5, 2.5),
        ceiling_rows=len(inputs.position),
    )


def test_same_mathematics() -> None:
    config = GVPConfig(hidden_dim=16, num_vectors=4, edge_dim=8, num_layers=2, dropout=0.0)
    inputs = batch(config.graph, num_proteins=2, length=30)
    ours, peer = config.build(NUM_FEATURES), EdgeListGVP(NUM_FEATURES, (16, 4), (8, 1), 2, 0.0)
    peer.load_state_dict(ours.state_dict())
    expected = peer(inputs.scalar, inputs.position, edge_list(inputs.graph.neighbour))
    torch.testing.assert_close(ours(inputs).residue, expected, rtol=1e-3, atol=1e-3)
