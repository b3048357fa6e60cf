"""Language models: ours packed against transformers with padded batches, in order and sorted by length.

Random weights of the published sizes of ESM-2; sequences of log-normal length, 50 to 1,000 residues, 330 on average;
logits are made by all. Meant for one thread and the time of the process (`--clock processor`). The variable
PROTEA_LANGUAGE_SETS names what is timed as `size:sequences`, or `size/blocks:sequences` for a model cut to its first
blocks where the whole takes too much memory (every row says so): the goals are those of
`35M:200,150M:200,650M:20`, which take hours of a busy machine.

Every variant works through its list of passes a tenth at a time, in turn with the others, so that all see the same
machine; the rate of matrix products (this model's own maps, 2,048 tokens, half precision or single) is taken between
the tenths as well and its median counts. Operations are those of unpadded tokens, attention included.
"""

import math
import os
import statistics
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

import numpy as np
import pytest
import torch
from torch import Tensor, nn
from torch.nn.functional import linear
from torch.nn.utils.rnn import pad_sequence

from protea.encoders.language.esm2 import ESM2Config
from protea.encoders.language.interface import load_language_weights
from protea.encoders.language.model import LanguageModel
from protea.encoders.language.tokens import pack_tokens
from speed.encoders.step import peak_bytes
from speed.harness import Row, now

SETS = os.environ.get("PROTEA_LANGUAGE_SETS", "35M:200,150M:32,650M/6:20")
BATCH = 8
"""Sequences of a padded batch of the peer."""
TOKENS_PER_PASS = 4096
NUM_SLICES = 10
SINGLE, HALF = torch.float32, torch.bfloat16
NAMES = {SINGLE: "float32", HALF: "bfloat16"}
SORTED_GOALS = {"35M": 1.35, "150M": 1.35, "650M": 1.15}
ROOFLINE_GOALS = {("150M", SINGLE): 0.88, ("150M", HALF): 0.72, ("650M", SINGLE): 0.95, ("650M", HALF): 0.8}

Pass = Callable[[], object]


@dataclass
class Variant:
    """One way to read all sequences: its passes, and the seconds that they took."""

    passes: list[Pass]
    largest: int
    seconds: float = field(default=0.0)

    def run_slice(self, number: int) -> None:
        """Run the next tenth."""
        first, last = (round(len(self.passes) * share / NUM_SLICES) for share in (number, number + 1))
        start = now()
        for once in self.passes[first:last]:
            once()
        self.seconds += now() - start


def sequences(number: int) -> list[Tensor]:
    """Return tokens of random sequences, first and last token included."""
    draw = np.random.default_rng(0)
    lengths = draw.lognormal(math.log(330) - 0.18, 0.6, 200).clip(50, 1000).astype(int)[:number]
    ids = (np.concatenate([[0], draw.integers(4, 24, length), [2]]) for length in lengths)
    return [torch.from_numpy(row) for row in ids]


def models(config: ESM2Config) -> tuple[LanguageModel, nn.Module]:
    """Return our model and transformers' with the same random weights; skip where transformers is absent."""
    transformers = pytest.importorskip("transformers", reason="transformers (the extra `dev`) is not installed")
    peer = transformers.EsmForMaskedLM(
        transformers.EsmConfig(
            vocab_size=33, mask_token_id=32, pad_token_id=1, hidden_size=config.width,
            num_hidden_layers=config.num_layers, num_attention_heads=config.num_heads,
            intermediate_size=4 * config.width, max_position_embeddings=1026, layer_norm_eps=1e-5,
            position_embedding_type="rotary", token_dropout=True, hidden_dropout_prob=0.0,
            attention_probs_dropout_prob=0.0,
        )
    ).eval()  # fmt: skip
    ours = config.build().eval()
    load_language_weights(ours, config, peer.state_dict())
    return ours, peer


def packed(model: LanguageModel, rows: list[Tensor]) -> Variant:
    """Return our way: packs in the order of the sequences, none above the budget of tokens unless alone."""
    packs: list[list[Tensor]] = [[]]
    for row in rows:
        if packs[-1] and sum(map(len, packs[-1])) + len(row) > TOKENS_PER_PASS:
            packs.append([])
        packs[-1].append(row)
    batches = [pack_tokens(pack) for pack in packs]

    def once(batch) -> Pass:
        return lambda: model(batch, logits=True).logits

    return Variant([once(batch) for batch in batches], max(range(len(packs)), key=lambda it: len(batches[it].token)))


def padded(peer: nn.Module, rows: list[Tensor], *, is_sorted: bool) -> Variant:
    """Return the peer's way: batches of eight, in order or sorted by length."""
    rows = sorted(rows, key=len) if is_sorted else rows
    batches = []
    for first in range(0, len(rows), BATCH):
        own = rows[first : first + BATCH]
        is_token = pad_sequence([torch.ones_like(row) for row in own], batch_first=True)
        batches.append((pad_sequence(own, batch_first=True, padding_value=1), is_token))

    def once(ids: Tensor, is_token: Tensor) -> Pass:
        return lambda: peer(input_ids=ids, attention_mask=is_token).logits

    largest = max(range(len(batches)), key=lambda it: batches[it][0].numel())
    return Variant([once(*batch) for batch in batches], largest)


def num_operations(config: ESM2Config, rows: list[Tensor]) -> float:
    """Return the operations (twice the multiplications) that the tokens of the sequences need."""
    width, num_tokens = config.width, sum(map(len, rows))
    maps = config.num_layers * 12 * width**2 + width**2 + 33 * width
    pairs = sum(len(row) ** 2 for row in rows)
    return 2.0 * num_tokens * maps + config.num_layers * 4.0 * width * pairs


def rate(width: int, dtype: torch.dtype, num_tokens: int = 2048) -> float:
    """Return the operations per second of the four maps of a block, one after the other."""
    cases = [
        (torch.randn(num_tokens, inner).to(dtype), torch.randn(outer, inner).to(dtype))
        for inner, outer in ((width, 3 * width), (width, width), (width, 4 * width), (4 * width, width))
    ]
    seconds = []
    for _ in range(3):
        start = now()
        for state, weight in cases:
            linear(state, weight)
        seconds.append(now() - start)
    return 24.0 * num_tokens * width**2 / statistics.median(seconds)


def in_turn(variants: list[Variant], rates: Callable[[], Iterator[float]]) -> list[list[float]]:
    """Run all variants a tenth at a time; return the rates that were taken between."""
    for variant in variants:
        if len(variant.passes) > 1:  # one pass alone takes minutes, and its beginning warms the rest of it
            variant.passes[0]()
    found = []
    for number in range(NUM_SLICES):
        for variant in variants:
            variant.run_slice(number)
        found.append(list(rates()))
    return [list(column) for column in zip(*found, strict=True)]


def row(name: str, ours: float, peer: float, goal: float | None) -> Row:
    return {"name": name, "ours": ours, "peer": peer, "ratio": peer / ours, "goal": goal}


def rows_of_size(size: str, num_blocks: int | None, number: int) -> list[Row]:
    """Return the rows of one size of ESM-2, cut to its first blocks where asked."""
    torch.manual_seed(0)
    config, data = ESM2Config.sized(size), sequences(number)
    if num_blocks is not None:
        config = config.model_copy(update={"num_layers": num_blocks})
    (ours, peer), (ours_half, peer_half) = models(config), models(config)
    ours_half.to(HALF), peer_half.to(HALF)
    mine = {SINGLE: packed(ours, data), HALF: packed(ours_half, data)}
    plain = padded(peer, data, is_sorted=False)
    by_length = {SINGLE: padded(peer, data, is_sorted=True), HALF: padded(peer_half, data, is_sorted=True)}
    order = [mine[SINGLE], plain, mine[HALF], by_length[SINGLE], by_length[HALF]]
    rates = in_turn(order, lambda: (rate(config.width, dtype) for dtype in (SINGLE, HALF)))
    start, end = f"ESM-2 {size}", f"{len(data)} sequences"
    start += "" if num_blocks is None else f" ({num_blocks} blocks)"
    found = [
        row(f"{start} float32, peer padded, {end}", mine[SINGLE].seconds, plain.seconds, 2.0),
        row(f"{start} bfloat16, peer padded float32, {end}", mine[HALF].seconds, plain.seconds, 3.7),
    ]
    for dtype, own_rates in zip((SINGLE, HALF), rates, strict=True):
        name, ideal = NAMES[dtype], num_operations(config, data) / statistics.median(own_rates)
        found += [
            row(f"{start} {name}, peer sorted {name}, {end}", mine[dtype].seconds, by_length[dtype].seconds,
                SORTED_GOALS.get(size)),
            row(f"{start} {name}, peer ideal products, {end}", mine[dtype].seconds, ideal,
                ROOFLINE_GOALS.get((size, dtype))),
        ]  # fmt: skip
        own, other = (variant.passes[variant.largest] for variant in (mine[dtype], by_length[dtype]))
        found.append(row(f"{start} {name} peak memory", peak_bytes(own), peak_bytes(other), 1.0))
    return found


@torch.inference_mode()
def measure(repeats: int) -> list[Row]:
    """Return the rows of all sizes; every sequence is read once by each variant, so `repeats` is not used."""
    del repeats
    found = []
    for one in SETS.split(","):
        model, _, number = one.partition(":")
        size, _, num_blocks = model.partition("/")
        found += rows_of_size(size, int(num_blocks) if num_blocks else None, int(number))
    return found


@torch.inference_mode()
def test_same_mathematics() -> None:
    ours, peer = models(ESM2Config(num_layers=2, width=32, num_heads=2))
    data = sequences(9)
    mine = torch.cat([once() for once in packed(ours, data).passes])
    is_token = [pad_sequence([torch.ones(len(it)) for it in part], batch_first=True) for part in (data[:8], data[8:])]
    batches = [once() for once in padded(peer, data, is_sorted=False).passes]
    theirs = torch.cat([logits[own.bool()] for logits, own in zip(batches, is_token, strict=True)])
    torch.testing.assert_close(mine, theirs, rtol=1e-4, atol=1e-5)


def test_operations_and_slices() -> None:
    config = ESM2Config(num_layers=2, width=32, num_heads=2)
    maps, head = 2 * 12 * 32**2, 32**2 + 33 * 32
    assert num_operations(config, [torch.zeros(5), torch.zeros(3)]) == 2 * 8 * (maps + head) + 2 * 4 * 32 * (25 + 9)
    seen: list[int] = []
    variant = Variant([lambda number=number: seen.append(number) for number in range(23)], 0)
    in_turn([variant], lambda: iter([1.0]))
    assert seen == [0, *range(23)]
    lengths = [len(row) - 2 for row in sequences(200)]
    assert (min(lengths) >= 50, max(lengths) <= 1000, abs(statistics.mean(lengths) - 330) < 30) == (True,) * 3
