"""From the last state to scores of letters."""

import torch
from jaxtyping import Float
from torch import Tensor, nn
from torch.nn.functional import gelu, linear

from protea.encoders.language.norms import norm_layer

__all__ = ["LanguageHead"]


class LanguageHead(nn.Module):
    """`decoder(norm(gelu(dense(x))))`; without `has_dense` the decoder alone.

    A tied decoder is the table of token embeddings, which is passed in, and a bias of its own.
    """

    def __init__(
        self, width: int, num_letters: int, *, has_dense: bool = True, is_tied: bool = False, norm_eps: float = 1e-5
    ) -> None:
        super().__init__()
        self.num_letters = num_letters
        self.dense = nn.Linear(width, width) if has_dense else None
        self.norm = norm_layer("layer", width, norm_eps) if has_dense else None
        self.decoder = None if is_tied else nn.Linear(width, num_letters)
        self.bias = nn.Parameter(torch.zeros(num_letters)) if is_tied else None

    def forward(
        self, state: Float[Tensor, "token channel"], table: Float[Tensor, "row channel"] | None = None
    ) -> Float[Tensor, "token letter"]:
        """Return a score (logit) per letter; a tied decoder needs the table."""
        if self.dense is not None and self.norm is not None:
            state = self.norm(gelu(self.dense(state)))
        if self.decoder is not None:
            return self.decoder(state)
        assert table is not None
        return linear(state, table, self.bias)
