"""GCPNet, forward and backward in training, against an edge list with every perceptron on the edges."""

import torch

from protea.encoders.gcpnet import GCPNetConfig
from speed.encoders.inputs import NUM_FEATURES, batch
from speed.encoders.peer_gcpnet import EdgeListGCPNet
from speed.encoders.peers import edge_list
from speed.encoders.step import rows_of_goals
from speed.harness import Row


def measure(repeats: int) -> list[Row]:
    torch.manual_seed(0)
    config = GCPNetConfig.published()
    inputs = batch(config.graph)
    ours, peer = config.build(NUM_FEATURES), EdgeListGCPNet(NUM_FEATURES, (128, 16), (32, 4), 6)
    peer.load_state_dict(ours.state_dict())
    edge_index = edge_list(inputs.graph.neighbour)
    protein_of = torch.arange(inputs.num_proteins).repeat_interleave(inputs.residue_ptr.diff())
    return rows_of_goals(
        "GCPNet",
        ours,
        peer,
        lambda: ours(inputs).residue,
        lambda: peer(inputs.scalar, inputs.vector, inputs.position, protein_of, edge_index),
        repeats,
        goals=(1.5, 2.5),
        ceiling_rows=len(inputs.position),
    )


def test_same_mathematics() -> None:
    config = GCPNetConfig(hidden_dim=16, num_vectors=4, edge_dim=8, num_edge_vectors=4, num_layers=2)
    inputs = batch(config.graph, num_proteins=2, length=30)
    ours, peer = config.build(NUM_FEATURES), EdgeListGCPNet(NUM_FEATURES, (16, 4), (8, 4), 2)
    peer.load_state_dict(ours.state_dict())
    protein_of = torch.arange(2).repeat_interleave(30)
    expected = peer(inputs.scalar, inputs.vector, inputs.position, protein_of, edge_list(inputs.graph.neighbour))
    torch.testing.assert_close(ours(inputs).residue, expected, rtol=1e-3, atol=1e-3)
