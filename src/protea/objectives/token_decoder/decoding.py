"""Labels written by a decoder: token by token, the likeliest or the likeliest few, with what was written kept.

A beam of 1 is greedy. Under the grammar everything that is written can be read. Without it a string may be none of the
grammar's, or find no end; it is then marked so. Natural logarithms. Axes: row (of strings that grow together), column.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import torch
from jaxtyping import Float
from torch import Tensor

from protea.errors import InputError
from protea.objectives.token_decoder.attention import GrowingLabels
from protea.objectives.token_decoder.grammar import Frame, Grammar, State
from protea.objectives.token_decoder.likelihood import allowed_columns
from protea.objectives.token_decoder.packs import Memory, TokenPack, spoken_of
from protea.objectives.token_decoder.transformer import TokenDecoder
from protea.objectives.token_decoder.vocabulary import END, FIRST_RESIDUE

__all__ = ["Decoded", "decode"]


@dataclass(frozen=True)
class Decoded:
    """A string, its log-probability (its confidence), and whether it is a label."""

    tokens: tuple[int, ...]
    log_prob: float
    is_parsed: bool


@dataclass(frozen=True)
class _Growing:
    protein: int
    tokens: tuple[int, ...]
    log_prob: float
    state: State = ()
    row: int = 0


@torch.no_grad()
def decode(
    decoder: TokenDecoder, memory: Memory, task: str, frames: Sequence[Frame], *, beam: int = 1, is_legal: bool = True
) -> list[list[Decoded]]:
    """Return the strings of a task for each protein, the likeliest first; as many as the beam is wide, or fewer.

    The decoder is used as it is: put it into evaluation mode. With a beam at least as wide as there are labels, all of
    them are found with their probabilities.
    """
    grammar = decoder.grammar(task)
    points = any(one.points for one in ([grammar] if is_legal else decoder.grammars.values()))
    kept = GrowingLabels(len(decoder.blocks))
    growing = [_Growing(protein, (), 0.0) for protein in range(len(frames))]
    ended: list[list[Decoded]] = [[] for _ in frames]
    step = 0
    while growing:
        pack = _newest(grammar, growing, step, memory)
        logits = decoder.logits(memory, pack, kept, points=points)
        if is_legal:
            rows = [grammar.allowed(one.state, frames[one.protein])[None] for one in growing]
            mask = torch.cat([allowed_columns(row, logits.shape[1]) for row in rows])
            logits = logits.masked_fill(~mask.to(logits.device), -torch.inf)
        growing = _continued(grammar, growing, logits.log_softmax(-1), frames, ended, beam, is_legal)
        kept.follow(torch.tensor([one.row for one in growing], dtype=torch.long, device=logits.device))
        step += 1
    return ended


def _newest(grammar: Grammar, growing: Sequence[_Growing], step: int, memory: Memory) -> TokenPack:
    """Return the pack of the last token of every string; strings of one protein are one label of several tokens."""
    asks = grammar.vocabulary.task_token[grammar.task]
    last = [one.tokens[-1] if one.tokens else asks for one in growing]
    proteins = [one.protein for one in growing]
    starts = [row for row, protein in enumerate(proteins) if row == 0 or protein != proteins[row - 1]]
    residue = [
        spoken_of(grammar, token, step, memory.first[one.protein], memory.length(one.protein))
        for token, one in zip(last, growing, strict=True)
    ]
    device = memory.state.device
    return TokenPack(
        torch.tensor([token if token < FIRST_RESIDUE else -1 for token in last], device=device),
        torch.full((len(growing),), step, device=device), torch.tensor(residue, device=device),
        (*starts, len(growing)), tuple(proteins[row] for row in starts),
    )  # fmt: skip


def _continued(
    grammar: Grammar, growing: Sequence[_Growing], log_prob: Float[Tensor, "row column"], frames: Sequence[Frame],
    ended: list[list[Decoded]], beam: int, is_legal: bool,
) -> list[_Growing]:  # fmt: skip
    """Return the strings that go on, by protein; those that end are put to the others of their protein."""
    best, columns = (part.tolist() for part in log_prob.topk(min(beam, log_prob.shape[1])))
    found: dict[int, list[tuple[float, int, int]]] = {}
    for row, one in enumerate(growing):
        for value, column in zip(best[row], columns[row], strict=True):
            if value > -torch.inf:
                found.setdefault(one.protein, []).append((-(one.log_prob + value), row, column))
    following = []
    for protein, candidates in found.items():
        # What has ended competes with what goes on: log-probabilities only fall.
        pool = [(-done.log_prob, -1, place) for place, done in enumerate(ended[protein])]
        chosen = sorted([*pool, *candidates])[:beam]
        strings = []
        for cost, row, column in chosen:
            if row < 0:
                strings.append(ended[protein][column])
                continue
            one, token = growing[row], grammar.vocabulary.token(column)
            tokens = (*one.tokens, token)
            if token == END or (not is_legal and len(tokens) == grammar.longest(frames[protein])):
                strings.append(Decoded(tokens, -cost, is_legal or _is_label(grammar, tokens, frames[protein])))
            else:
                state = grammar.after(one.state, token) if is_legal else ()
                following.append(_Growing(protein, tokens, -cost, state, row))
        ended[protein] = strings
    return following


def _is_label(grammar: Grammar, tokens: tuple[int, ...], frame: Frame) -> bool:
    try:
        grammar.parse(tokens, frame)
    except InputError:
        return False
    return True
