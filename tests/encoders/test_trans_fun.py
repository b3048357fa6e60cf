"""TransFun: a layer worked by hand, and independence of what else is in the batch, in training too."""

import pytest
import torch

from protea.encoders.catalogue import parse_encoder
from protea.encoders.trans_fun import TransFunConfig
from speed.encoders.speed_trans_fun import EdgeListTransFun
from tests.encoders.proteins import NUM_FEATURES, pack, shake, walk

CHAINS = (walk(21, seed=1, hide=(4,)), walk(1, seed=2), walk(9, seed=3))
CONFIG = TransFunConfig(width=8, hidden_dim=6, num_layers=2)


def test_equals_an_edge_list_with_every_map_on_the_edges() -> None:
    encoder = CONFIG.build(NUM_FEATURES).double()
    shake(encoder)
    peer = EdgeListTransFun(CONFIG, NUM_FEATURES).double()
    peer.load_state_dict(encoder.state_dict())
    batch = pack(CHAINS, graph=CONFIG.graph)
    found = encoder(batch)
    residue, protein, position = peer(batch)
    torch.testing.assert_close(found.residue, residue)
    torch.testing.assert_close(found.protein, protein)
    torch.testing.assert_close(found.position, position)


@pytest.mark.parametrize("mode", ["train", "eval"])
def test_a_protein_is_encoded_alike_whatever_stands_beside_it(mode: str) -> None:
    """Published, the mean positions of the others reach it through messages between all proteins of the batch."""
    encoder = CONFIG.build(NUM_FEATURES).double().train(mode == "train")
    shake(encoder)
    alone = encoder(pack(CHAINS[:1], graph=CONFIG.graph))
    beside = encoder(pack(CHAINS, graph=CONFIG.graph))
    far = encoder(pack((CHAINS[0], walk(30, seed=9)), graph=CONFIG.graph))
    for other in (beside, far):
        torch.testing.assert_close(other.protein[:1], alone.protein)
        torch.testing.assert_close(other.residue[:21], alone.residue)


def test_messages_between_proteins_would_break_that() -> None:
    """The published stack over proteins, on the same weights: what it says of the first one moves with the second."""
    peer = EdgeListTransFun(CONFIG, NUM_FEATURES).double()
    shake(peer)
    said = [peer.published_pools(pack(chains, graph=CONFIG.graph))[0] for chains in (CHAINS, (CHAINS[0], CHAINS[2]))]
    assert float((said[0] - said[1]).abs().max().detach()) > 1e-6  # rounding would give 1e-15


def test_states_of_a_sequence_model_are_its_node_features_by_serial_fusion() -> None:
    tree = {
        "kind": "fusion", "how": "serial", "sequence": {"kind": "sequence_convolution", "hidden_dim": 12},
        "structure": {"kind": "trans_fun", "width": 8, "hidden_dim": 6},
    }  # fmt: skip
    encoder = parse_encoder(tree).build(NUM_FEATURES).double().eval()
    assert encoder.structure.stacks[0].first.in_features == encoder.sequence.output_dim  # type: ignore[union-attr, index]
    found = encoder(pack(CHAINS, graph=encoder.config.graph))
    assert found.residue.shape == (31, encoder.output_dim)
