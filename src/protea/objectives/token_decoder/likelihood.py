"""How likely a label is to a decoder: the sum over its tokens of their log-probability, given those before them.

Among what? By default among the tokens that the grammar allows: the probabilities of all labels then sum to 1, and
nothing is spent on learning the grammar (`docs/decisions`). Prot2Token's own loss takes all tokens of the vocabulary.
Natural logarithms. Axes: token (of all labels), step (of one), column.
"""

from collections.abc import Sequence

import torch
from jaxtyping import Bool, Float
from torch import Tensor
from torch.nn.functional import pad

from protea.objectives.token_decoder.grammar import Frame, Written
from protea.objectives.token_decoder.packs import Memory, pack_strings
from protea.objectives.token_decoder.transformer import TokenDecoder

__all__ = ["allowed_columns", "label_log_probs", "step_log_probs"]


def step_log_probs(
    decoder: TokenDecoder, memory: Memory, tasks: Sequence[str], strings: Sequence[tuple[int, ...]],
    frames: Sequence[Frame], proteins: Sequence[int], *, is_legal: bool = True,
) -> list[Float[Tensor, "step column"]]:  # fmt: skip
    """Return for each string the log-probabilities of all tokens at each of its steps.

    With `is_legal` they are those among the allowed tokens, -inf for others; without, among all.
    """
    if not strings:
        return []
    grammars = [decoder.grammar(task) for task in tasks]
    points = any(grammar.points for grammar in (grammars if is_legal else decoder.grammars.values()))
    pack = pack_strings(grammars, strings, proteins, memory)
    logits = decoder(memory, pack, points=points)
    if is_legal:
        rows = [
            allowed_columns(grammar.allowed_along(tokens, frame), logits.shape[1])
            for grammar, tokens, frame in zip(grammars, strings, frames, strict=True)
        ]
        logits = logits.masked_fill(~torch.cat(rows).to(logits.device), -torch.inf)
    return list(logits.log_softmax(-1).split(list(pack.lengths)))


def allowed_columns(mask: Bool[Tensor, "step some"], width: int) -> Bool[Tensor, "step column"]:
    """Return the mask with all further columns closed."""
    return pad(mask, (0, width - mask.shape[1]))


def label_log_probs(
    decoder: TokenDecoder, memory: Memory, tasks: Sequence[str], written: Sequence[Written],
    frames: Sequence[Frame], proteins: Sequence[int], *, is_legal: bool = True,
) -> Float[Tensor, " label"]:  # fmt: skip
    """Return the log-probability of each label: of its taught tokens, given all before them."""
    strings = [one.tokens for one in written]
    rows = step_log_probs(decoder, memory, tasks, strings, frames, proteins, is_legal=is_legal)
    found = []
    for log_prob, one in zip(rows, written, strict=True):
        column = torch.tensor([decoder.vocabulary.column(token) for token in one.tokens], device=log_prob.device)
        is_taught = torch.tensor(one.is_taught, device=log_prob.device)
        of_token = log_prob.gather(1, column[:, None])[:, 0]
        found.append(torch.where(is_taught, of_token, 0.0).sum())
    return torch.stack(found) if found else memory.state.new_zeros(0)
