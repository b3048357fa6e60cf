"""EGNN, forward and backward in training (dropout and batch statistics on), against an edge list."""

import torch

from protea.encoders.egnn import EGNNConfig
from speed.encoders.inputs import NUM_FEATURES, batch
from speed.encoders.peers import EdgeListEGNN, edge_list
from speed.encoders.step import rows_of_goals
from speed.harness import Row


def measure(repeats: int) -> list[Row]:
    torch.manual_seed(0)
    config = EGNNConfig.published()
    inputs = batch(config.graph)
    ours, peer = config.build(NUM_FEATURES), EdgeListEGNN(NUM_FEATURES, 512, 6, config.dropout)
    peer.load_state_dict(ours.state_dict())
    edge_index = edge_list(inputs.graph.neighbour)

    def run_ours() -> torch.Tensor:
        found = ours(inputs)
        return torch.cat([found.residue, found.position], dim=1)

    def run_peer() -> torch.Tensor:
        return torch.cat(peer(inputs.scalar, inputs.position, edge_index), dim=1)

    return rows_of_goals("EGNN", ours, peer, run_ours, run_peer, repeats, goals=(1.8, 3.5))


def test_same_mathematics() -> None:
    config = EGNNConfig(hidden_dim=16, num_layers=2, dropout=0.0)
    inputs = batch(config.graph, num_proteins=2, length=30)
    ours, peer = config.build(NUM_FEATURES), EdgeListEGNN(NUM_FEATURES, 16, 2, 0.0)
    peer.load_state_dict(ours.state_dict())
    residue, moved = peer(inputs.scalar, inputs.position, edge_list(inputs.graph.neighbour))
    found = ours(inputs)
    torch.testing.assert_close(found.residue, residue, rtol=1e-3, atol=1e-3)
    torch.testing.assert_close(found.position, moved, rtol=1e-3, atol=1e-3)
