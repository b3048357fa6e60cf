"""Gradients equal those of the edge-list peers of the timings, in float64, in training and in evaluation."""

import math
from collections.abc import Callable

import pytest
from torch import Tensor, nn

from protea.encoders.egnn import EGNNConfig
from protea.encoders.gearnet import GearNetConfig
from protea.encoders.gearnet_edge import GearNetEdgeConfig
from protea.encoders.interface import EncoderConfig
from protea.encoders.schnet import SchNetConfig
from protea.features.interface import FeaturisedBatch
from speed.encoders.peers import EdgeListEGNN, EdgeListGearNet, PygSchNet
from speed.encoders.typed_inputs import edge_lists, line_lists
from tests.encoders.proteins import NUM_FEATURES, pack, shake, walk

CHAINS = (walk(21, seed=1, hide=(4,), break_at=12), walk(1, seed=2), walk(18, seed=3))
Run = Callable[[nn.Module, FeaturisedBatch], Tensor]

SCHNET = SchNetConfig(
    hidden_dim=12, output_dim=5, num_layers=2, num_filters=7, num_gaussians=9, mask_beyond_cutoff=False
)
CASES: list[tuple[EncoderConfig, Callable[[], nn.Module], Run]] = [
    (
        SCHNET,
        lambda: PygSchNet(NUM_FEATURES, 12, 5, 2, 7, 9),
        lambda peer, batch: peer(batch.scalar, batch.position, batch.graph.edge_index()),
    ),
    (
        EGNNConfig(hidden_dim=11, num_layers=2, dropout=0.0),
        lambda: EdgeListEGNN(NUM_FEATURES, 11, 2, 0.0),
        lambda peer, batch: peer(batch.scalar, batch.position, batch.graph.edge_index())[0],
    ),
    (
        GearNetConfig(hidden_dim=9, num_layers=2),
        lambda: EdgeListGearNet(NUM_FEATURES, 9, 2, 7, None),
        lambda peer, batch: peer(batch.scalar, edge_lists(batch, 7), None),
    ),
    (
        GearNetEdgeConfig(hidden_dim=9, num_layers=2),
        lambda: EdgeListGearNet(NUM_FEATURES, 9, 2, 7, 7),
        lambda peer, batch: peer(batch.scalar, edge_lists(batch, 7), line_lists(batch, 7, 7)),
    ),
]


# torch_geometric's interaction blocks compile a helper with torch.jit.script when they are first used.
@pytest.mark.filterwarnings("ignore:.*torch.jit.script.*:DeprecationWarning")
@pytest.mark.parametrize("mode", ["train", "eval"])
@pytest.mark.parametrize(("config", "make_peer", "run_peer"), CASES, ids=[case[0].kind for case in CASES])
def test_gradients_equal_the_edge_list(
    config: EncoderConfig, make_peer: Callable[[], nn.Module], run_peer: Run, mode: str
) -> None:
    encoder = config.build(NUM_FEATURES).double()
    shake(encoder)
    peer = make_peer().double()
    state = encoder.state_dict()
    repeated = {key.replace(".mlp.", ".conv.nn."): value for key, value in state.items() if ".mlp." in key}
    peer.load_state_dict(state | (repeated if config.kind == "schnet" else {}), strict=True)
    for module in peer.modules():
        if hasattr(module, "shift"):
            module.shift = math.log(2.0)  # torch_geometric rounds it to float32
    found = {}
    for name, model in (("ours", encoder.train(mode == "train")), ("peer", peer.train(mode == "train"))):
        batch = pack(CHAINS, graph=config.graph)
        scalar, position = batch.scalar.requires_grad_(), batch.position.requires_grad_()
        graph = config.graph.build(position, batch.is_resolved, batch.residue_ptr, batch.chain_of)
        batch = batch.replace(scalar=scalar, position=position, graph=graph)
        residue = encoder(batch).residue if model is encoder else run_peer(peer, batch)
        residue.sin().sum().backward()
        grads = {key: value.grad for key, value in model.named_parameters() if value.grad is not None}
        found[name] = {"residue": residue.detach(), "scalar": scalar.grad, "position": position.grad, **grads}
    for key, ours in found["ours"].items():
        theirs = found["peer"].get(key)
        if theirs is None:
            assert "mlp_pos" in key, f"{key} has a gradient here only"
            continue
        scale = max(float(theirs.abs().max()), 1e-3)
        assert float((ours - theirs).abs().max()) < 1e-9 * scale, key
