"""GCN, GAT, GATv2 and the graph transformer, forward and backward, against torch_geometric's layers."""

import pytest
import torch

from protea.encoders.graph_convolution import (
    GATConfig,
    GATv2Config,
    GCNConfig,
    GraphConvolutionConfig,
    GraphTransformerConfig,
)
from speed.encoders.graph_convolution_peer import PygStack
from speed.encoders.inputs import NUM_FEATURES, batch
from speed.encoders.peers import edge_list
from speed.encoders.step import rows_of_goals
from speed.harness import Row

CONFIGS: tuple[GraphConvolutionConfig, ...] = (GCNConfig(), GATConfig(), GATv2Config(), GraphTransformerConfig())


def _peer(config: GraphConvolutionConfig) -> PygStack:
    return PygStack(NUM_FEATURES, config.hidden_dims, config.convolutions, ["relu"] * len(config.hidden_dims))


def measure(repeats: int) -> list[Row]:
    torch.manual_seed(0)
    inputs = batch(CONFIGS[0].graph)
    edge_index = edge_list(inputs.graph.neighbour)
    rows = []
    for config in CONFIGS:
        ours, peer = config.build(NUM_FEATURES), _peer(config)
        peer.load_state_dict(ours.state_dict())
        rows += rows_of_goals(
            config.kind,
            ours,
            peer,
            lambda ours=ours: ours(inputs).residue,
            lambda peer=peer: peer(inputs.scalar, edge_index),
            repeats,
            goals=(1.5, 2.5),
        )
    return rows


# torch_geometric compiles a helper with torch.jit.script when its layers are first used.
@pytest.mark.filterwarnings("ignore:.*torch.jit.script.*:DeprecationWarning")
@pytest.mark.parametrize("config", CONFIGS, ids=lambda config: config.kind)
def test_same_mathematics(config: GraphConvolutionConfig) -> None:
    config = config.model_copy(update={"hidden_dims": (24, 16)})
    inputs = batch(config.graph, num_proteins=2, length=30)
    ours, peer = config.build(NUM_FEATURES), _peer(config)
    peer.load_state_dict(ours.state_dict())
    expected = peer(inputs.scalar, edge_list(inputs.graph.neighbour))
    torch.testing.assert_close(ours(inputs).residue, expected, rtol=1e-4, atol=1e-4)
