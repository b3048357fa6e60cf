"""A small decoder with a task of every kind, its memory of random proteins, and all strings of a grammar."""

from collections.abc import Iterator

import torch
from torch import Tensor

from protea.objectives.token_decoder.grammar import Frame, Grammar, State
from protea.objectives.token_decoder.packs import Memory
from protea.objectives.token_decoder.transformer import TokenDecoder, TokenDecoderConfig
from protea.objectives.token_decoder.vocabulary import END, Vocabulary

WIDTH = 6
TASKS: dict[str, dict[str, object]] = {
    "fold": {"kind": "one_class", "num_classes": 3},
    "soluble": {"kind": "yes_or_no"},
    "terms": {"kind": "class_set", "num_classes": 3},
    "melting": {"kind": "number", "lower": -0.7, "upper": 1.2, "decimals": 1},
    "state": {"kind": "residue_labels", "num_classes": 2},
    "site": {"kind": "residue_positions"},
    "none": {"kind": "nothing"},
}
# Labels of a protein of three residues: 3, 2, 2^3, -7 to 12 tenths, 2^3, 2^3, 1.
NUM_LABELS = {"fold": 3, "soluble": 2, "terms": 8, "melting": 20, "state": 8, "site": 8, "none": 1}


def made_config(**changes: object) -> TokenDecoderConfig:
    given = {"tasks": TASKS, "width": 16, "layers": 2, "heads": 2}
    return TokenDecoderConfig.model_validate(given | changes)


def grammars_of(tasks: dict[str, dict[str, object]]) -> dict[str, Grammar]:
    """The grammars without a network."""
    configs = made_config(tasks=tasks).tasks
    vocabulary = Vocabulary({task: config.num_tokens for task, config in configs.items()})
    return {task: config.build(vocabulary, task) for task, config in configs.items()}


def made_decoder(dtype: torch.dtype = torch.float64, **changes: object) -> TokenDecoder:
    """The decoder in evaluation mode, its weights larger than at the start so that nothing is near uniform."""
    torch.manual_seed(0)
    decoder = made_config(**changes).build(WIDTH).to(dtype).eval()
    with torch.no_grad():
        for parameter in decoder.parameters():
            if parameter.ndim == 2:
                parameter.mul_(2.0)
    return decoder


def made_states(*lengths: int, dtype: torch.dtype = torch.float64, seed: int = 1) -> list[Tensor]:
    draw = torch.Generator().manual_seed(seed)
    return [torch.randn(length, WIDTH, generator=draw, dtype=torch.float64).to(dtype) for length in lengths]


def memory_of(decoder: TokenDecoder, states: list[Tensor]) -> Memory:
    ptr = torch.tensor([0, *(len(state) for state in states)]).cumsum(0)
    return decoder.remember(torch.cat(states), ptr)


def all_strings(grammar: Grammar, frame: Frame) -> Iterator[tuple[int, ...]]:
    """Every string that the automaton lets through."""
    pending: list[tuple[tuple[int, ...], State]] = [((), ())]
    while pending:
        tokens, state = pending.pop()
        for column in grammar.allowed(state, frame).nonzero()[:, 0].tolist():
            token = grammar.vocabulary.token(column)
            if token == END:
                yield (*tokens, token)
            else:
                pending.append(((*tokens, token), grammar.after(state, token)))


def all_labels(task: str, length: int) -> list[Tensor]:
    """Every label of a task of `TASKS` for a protein of so many residues."""
    if task == "none":
        return [torch.zeros(0)]
    if task in ("fold", "soluble"):
        return list(torch.arange(3 if task == "fold" else 2))
    if task == "melting":
        return [torch.tensor(tenths / 10, dtype=torch.float64) for tenths in range(-7, 13)]
    number = 3 if task == "terms" else length
    return [torch.tensor([code >> place & 1 for place in range(number)]) for code in range(2**number)]
