"""From tokens to the first state: token table, token dropout, learned places, normalisation before the blocks."""

import torch
from jaxtyping import Float
from torch import Tensor, nn

from protea.encoders.language.norms import norm_layer
from protea.encoders.language.tokens import TokenBatch
from protea.errors import InputError, describe

__all__ = ["TokenEmbedding", "token_dropout"]

_TRAINED_SHARE = 0.15 * 0.8
"""Share of tokens that ESM models saw masked in training."""
_FIRST_PLACE = 2
"""The row of the first token in a table of learned places; the rows before it are those of padding."""


class TokenEmbedding(nn.Module):
    """The first state of every token.

    Attributes:
        mask_id: the token whose embedding is zero under token dropout; None for models without it.
        max_tokens: rows of the table of learned places; None for models without one.
    """

    def __init__(
        self, num_letters: int, width: int, *, mask_id: int | None = None, max_tokens: int | None = None,
        has_norm: bool = False, norm_eps: float = 1e-5,
    ) -> None:  # fmt: skip
        super().__init__()
        self.mask_id, self.max_tokens = mask_id, max_tokens
        self.token = nn.Embedding(num_letters, width)
        self.place = None if max_tokens is None else nn.Embedding(max_tokens + _FIRST_PLACE, width)
        self.norm = norm_layer("layer", width, norm_eps) if has_norm else None

    def forward(self, tokens: TokenBatch, *, has_dropout: bool = True) -> Float[Tensor, "token channel"]:
        """Return the states; raise InputError if a sequence is longer than the table of places.

        Without `has_dropout` a model with token dropout reads hidden residues as any other token.
        """
        state = self.token(tokens.token)
        if self.mask_id is not None and has_dropout:
            state = token_dropout(state, tokens, self.mask_id)
        if self.place is not None:
            self._require_short(tokens)
            state = state + self.place(tokens.place + _FIRST_PLACE)
        return state if self.norm is None else self.norm(state)

    def of_prompts(self, rows: Float[Tensor, "prompt channel"]) -> Float[Tensor, "prompt channel"]:
        """Return the first states of prompts, which have no place."""
        return rows if self.norm is None else self.norm(rows)

    def _require_short(self, tokens: TokenBatch) -> None:
        longest = max(tokens.lengths)
        if self.max_tokens is not None and longest > self.max_tokens:
            raise InputError(
                describe("a sequence is longer than the learned places of the model", where="language model",
                         expected=f"at most {self.max_tokens} tokens with the special ones", found=str(longest),
                         do="Read it in overlapping windows.")
            )  # fmt: skip


def token_dropout(
    state: Float[Tensor, "token channel"], tokens: TokenBatch, mask_id: int
) -> Float[Tensor, "token channel"]:
    """Return the embeddings as ESM models were trained: masked ones zero, the rest scaled, per sequence.

    The factor is (1 - .12) / (1 - share of masked tokens), special tokens counted: .88 without any mask.
    """
    is_masked = tokens.token == mask_id
    # Half precision would round the factor itself, an error common to all tokens.
    dtype = torch.promote_types(state.dtype, torch.float32)
    lengths = torch.tensor(tokens.lengths, device=state.device, dtype=dtype)
    num_masked = torch.zeros_like(lengths).index_add_(0, tokens.sequence_of, is_masked.to(dtype))
    factor = (1 - _TRAINED_SHARE) / (1 - num_masked / lengths)
    # A sequence of masks only has an infinite factor, and nothing that it would scale.
    factor_of_token = torch.where(is_masked, 0.0, factor[tokens.sequence_of])
    return (state * factor_of_token[:, None]).to(state.dtype)
