"""SchNet, forward and backward, against torch_geometric's interaction blocks."""

import pytest
import torch

from protea.encoders.schnet import SchNetConfig
from speed.encoders.inputs import NUM_FEATURES, batch
from speed.encoders.peers import PygSchNet, edge_list
from speed.encoders.step import rows_of_goals
from speed.harness import Row


def measure(repeats: int) -> list[Row]:
    torch.manual_seed(0)
    config = SchNetConfig.published()
    inputs = batch(config.graph)
    ours = config.build(NUM_FEATURES)
    peer = PygSchNet(NUM_FEATURES, 512, 32, 6, 128, 50)
    peer.load_state_dict(ours.state_dict(), strict=False)
    edge_index = edge_list(inputs.graph.neighbour)
    return rows_of_goals(
        "SchNet",
        ours,
        peer,
        lambda: ours(inputs).residue,
        lambda: peer(inputs.scalar, inputs.position, edge_index),
        repeats,
        goals=(1.4, 3.5),
    )


# torch_geometric compiles a helper with torch.jit.script when its interaction blocks are first used.
@pytest.mark.filterwarnings("ignore:.*torch.jit.script.*:DeprecationWarning")
def test_same_mathematics() -> None:
    config = SchNetConfig(hidden_dim=32, output_dim=8, num_layers=2, num_filters=16, num_gaussians=10,
                          mask_beyond_cutoff=False)  # fmt: skip
    inputs = batch(config.graph, num_proteins=2, length=30)
    ours, peer = config.build(NUM_FEATURES), PygSchNet(NUM_FEATURES, 32, 8, 2, 16, 10)
    state = ours.state_dict()
    peer.load_state_dict(state | {k.replace(".mlp.", ".conv.nn."): v for k, v in state.items() if ".mlp." in k})
    expected = peer(inputs.scalar, inputs.position, edge_list(inputs.graph.neighbour))
    torch.testing.assert_close(ours(inputs).residue, expected, rtol=1e-4, atol=1e-4)
