"""CDConv: convolutions continuous in space and discrete along the sequence (Fan et al. 2023), as ProteinWorkshop ships
it.

Two blocks at each level; from level to level points pair up along their chain, and the radius and the channels grow.
SE(3)-invariant: frames of residues are right-handed. Frames, offsets and pairs never cross the border of a chain. The
original encodes the protein only; here a residue's encoding is that of the last level's point which it became part of.
Key names of the published weights: `embedding`, `layers.i.{identity, input, output}.module`,
`layers.i.conv.{W, WeightNet.Ws, WeightNet.bs}`.
"""

from typing import ClassVar, Literal

import torch
from jaxtyping import Float
from pydantic import Field, field_validator
from torch import Tensor, nn
from torch.nn.functional import leaky_relu

from protea.encoders.cdconv_frames import chain_numbers, residue_frames
from protea.encoders.cdconv_levels import Level, Relations, halve, mean_of_pairs, relations
from protea.encoders.cdconv_messages import kernel_sum
from protea.encoders.interface import Encoder, EncoderConfig, Encoding, Symmetry
from protea.encoders.pooling import Pool, pool_residues
from protea.features.edges.catalogue import GraphConfig, KNearest
from protea.features.interface import FeaturisedBatch

__all__ = ["CDConv", "CDConvConfig"]

_MOMENTUM, _SLOPE, _KERNEL_SLOPE = 0.2, 0.1, 0.2
_GEOMETRY = 7
"""Direction, cosines of the frames, distance."""


class CDConvConfig(EncoderConfig):
    """CDConv. The defaults are small; `published()` gives the sizes of the shipped weights."""

    finds_own_neighbours: ClassVar[bool] = True

    kind: Literal["cdconv"] = "cdconv"
    graph: GraphConfig = Field(default=KNearest(k=1), description="Not read: every level finds its own neighbours.")
    radius: float = Field(default=4.0, gt=0, description="Neighbours at the first level; n times that at the n-th, A.")
    kernel_size: int = Field(default=5, ge=3, description="Number of sequence offsets with a kernel of their own; odd.")
    kernel_channels: tuple[int, ...] = Field(default=(24,), min_length=1, description="Widths of the kernel network.")
    channels: tuple[int, ...] = Field(
        default=(64, 128), min_length=1, description="Width of each level; the last is the width of the encoding."
    )
    base_width: float = Field(default=64.0, gt=0, description="Width inside a block, per 64 channels.")
    embedding_dim: int = Field(default=16, ge=1, description="Width of the first state.")
    has_batch_norm: bool = Field(default=True, description="Normalise before every activation.")
    dropout: float = Field(default=0.2, ge=0, lt=1, description="Share of values dropped after activations.")
    has_bias: bool = Field(default=False, description="Biases in the maps of the blocks.")
    pool: Pool = Field(default="sum", description="How the last level's points make the protein.")

    @field_validator("kernel_size")
    @classmethod
    def _is_odd(cls, value: int) -> int:
        if value % 2 == 0:
            raise ValueError(f"expected an odd number, found {value}: offsets reach as far ahead as back")
        return value

    @classmethod
    def published(cls) -> "CDConvConfig":
        """Return the sizes of the published weights."""
        return cls(channels=(256, 512, 1024, 2048))

    def build(self, input_dim: int) -> "CDConv":
        """Return the encoder for features of this width."""
        return CDConv(self, input_dim)


class _Chain(nn.Module):
    """Modules in a row under the published name `module`."""

    def __init__(self, *modules: nn.Module) -> None:
        super().__init__()
        self.module = nn.Sequential(*modules)

    def forward(self, state: Float[Tensor, "point input"]) -> Float[Tensor, "point output"]:
        """Return the state after all of them."""
        found: Tensor = self.module(state)
        return found


def _activated(dim: int, config: CDConvConfig) -> list[nn.Module]:
    norm = [nn.BatchNorm1d(dim, momentum=_MOMENTUM)] if config.has_batch_norm else []
    return [*norm, nn.LeakyReLU(_SLOPE), nn.Dropout(config.dropout)]


def _map(input_dim: int, output_dim: int, config: CDConvConfig) -> list[nn.Module]:
    """Return normalisation, activation, dropout and a linear map."""
    return [*_activated(input_dim, config), nn.Linear(input_dim, output_dim, bias=config.has_bias)]


class _KernelNetwork(nn.Module):
    """From the geometry of a slot to its kernel, by maps of the slot's own sequence offset."""

    def __init__(self, kernel_size: int, channels: tuple[int, ...]) -> None:
        super().__init__()
        dims = (_GEOMETRY, *channels)
        self.Ws = nn.ParameterList(torch.empty(kernel_size, dims[i], dims[i + 1]) for i in range(len(channels)))
        self.bs = nn.ParameterList(torch.zeros(kernel_size, dim) for dim in channels)
        for weight in self.Ws:
            bound = (weight.shape[1] * weight.shape[2]) ** -0.5
            nn.init.uniform_(weight, -bound, bound)

    def forward(self, heard: Relations) -> Float[Tensor, "point slot kernel"]:
        """Return the kernels, weighted; in at least float32, for the distance is one of the inputs."""
        with torch.autocast(heard.weight.device.type, enabled=False):
            state = heard.geometry
            for weight, bias in zip(self.Ws, self.bs, strict=True):
                # The state stands in the columns of its offset, so that one product serves all offsets.
                spread = (heard.offset[:, :, :, None] * state[:, :, None]).flatten(2)
                own = heard.offset @ bias.to(state.dtype)
                state = leaky_relu(spread @ weight.flatten(0, 1).to(state.dtype) + own, _KERNEL_SLOPE)
            return state * heard.weight[:, :, None]


class _Convolution(nn.Module):
    """The convolution between the two maps of a block."""

    def __init__(self, config: CDConvConfig, dim: int) -> None:
        super().__init__()
        self.WeightNet = _KernelNetwork(config.kernel_size, config.kernel_channels)
        self.W = nn.Parameter(torch.empty(config.kernel_channels[-1] * dim, dim))
        nn.init.uniform_(self.W, -(dim**-0.5), dim**-0.5)

    def forward(self, state: Float[Tensor, "point channel"], heard: Relations) -> Float[Tensor, "point channel"]:
        """Return the mapped sum over neighbours."""
        return kernel_sum(state, self.WeightNet(heard), self.W, heard.incidence)


class _Block(nn.Module):
    """One residual update."""

    def __init__(self, config: CDConvConfig, input_dim: int, output_dim: int) -> None:
        super().__init__()
        width = int(output_dim * (config.base_width / 64.0))
        is_same = input_dim == output_dim
        self.identity = nn.Identity() if is_same else _Chain(*_map(input_dim, output_dim, config))
        self.input = _Chain(*_map(input_dim, width, config), *_activated(width, config))
        self.conv = _Convolution(config, width)
        self.output = _Chain(*_map(width, output_dim, config))

    def forward(self, state: Float[Tensor, "point input"], heard: Relations) -> Float[Tensor, "point output"]:
        """Return the new state."""
        found: Tensor = self.output(self.conv(self.input(state), heard)) + self.identity(state)
        return found


class CDConv(Encoder):
    """The CDConv encoder (see the module docstring)."""

    symmetry: ClassVar[Symmetry] = "SE(3)-invariant"
    config: CDConvConfig

    def __init__(self, config: CDConvConfig, input_dim: int) -> None:
        super().__init__()
        self.config = config
        self.output_dim = config.channels[-1]
        self.embedding = nn.Linear(input_dim, config.embedding_dim)
        dims = (config.embedding_dim, *config.channels)
        self.layers = nn.ModuleList(
            _Block(config, before, after) for i, after in enumerate(config.channels) for before in (dims[i], after)
        )

    def forward(self, inputs: FeaturisedBatch) -> Encoding:
        """Return residue and protein encodings."""
        level = self._first_level(inputs)
        state = self.embedding(inputs.scalar.to(self.embedding.weight.dtype))
        point_of = torch.arange(len(state), device=state.device)
        for i in range(len(self.config.channels)):
            if i:
                level, pair_of = halve(level)
                state, point_of = mean_of_pairs(state, pair_of), pair_of[point_of]
            heard = relations(level, self.config.radius * (i + 1), self.config.kernel_size)
            for layer in self.layers[2 * i : 2 * i + 2]:
                state = layer(state, heard)
        return Encoding(state[point_of], pool_residues(state, level.point_ptr, self.config.pool))

    def _first_level(self, inputs: FeaturisedBatch) -> Level:
        wide = torch.promote_types(self.embedding.weight.dtype, torch.float32)
        position = torch.where(inputs.is_resolved[:, None], inputs.position, 0.0).to(wide)
        multiple = 1 << (len(self.config.channels) - 1)
        gap = multiple * (self.config.kernel_size // 2 + 1)
        number = chain_numbers(inputs.residue_ptr, inputs.chain_of, multiple, gap)
        frame = residue_frames(position, inputs.is_resolved, number)
        return Level(position, inputs.is_resolved, frame, number, inputs.residue_ptr)
