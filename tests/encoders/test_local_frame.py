"""The local frame knows hands where nothing but CA positions tells them."""

import torch

from protea.encoders.local_frame import LocalFrameConfig
from tests.encoders.proteins import Chain, pack, walk


def chains(mirror: float) -> list[Chain]:
    chain = walk(30, seed=1)
    position = chain.position * torch.tensor([1.0, 1.0, mirror], dtype=torch.float64)
    return [Chain(torch.ones(30, 1, dtype=torch.float64), position, chain.is_resolved, chain.chain_of)]


def test_a_mirror_image_with_the_same_features_has_another_encoding() -> None:
    encoder = LocalFrameConfig(hidden_dim=16, num_layers=1).build(1).double()
    with torch.no_grad():
        left, right = encoder(pack(chains(1.0))).residue, encoder(pack(chains(-1.0))).residue
    assert float((left - right).abs().max()) > 0.01 * float(left.abs().max())


def test_two_residues_have_no_frame_and_only_distance_counts() -> None:
    encoder = LocalFrameConfig(hidden_dim=16).build(7).double()
    pair = walk(2, seed=1)
    with torch.no_grad():
        found = encoder(pack([pair])).residue
        mirrored = encoder(pack([Chain(pair.scalar, -pair.position, pair.is_resolved, pair.chain_of)])).residue
    torch.testing.assert_close(found, mirrored)
