"""What every head over two proteins is: a state per protein, made once, and logits of two states.

The parts are apart so that all pairs of a proteome cost one reading of each protein: a tile of pairs is two blocks of
states that broadcast against each other. Axes: protein, residue (packed), pair, channel, output.
"""

from abc import ABC, abstractmethod

from jaxtyping import Float, Int
from torch import Tensor, nn

from protea.config import Config

__all__ = ["PairHead", "PairHeadConfig"]


class PairHead(nn.Module, ABC):
    """Base of all heads over two proteins.

    `is_symmetric` says that swapping the two proteins changes nothing (beyond rounding); `reads_residues` that the
    state is made of residues, so that one vector per protein does not do.
    """

    is_symmetric: bool
    reads_residues: bool = False

    @abstractmethod
    def state(
        self, residue: Float[Tensor, "residue channel"] | None, residue_ptr: Int[Tensor, " protein_plus_1"] | None,
        protein: Float[Tensor, "protein channel"] | None,
    ) -> Float[Tensor, "protein *state"]:  # fmt: skip
        """Return what is kept of each protein; a head reads the residues or the protein vectors and leaves the other.

        Raises:
            ContractError: if what the head reads is None.
        """

    @abstractmethod
    def logits(self, first: Float[Tensor, "..."], second: Float[Tensor, "..."]) -> Float[Tensor, "... output"]:
        """Return the logits of states that broadcast: `[pair, *state]` each, or `[a, 1, *state]` and `[b, *state]`."""

    def forward(
        self, protein: Float[Tensor, "protein channel"], pair: Int[Tensor, "pair 2"],
        residue: Float[Tensor, "residue channel"] | None = None,
        residue_ptr: Int[Tensor, " protein_plus_1"] | None = None,
    ) -> Float[Tensor, "pair output"]:  # fmt: skip
        """Return the logits of pairs of rows of `protein`."""
        state = self.state(residue, residue_ptr, protein)
        return self.logits(state[pair[:, 0]], state[pair[:, 1]])


class PairHeadConfig(Config, ABC):
    """Base of the settings of heads over two proteins; the subclass adds `kind: Literal[...]`."""

    kind: str

    @abstractmethod
    def build(self, input_dim: int, output_dim: int) -> PairHead:
        """Return the head for embeddings of this width."""
