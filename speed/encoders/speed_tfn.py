"""TFN, forward and backward in training (dropout and batch statistics on), against e3nn with an edge list."""

import torch

from protea.encoders.tfn import TFNConfig
from speed.encoders.e3nn_peers import E3nnTFN, both_ways, load_ours
from speed.encoders.inputs import NUM_FEATURES, batch
from speed.encoders.step import rows_of_goals
from speed.harness import Row


def measure(repeats: int) -> list[Row]:
    torch.manual_seed(0)
    config = TFNConfig.published()
    inputs = batch(config.graph)
    ours = config.build(NUM_FEATURES)
    peer = E3nnTFN(
        NUM_FEATURES, config.hidden_irreps, config.num_layers, config.num_basis, config.mlp_dim, config.dropout
    )
    load_ours(peer, ours)
    edge_index = both_ways(inputs.graph.edge_index(), len(inputs.scalar))

    def run_ours() -> torch.Tensor:
        return ours(inputs).residue

    def run_peer() -> torch.Tensor:
        return peer(inputs.scalar, inputs.position, edge_index)

    return rows_of_goals("TFN", ours, peer, run_ours, run_peer, repeats, goals=(2.0, 2.5))


def test_same_mathematics() -> None:
    config = TFNConfig(
        hidden_irreps="8x0e + 4x0o + 2x1e + 2x1o + 1x2e", num_layers=3, num_basis=8, mlp_dim=9, dropout=0
    )
    inputs = batch(config.graph, num_proteins=2, length=30)
    ours, peer = config.build(NUM_FEATURES), E3nnTFN(NUM_FEATURES, config.hidden_irreps, 3, 8, 9, 0.0)
    load_ours(peer, ours)
    expected = peer(inputs.scalar, inputs.position, both_ways(inputs.graph.edge_index(), len(inputs.scalar)))
    torch.testing.assert_close(ours(inputs).residue, expected, rtol=1e-3, atol=1e-3)
