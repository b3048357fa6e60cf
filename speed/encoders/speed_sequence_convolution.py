"""Convolutions along packed chains, forward and backward, against the same blocks over a padded batch (Conv1d)."""

import pytest
import torch
from torch import Tensor, nn
from torch.nn.utils.rnn import pad_sequence

from protea.encoders.sequence_convolution import SequenceConvolution, SequenceConvolutionConfig
from protea.features.interface import FeaturisedBatch
from speed.encoders.inputs import NUM_FEATURES, batch
from speed.encoders.step import rows_of_goals
from speed.harness import Row

_LENGTHS = (60, 90, 120, 180, 240, 310, 390, 530)
"""As proteins come: the longest is twice the mean."""


class PaddedConvolution(nn.Module):
    """The blocks of the encoder with `Conv1d` over a padded batch, padding zeroed before each convolution."""

    def __init__(self, packed: SequenceConvolution) -> None:
        super().__init__()
        self.packed = packed
        self.convolutions = nn.ModuleList()
        for block, dilation in zip(packed.blocks, packed.config.dilations, strict=True):
            own = block.convolution
            convolution = nn.Conv1d(*own.weight.shape[1:], len(own.offsets), padding="same", dilation=dilation)
            convolution.weight.data.copy_(own.weight.detach().permute(1, 2, 0))
            convolution.bias.data.copy_(own.bias.detach())
            self.convolutions.append(convolution)

    def forward(self, scalar: Tensor, lengths: list[int]) -> Tensor:
        """Return the encodings of all residues, padding left out."""
        padded = pad_sequence(list(scalar.split(lengths)), batch_first=True)
        is_real = torch.arange(padded.shape[1])[None] < torch.tensor(lengths)[:, None]
        state = self.packed.embedding(padded)
        for block, convolution in zip(self.packed.blocks, self.convolutions, strict=True):
            hidden = block.shrink(state) * is_real[..., None]
            state = state + block.grow(convolution(hidden.transpose(1, 2)).transpose(1, 2))
        found: Tensor = self.packed.last_norm(state)[is_real]
        return found


def _inputs(lengths: tuple[int, ...]) -> FeaturisedBatch:
    whole = batch(SequenceConvolutionConfig().graph, 1, sum(lengths))
    return whole.replace(residue_ptr=torch.tensor([0, *lengths]).cumsum(0))


def measure(repeats: int) -> list[Row]:
    torch.manual_seed(0)
    inputs = _inputs(_LENGTHS)
    ours = SequenceConvolutionConfig().build(NUM_FEATURES)
    peer = PaddedConvolution(ours)
    return rows_of_goals(
        "sequence_convolution", ours, peer, lambda: ours(inputs).residue,
        lambda: peer(inputs.scalar, list(_LENGTHS)), repeats, goals=(1.5, 1.5),
    )  # fmt: skip


@pytest.mark.parametrize("lengths", [(30, 7, 1), (12,)])
def test_same_mathematics(lengths: tuple[int, ...]) -> None:
    inputs = _inputs(lengths)
    ours = SequenceConvolutionConfig(width=16, hidden_dim=8, num_blocks=4).build(NUM_FEATURES)
    expected = PaddedConvolution(ours)(inputs.scalar, list(lengths))
    torch.testing.assert_close(ours(inputs).residue, expected, rtol=1e-4, atol=1e-4)
