"""Prompts of a language model: ours against prompts as further columns of a padded batch, and against no prompts.

The peer is what published code does: every row carries the prompts behind its padding, they go through all maps with
the tokens, and one mask [batch, query, key] says who hears whom; attention is torch's, fused, under that mask. Its
batches are of eight sequences in their order. Random weights, a model of 8M with learned places, so that both see the
same scores. The rows beside `no prompts` say what prompts cost our own model, with rotary places and with learned ones.
"""

from collections.abc import Callable

import torch
from torch import Tensor
from torch.nn.functional import scaled_dot_product_attention
from torch.nn.utils.rnn import pad_sequence

from protea.encoders.language.esm1 import ESM1bConfig
from protea.encoders.language.esm2 import ESM2Config
from protea.encoders.language.model import LanguageModel
from protea.encoders.language.tokens import pack_tokens
from protea.encoders.prompts import PromptsConfig
from speed.encoders.speed_language_models import sequences
from speed.harness import Row, interleaved

SIZES = {"num_layers": 6, "width": 320, "num_heads": 20}
NAMES = ("seq", "ic")
NUM_SEQUENCES, BATCH = 16, 8
GOAL, SHARE_GOAL = 1.2, 0.75


def prompted(config: ESM1bConfig | ESM2Config, dtype: torch.dtype) -> LanguageModel:
    """Return a model with two one-way prompts."""
    model = config.build().to(dtype).eval()
    model.add_prompts(PromptsConfig(names=NAMES))
    return model


def padded_columns(model: LanguageModel, rows: list[Tensor]) -> Callable[[], list[Tensor]]:
    """Return the peer: padded batches with the prompts in their last columns."""
    batches = [rows[first : first + BATCH] for first in range(0, len(rows), BATCH)]
    return lambda: [_padded(model, batch) for batch in batches]


def _padded(model: LanguageModel, rows: list[Tensor]) -> Tensor:
    is_token = pad_sequence([torch.ones(len(row), dtype=torch.bool) for row in rows], batch_first=True)
    first = pad_sequence(list(model.embedding(pack_tokens(rows)).split([len(row) for row in rows])), batch_first=True)
    prompts = model.embedding.of_prompts(model.prompts.rows(NAMES)).expand(len(rows), -1, -1)
    num, longest = len(NAMES), is_token.shape[1]
    hears = torch.zeros(len(rows), 1, longest + num, longest + num, dtype=torch.bool)
    hears[:, 0, :longest, :longest] = is_token[:, None]
    hears[:, 0, :longest, longest:] = True
    hears[:, 0, longest:, longest:] = torch.eye(num, dtype=torch.bool)
    state = torch.cat([first, prompts], dim=1)
    shape = model.transformer.shape
    for block in model.transformer.blocks:
        joined = block.attention.qkv(block.attention_norm(state)).unflatten(2, (3, shape.num_heads, shape.head_dim))
        query, key, value = joined.permute(2, 0, 3, 1, 4)
        heard = scaled_dot_product_attention(query, key, value, attn_mask=hears).transpose(1, 2).flatten(2)
        state = state + block.attention.out(heard)
        flat = block.feed_forward_norm(state).flatten(0, 1)
        state = state + block.feed_forward(flat).view(state.shape)
    return model.transformer.last_norm(state)[:, :longest][is_token]


def reading(model: LanguageModel, rows: list[Tensor], names: tuple[str, ...]) -> Callable[[], Tensor]:
    """Return ours: one pack."""
    tokens = pack_tokens(rows)
    return lambda: model(tokens, prompts=names).last


def row(name: str, ours: Callable[[], object], peer: Callable[[], object], goal: float, repeats: int) -> Row:
    """Return one line of the table."""
    mine, other = interleaved(ours, peer, repeats)
    return {"name": f"prompts: {name}", "ours": mine, "peer": other, "ratio": other / mine, "goal": goal}


def measure(repeats: int) -> list[Row]:
    """Return inference against padded columns, and what prompts cost, in single and half precision."""
    rows, found = sequences(NUM_SEQUENCES), []
    with torch.no_grad():
        for dtype, text in ((torch.float32, "float32"), (torch.bfloat16, "bfloat16")):
            model = prompted(ESM1bConfig(**SIZES, max_tokens=1024), dtype)
            ours = reading(model, rows, NAMES)
            found.append(row(f"8M against padded columns, {text}", ours, padded_columns(model, rows), GOAL, repeats))
            for places, config in (("learned", ESM1bConfig(**SIZES)), ("rotary", ESM2Config(**SIZES))):
                model = prompted(config, dtype)
                with_prompts, without = reading(model, rows, NAMES), reading(model, rows, ())
                name = f"8M, {places} places, against no prompts, {text}"
                found.append(row(name, with_prompts, without, SHARE_GOAL, repeats))
    return found


def test_both_compute_the_same() -> None:
    model = prompted(ESM1bConfig(num_layers=2, width=40, num_heads=5), torch.float64)
    rows = [one[:30] for one in sequences(3)]
    rows[1] = rows[1][:12]
    with torch.no_grad():
        expected = torch.cat(padded_columns(model, rows)())
        torch.testing.assert_close(reading(model, rows, NAMES)(), expected)
    assert not torch.allclose(reading(model, rows, ())(), expected)
