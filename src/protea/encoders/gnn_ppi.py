"""GNN-PPI's sequence encoder: a convolution, a recurrence and a linear map over 13 numbers per residue.

    Conv1d(13 -> c, kernel 3, no padding), BatchNorm, MaxPool(3), bidirectional GRU(c), mean, Linear

Published (Lv et al. 2021), a sequence is cut or zero-padded to `length` residues, the recurrence runs through the
padding, and the mean is over the 2 c channels of the GRU, so the linear map reads one number per pooled place. With
`average: length` the mean is over the places that the sequence really has, nothing is cut, and padding is never read;
weights of one do not fit the other. It makes one vector per protein and none per residue, so it is no `Encoder`; its
tensors have the published names. Axes: residue (packed), protein, place (pooled), channel.
"""

from typing import Literal

import torch
from jaxtyping import Float, Int
from pydantic import Field, model_validator
from torch import Tensor, nn
from torch.nn.utils.rnn import pack_padded_sequence, pad_packed_sequence

from protea.config import Config
from protea.errors import ContractError, describe
from protea.geometry.segments import lengths_of, segment_of

__all__ = ["GNNPPISequence", "GNNPPISequenceConfig"]

_KERNEL = 3
_NUM_COLUMNS = 13


class GNNPPISequenceConfig(Config):
    """Sizes of the sequence encoder; the defaults are those of the published checkpoints."""

    length: int = Field(2000, ge=6, description="Residues read of each protein, published average only.")
    columns: int = Field(_NUM_COLUMNS, ge=1, description="Numbers per residue.")
    channels: int = Field(1, ge=1, description="Channels of the convolution and of each direction of the GRU.")
    pool: int = Field(3, ge=1, description="Places that are pooled to one.")
    output_dim: int = Field(256, ge=1, description="Width of the protein vector.")
    average: Literal["channels", "length"] = Field(
        "channels", description="`channels`: as published; `length`: over the places of the sequence."
    )

    @model_validator(mode="after")
    def _linear_map_fits(self) -> "GNNPPISequenceConfig":
        if self.average == "channels" and (self.length - _KERNEL + 1) // self.pool != self.length // self.pool:
            raise ValueError(
                f"length {self.length}: the convolution leaves {(self.length - _KERNEL + 1) // self.pool} places, the "
                f"published linear map reads {self.length // self.pool}; take a length of {self.pool} n + 2"
            )
        return self

    def build(self) -> "GNNPPISequence":
        """Return the encoder."""
        return GNNPPISequence(self)


class GNNPPISequence(nn.Module):
    """One vector per packed sequence; `conv1d`, `bn1`, `biGRU` and `fc1` as in the published checkpoints."""

    def __init__(self, config: GNNPPISequenceConfig) -> None:
        super().__init__()
        self.config = config
        self.conv1d = nn.Conv1d(config.columns, config.channels, _KERNEL)
        self.bn1 = nn.BatchNorm1d(config.channels)
        self.biGRU = nn.GRU(config.channels, config.channels, bidirectional=True, batch_first=True)
        num_inputs = config.length // config.pool if config.average == "channels" else 2 * config.channels
        self.fc1 = nn.Linear(num_inputs, config.output_dim)

    def forward(
        self, residue: Float[Tensor, "residue column"], residue_ptr: Int[Tensor, " protein_plus_1"]
    ) -> Float[Tensor, "protein output"]:
        """Return a vector per protein.

        Raises:
            ContractError: with the mean over length, if a protein is too short to leave one pooled place.
        """
        if self.config.average == "channels":
            state, _ = self.biGRU(self.pooled(residue, residue_ptr))
            return self.fc1(state.mean(dim=2))
        return self.fc1(self._mean_over_length(residue, residue_ptr))

    def pooled(
        self, residue: Float[Tensor, "residue column"], residue_ptr: Int[Tensor, " protein_plus_1"]
    ) -> Float[Tensor, "protein place channel"]:
        """Return what the recurrence reads, as published: padding included."""
        rows = _padded(residue, residue_ptr, self.config.length)
        mapped = self.bn1(self.conv1d(rows.transpose(1, 2)))
        return nn.functional.max_pool1d(mapped, self.config.pool).transpose(1, 2)

    def _mean_over_length(
        self, residue: Float[Tensor, "residue column"], residue_ptr: Int[Tensor, " protein_plus_1"]
    ) -> Float[Tensor, "protein channel"]:
        """Return the mean of the recurrence over the places that a sequence has; padding enters nothing."""
        lengths = lengths_of(residue_ptr)
        num_places = (lengths - _KERNEL + 1).div(self.config.pool, rounding_mode="floor")
        if bool((num_places < 1).any()):
            short = int((num_places < 1).nonzero()[0])
            raise ContractError(
                describe("too short to leave a pooled place", where=f"protein {short} of the batch",
                         expected=f"at least {self.config.pool + _KERNEL - 1} residues", found=str(int(lengths[short])))
            )  # fmt: skip
        rows = _padded(residue, residue_ptr, int(lengths.max()))
        mapped = self.conv1d(rows.transpose(1, 2)).transpose(1, 2)
        is_place = torch.arange(mapped.shape[1], device=mapped.device) < (lengths - _KERNEL + 1)[:, None]
        # Statistics of the batch are those of places that exist.
        normed = torch.zeros_like(mapped).index_put((is_place,), self.bn1(mapped[is_place]))
        places = nn.functional.max_pool1d(normed.transpose(1, 2), self.config.pool).transpose(1, 2)
        packed = pack_padded_sequence(places, num_places.cpu(), batch_first=True, enforce_sorted=False)
        state, _ = pad_packed_sequence(self.biGRU(packed)[0], batch_first=True)
        return state.sum(dim=1) / num_places[:, None].to(state.dtype)


def _padded(
    residue: Float[Tensor, "residue column"], residue_ptr: Int[Tensor, " protein_plus_1"], length: int
) -> Float[Tensor, "protein length column"]:
    """Return the first `length` residues of each protein as rows, zeros beyond its end."""
    protein = segment_of(residue_ptr, len(residue))
    place = torch.arange(len(residue), device=residue.device) - residue_ptr[protein]
    is_read = place < length
    rows = residue.new_zeros((len(residue_ptr) - 1, length, residue.shape[1]))
    return rows.index_put((protein[is_read], place[is_read]), residue[is_read])
