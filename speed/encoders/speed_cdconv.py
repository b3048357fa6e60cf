"""CDConv, forward and backward, against an outer product per edge and index_add.

The map that follows the sum (up to 49,152 rows by 2,048 columns) is the same in both and takes most of the time at the
published sizes, so that the ratio cannot be much above 1 in the same precision.
"""

import torch

from protea.encoders.cdconv import CDConvConfig
from speed.encoders.cdconv_peer import EdgeListCDConv
from speed.encoders.inputs import NUM_FEATURES, batch
from speed.encoders.step import rows_of_goals
from speed.harness import Row


def measure(repeats: int) -> list[Row]:
    torch.manual_seed(0)
    config = CDConvConfig.published()
    inputs = batch(config.graph)
    ours = config.build(NUM_FEATURES)
    peer = EdgeListCDConv(ours)
    return rows_of_goals(
        "CDConv",
        ours,
        peer,
        lambda: ours(inputs).protein,
        lambda: peer(inputs.scalar, inputs.position, inputs.residue_ptr),
        repeats,
        goals=(1.5, 2.5),
    )


def test_same_mathematics() -> None:
    config = CDConvConfig(radius=6.0, channels=(16, 24), kernel_channels=(5,), dropout=0.0)
    inputs = batch(config.graph, num_proteins=2, length=31)
    ours = config.build(NUM_FEATURES)
    expected = EdgeListCDConv(ours)(inputs.scalar, inputs.position, inputs.residue_ptr)
    torch.testing.assert_close(ours(inputs).protein, expected, rtol=1e-4, atol=1e-3)
