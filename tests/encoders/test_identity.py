"""What goes in comes out."""

import torch

from protea.encoders.identity import IdentityConfig
from protea.geometry.segments import segment_mean
from tests.encoders.proteins import NUM_FEATURES, pack, walk


def test_hands_on_the_features_and_their_mean() -> None:
    batch = pack([walk(4, seed=1), walk(2, seed=2)])
    encoder = IdentityConfig().build(NUM_FEATURES)
    found = encoder(batch)
    assert encoder.output_dim == NUM_FEATURES
    assert not list(encoder.parameters())
    assert torch.equal(found.residue, batch.scalar)
    assert torch.equal(found.protein, segment_mean(batch.scalar, batch.residue_ptr))
