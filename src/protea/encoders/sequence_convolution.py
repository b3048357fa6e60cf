"""Dilated convolutions along the chain: ByteNet blocks, as in the protein language model CARP (Yang, Fusi & Lu 2022).

    x += grow(act(norm(conv(act(norm(shrink(act(norm(x))))))))    with a kernel of 5 and dilations 1, 2, 4, ..., again

Time is linear in the length. What stands beyond the ends of a chain counts as zero, so chains never see each other. No
position, structure or graph is read. Axes: residue (packed), channel.
"""

from typing import ClassVar, Literal

import torch
from jaxtyping import Float, Int
from pydantic import Field, field_validator
from torch import Tensor, nn

from protea.encoders.interface import Encoder, EncoderConfig, Encoding, Symmetry
from protea.encoders.pooling import Pool, pool_residues
from protea.features.edges.catalogue import GraphConfig, KNearest
from protea.features.interface import FeaturisedBatch

__all__ = ["ChainConvolution", "SequenceConvolution", "SequenceConvolutionConfig", "places_in_chains"]


class SequenceConvolutionConfig(EncoderConfig):
    """Convolutions along the chain; no graph is read. The sizes are those of CARP-600k."""

    reads_positions: ClassVar[bool] = False

    kind: Literal["sequence_convolution"] = "sequence_convolution"
    graph: GraphConfig = Field(default=KNearest(k=1), description="Not read.")
    width: int = Field(default=128, gt=0, description="Channels of the state.")
    hidden_dim: int = Field(default=64, gt=0, description="Channels that are convolved.")
    num_blocks: int = Field(default=16, gt=0, description="Number of blocks.")
    kernel: int = Field(default=5, gt=0, description="Residues that a convolution reads; odd.")
    max_dilation: int = Field(default=128, gt=0, description="Dilations double from block to block up to this one.")
    dropout: float = Field(default=0.0, ge=0, lt=1, description="Share of the state dropped after each block.")
    pool: Pool = Field(default="mean", description="How residues make the protein.")

    @field_validator("kernel")
    @classmethod
    def _check_kernel_has_a_middle(cls, value: int) -> int:
        if value % 2 == 0:
            raise ValueError("an even kernel has no middle")
        return value

    @property
    def dilations(self) -> tuple[int, ...]:
        """Return the dilation of each block."""
        num = self.max_dilation.bit_length()
        return tuple(2 ** (block % num) for block in range(self.num_blocks))

    def build(self, input_dim: int) -> "SequenceConvolution":
        """Return the encoder for features of this width."""
        return SequenceConvolution(self, input_dim)


class ChainConvolution(nn.Module):
    """A convolution along packed chains, made as one product and a shifted sum: nothing is padded or gathered."""

    def __init__(self, channels: int, kernel: int, dilation: int) -> None:
        super().__init__()
        self.offsets = tuple(dilation * step for step in range(-(kernel // 2), kernel // 2 + 1))
        # A row per offset, each [out, in]: drawn as a convolution of this fan-in is.
        bound = (channels * kernel) ** -0.5
        self.weight = nn.Parameter(torch.empty(kernel, channels, channels).uniform_(-bound, bound))
        self.bias = nn.Parameter(torch.empty(channels).uniform_(-bound, bound))

    def forward(
        self, state: Float[Tensor, "residue channel"], before: Int[Tensor, " residue"], after: Int[Tensor, " residue"]
    ) -> Float[Tensor, "residue channel"]:
        """Return the sum over offsets; `before` and `after` count the residues of the chain on both sides."""
        num = len(state)
        told = nn.functional.linear(state, self.weight.flatten(0, 1)).unflatten(-1, self.weight.shape[:2])
        middle = len(self.offsets) // 2
        heard = told[:, middle] + self.bias.to(told.dtype)
        # On a GPU the rows below would have to be waited for.
        is_in_place = not torch.is_grad_enabled() and state.device.type == "cpu"
        for place, offset in enumerate(self.offsets):
            if offset == 0 or abs(offset) >= num:
                continue
            first, last = max(0, -offset), min(num, num - offset)
            part = told[first + offset : last + offset, place]
            if is_in_place:
                # What no residue of the chain hears becomes zero, then one sum: half the time.
                unheard = (before < offset) if offset > 0 else (after < -offset)
                told[:, place].index_fill_(0, unheard.nonzero()[:, 0], 0)
                heard[first:last] += part
            else:
                sees = (after >= offset) if offset > 0 else (before >= -offset)
                part = torch.where(sees[first:last, None], part, 0)
                heard = heard + nn.functional.pad(part, (0, 0, first, num - last))
        return heard


class _Block(nn.Module):
    def __init__(self, config: SequenceConvolutionConfig, dilation: int) -> None:
        super().__init__()
        width, hidden = config.width, config.hidden_dim
        self.shrink = nn.Sequential(nn.LayerNorm(width), nn.GELU(), nn.Linear(width, hidden), nn.LayerNorm(hidden),
                                    nn.GELU())  # fmt: skip
        self.convolution = ChainConvolution(hidden, config.kernel, dilation)
        self.grow = nn.Sequential(nn.LayerNorm(hidden), nn.GELU(), nn.Linear(hidden, width),
                                  nn.Dropout(config.dropout))  # fmt: skip

    def forward(self, state: Tensor, before: Tensor, after: Tensor) -> Tensor:
        change: Tensor = self.grow(self.convolution(self.shrink(state), before, after))
        return state + change


class SequenceConvolution(Encoder):
    """Residue encodings are the normalised state after all blocks."""

    symmetry: ClassVar[Symmetry] = "E(3)-invariant"
    config: SequenceConvolutionConfig

    def __init__(self, config: SequenceConvolutionConfig, input_dim: int) -> None:
        super().__init__()
        self.config = config
        self.output_dim = config.width
        self.embedding = nn.Linear(input_dim, config.width)
        self.blocks = nn.ModuleList(_Block(config, dilation) for dilation in config.dilations)
        self.last_norm = nn.LayerNorm(config.width)

    def forward(self, inputs: FeaturisedBatch) -> Encoding:
        """Return the state of every residue, and the pool over each protein."""
        before, after = places_in_chains(inputs.residue_ptr, inputs.chain_of)
        state = self.embedding(inputs.scalar.to(self.embedding.weight.dtype))
        for block in self.blocks:
            state = block(state, before, after)
        residue = self.last_norm(state)
        return Encoding(residue, pool_residues(residue, inputs.residue_ptr, self.config.pool))


def places_in_chains(
    residue_ptr: Int[Tensor, " protein_plus_1"], chain_of: Int[Tensor, " residue"]
) -> tuple[Int[Tensor, " residue"], Int[Tensor, " residue"]]:
    """Return how many residues of its own chain stand before each residue, and how many after it."""
    num = len(chain_of)
    rows = torch.arange(num, device=chain_of.device)
    is_first = torch.ones(num + 1, dtype=torch.bool, device=chain_of.device)
    is_first[1:num] = chain_of[1:] != chain_of[:-1]
    is_first[residue_ptr] = True
    start = is_first.nonzero()[:, 0]
    chain = is_first[:num].cumsum(0) - 1
    return rows - start[chain], start[chain + 1] - 1 - rows
