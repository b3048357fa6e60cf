"""Training a language model: ours packed against transformers with padded batches, in order and sorted by length.

Random weights of ESM-2 8M, without dropout; 16 sequences of log-normal length; the loss is the cross-entropy of every
token, forward and backward. Single precision, and mixed precision (bfloat16) of both. Meant for one thread.
"""

from collections.abc import Callable

import torch
from torch import Tensor, nn
from torch.nn.functional import cross_entropy
from torch.nn.utils.rnn import pad_sequence

from protea.encoders.language.esm2 import ESM2Config
from protea.encoders.language.model import LanguageModel
from protea.encoders.language.tokens import pack_tokens
from speed.encoders.speed_language_models import BATCH, HALF, NAMES, SINGLE, models, row, sequences
from speed.encoders.step import medians, peak_bytes
from speed.harness import Row

NUMBER = 16
GOALS = {"padded": 2.0, "sorted": 1.35}
"""As of reading: what padding costs does not depend on the direction."""


def packed_loss(model: LanguageModel, rows: list[Tensor]) -> Callable[[], Tensor]:
    """Return the summed loss of all sequences in one pack."""
    tokens, target = pack_tokens(rows), torch.cat(rows)

    def loss() -> Tensor:
        logits = model(tokens, logits=True).logits
        return cross_entropy(logits.float(), target, reduction="sum")

    return loss


def padded_losses(peer: nn.Module, rows: list[Tensor], *, is_sorted: bool) -> list[Callable[[], Tensor]]:
    """Return the summed loss of each batch of eight, padded places left out."""
    rows = sorted(rows, key=len) if is_sorted else rows

    def loss_of(own: list[Tensor]) -> Callable[[], Tensor]:
        is_token = pad_sequence([torch.ones_like(one) for one in own], batch_first=True)
        ids = pad_sequence(own, batch_first=True, padding_value=1)
        target = pad_sequence(own, batch_first=True, padding_value=-100)

        def loss() -> Tensor:
            logits = peer(input_ids=ids, attention_mask=is_token).logits
            return cross_entropy(logits.float().flatten(0, 1), target.flatten(), reduction="sum")

        return loss

    return [loss_of(rows[first : first + BATCH]) for first in range(0, len(rows), BATCH)]


def step(model: nn.Module, losses: list[Callable[[], Tensor]], dtype: torch.dtype) -> Callable[[], None]:
    """Return a function that adds up the gradients of all losses, under autocast where `dtype` is bfloat16."""

    def once() -> None:
        model.zero_grad(set_to_none=True)
        for loss in losses:
            with torch.autocast("cpu", dtype=HALF, enabled=dtype == HALF):
                value = loss()
            value.backward()

    return once


def measure(repeats: int) -> list[Row]:
    """Return seconds and peak bytes of both precisions."""
    torch.manual_seed(0)
    ours, peer = models(ESM2Config.sized("8M"))
    ours.train(), peer.train()
    data, found = sequences(NUMBER), []
    for dtype in (SINGLE, HALF):
        mine = step(ours, [packed_loss(ours, data)], dtype)
        theirs = {
            way: step(peer, padded_losses(peer, data, is_sorted=way == "sorted"), dtype) for way in ("padded", "sorted")
        }
        peaks = [peak_bytes(mine), peak_bytes(theirs["sorted"])]
        own, *others = medians([mine, *theirs.values()], max(1, repeats // 2))
        start = f"ESM-2 8M training {NAMES[dtype]}"
        found += [
            row(f"{start}, peer {way}, {NUMBER} sequences", own, seconds, GOALS[way])
            for way, seconds in zip(theirs, others, strict=True)
        ]
        found.append(row(f"{start} peak memory, one pack, peer {BATCH} sorted", *map(float, peaks), None))
    return found


def test_same_gradients() -> None:
    ours, peer = models(ESM2Config(num_layers=2, width=32, num_heads=2))
    data = sequences(9)
    step(ours, [packed_loss(ours, data)], SINGLE)()
    for is_sorted in (False, True):
        step(peer, padded_losses(peer, data, is_sorted=is_sorted), SINGLE)()
        mine = ours.embedding.token.weight.grad
        theirs = peer.get_input_embeddings().weight.grad
        assert mine is not None
        assert theirs is not None
        # Ours ties the decoder to the embedding as theirs does; padding takes no gradient.
        torch.testing.assert_close(mine[4:24], theirs[4:24], rtol=1e-3, atol=1e-3 * float(theirs.abs().max()))
