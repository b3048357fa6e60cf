"""DimeNet++, forward and backward, against torch_geometric's blocks on a list of triplets.

Nine maps of every edge's state from hidden width to hidden width in each layer are the same in both and take most of
the time, so that the ratio cannot be much above 1 in the same precision (`ceiling` says how much). Two proteins, of
the published width: with eight a step of either takes a minute of a core, and the peer 10 GB.
"""

import pytest
import torch

from protea.encoders.dimenet import DimeNetConfig
from speed.encoders.dimenet_peer import PygDimeNet
from speed.encoders.inputs import NUM_FEATURES, batch
from speed.encoders.peers import edge_list
from speed.encoders.step import rows_of_goals
from speed.harness import Row


def measure(repeats: int) -> list[Row]:
    torch.manual_seed(0)
    config = DimeNetConfig.published()
    inputs = batch(config.graph, num_proteins=2)
    ours, peer = config.build(NUM_FEATURES), PygDimeNet(NUM_FEATURES, config)
    peer.load_state_dict(ours.state_dict())
    edge_index = edge_list(inputs.graph.neighbour)
    return rows_of_goals(
        "DimeNet++, 2 x 240 residues,",
        ours,
        peer,
        lambda: ours(inputs).residue,
        lambda: peer(inputs.scalar, inputs.position, edge_index),
        repeats,
        goals=(1.5, 2.5),
        ceiling_rows=len(inputs.position),
    )


# torch_geometric compiles a helper with torch.jit.script when its blocks are first used.
@pytest.mark.filterwarnings("ignore:.*torch.jit.script.*:DeprecationWarning")
def test_same_mathematics() -> None:
    config = DimeNetConfig(hidden_dim=24, output_dim=8, num_layers=2, triplet_dim=12, output_hidden_dim=16)
    inputs = batch(config.graph, num_proteins=2, length=30)
    ours, peer = config.build(NUM_FEATURES), PygDimeNet(NUM_FEATURES, config)
    with torch.no_grad():
        for output in ours.output_blocks:
            output.get_parameter("lin.weight").normal_()
    peer.load_state_dict(ours.state_dict())
    expected = peer(inputs.scalar, inputs.position, edge_list(inputs.graph.neighbour))
    torch.testing.assert_close(ours(inputs).residue, expected, rtol=1e-4, atol=1e-4)
