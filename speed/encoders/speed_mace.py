"""MACE, forward and backward in training (dropout and batch statistics on), against e3nn with an edge list."""

import torch

from protea.encoders.mace import MACEConfig
from speed.encoders.e3nn_peers import E3nnMACE, both_ways, load_ours
from speed.encoders.inputs import NUM_FEATURES, batch
from speed.encoders.step import rows_of_goals
from speed.harness import Row


def measure(repeats: int) -> list[Row]:
    torch.manual_seed(0)
    config = MACEConfig.published()
    inputs = batch(config.graph)
    ours, peer = config.build(NUM_FEATURES), peer_of(config)
    load_ours(peer, ours)
    edge_index = both_ways(inputs.graph.edge_index(), len(inputs.scalar))

    def run_ours() -> torch.Tensor:
        return ours(inputs).residue

    def run_peer() -> torch.Tensor:
        return peer(inputs.scalar, inputs.position, edge_index)

    return rows_of_goals("MACE", ours, peer, run_ours, run_peer, repeats, goals=(2.0, 2.5))


def peer_of(config: MACEConfig) -> E3nnMACE:
    return E3nnMACE(
        NUM_FEATURES, config.hidden_irreps, config.num_layers, config.correlation, config.num_bessel, config.mlp_dim,
        config.dropout,
    )  # fmt: skip


def test_same_mathematics() -> None:
    config = MACEConfig(hidden_irreps="4x0e + 4x1o + 4x2e", num_layers=3, mlp_dim=9, dropout=0)
    inputs = batch(config.graph, num_proteins=2, length=30)
    ours, peer = config.build(NUM_FEATURES), peer_of(config)
    load_ours(peer, ours)
    expected = peer(inputs.scalar, inputs.position, both_ways(inputs.graph.edge_index(), len(inputs.scalar)))
    torch.testing.assert_close(ours(inputs).residue, expected, rtol=1e-3, atol=1e-3)
