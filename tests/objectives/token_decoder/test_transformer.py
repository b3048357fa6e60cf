"""The laws of the decoder: later tokens change nothing before them, neighbours change nothing."""

import pytest
import torch

from protea.errors import ConfigError
from protea.objectives.token_decoder.decoding import decode
from protea.objectives.token_decoder.grammar import Frame
from protea.objectives.token_decoder.packs import pack_strings
from protea.objectives.token_decoder.transformer import place_code
from tests.objectives.token_decoder.made import (
    TASKS,
    all_labels,
    made_config,
    made_decoder,
    made_states,
    memory_of,
)

LENGTHS = (3, 1, 2)


def asked(decoder, states, chosen):  # type: ignore[no-untyped-def]
    """Logits of the last label of some (task, protein), label by label."""
    memory = memory_of(decoder, states)
    strings = [
        decoder.grammar(task).write(all_labels(task, len(states[protein]))[-1], Frame(len(states[protein]))).tokens
        for task, protein in chosen
    ]
    pack = pack_strings([decoder.grammar(task) for task, _ in chosen], strings, [one for _, one in chosen], memory)
    return decoder(memory, pack, points=True).split(list(pack.lengths))


def test_later_tokens_change_no_earlier_logit(dtype: torch.dtype) -> None:
    decoder = made_decoder(dtype)
    memory = memory_of(decoder, made_states(4, dtype=dtype))
    grammar = decoder.grammar("state")
    strings = [grammar.write(torch.tensor(label), Frame(4)).tokens for label in ([0, 1, 0, 1], [0, 1, 1, 0])]
    first, second = (decoder(memory, pack_strings([grammar], [one], [0], memory), points=True) for one in strings)
    # The first token that differs is read at step 3.
    assert torch.equal(first[:3], second[:3])
    assert not torch.allclose(first[3], second[3])


def test_neighbours_and_order_change_nothing(dtype: torch.dtype, tolerance: float) -> None:
    decoder, states = made_decoder(dtype), made_states(*LENGTHS, dtype=dtype)
    chosen = [(task, protein) for task in TASKS for protein in range(3)]
    packed = asked(decoder, states, chosen)
    turned = asked(decoder, states[::-1], [(task, 2 - protein) for task, protein in chosen[::-1]])[::-1]
    for (task, protein), found, other in zip(chosen, packed, turned, strict=True):
        alone = asked(decoder, [states[protein]], [(task, 0)])[0]
        width = alone.shape[1]
        assert torch.allclose(found[:, :width], alone, rtol=tolerance, atol=tolerance), task
        assert torch.allclose(other[:, :width], alone, rtol=tolerance, atol=tolerance), task
        # Nothing stands in the columns of residues that the protein does not have.
        assert (found[:, width:] == -torch.inf).all()


def test_another_protein_of_the_pack_changes_not_one_bit() -> None:
    decoder, states = made_decoder(), made_states(*LENGTHS)
    chosen = [("state", 0), ("site", 2)]
    before = asked(decoder, states, chosen)
    after = asked(decoder, [states[0], 10 * states[1], states[2]], chosen)
    assert all(torch.equal(one, other) for one, other in zip(before, after, strict=True))


def test_the_protein_and_its_order_matter() -> None:
    decoder, states = made_decoder(), made_states(4)
    found = asked(decoder, states, [("fold", 0)])[0]
    assert not torch.allclose(found, asked(decoder, [states[0] + 1.0 * torch.randn(6)], [("fold", 0)])[0])
    assert not torch.allclose(found[:, :20], asked(decoder, [states[0].flip(0)], [("fold", 0)])[0][:, :20])


def test_places_are_told_apart() -> None:
    code = place_code(torch.arange(500), 16, torch.float64)
    assert code.shape == (500, 16)
    assert torch.cdist(code, code).fill_diagonal_(1.0).min() > 0.01
    assert torch.allclose(code.square().sum(1), torch.full((500,), 8.0, dtype=torch.float64))


def test_wrong_settings_are_refused() -> None:
    with pytest.raises(ValueError, match="no multiple of twice the 3 heads"):
        made_config(heads=3)
    with pytest.raises(ConfigError, match="no task 'depth'"):
        made_decoder().grammar("depth")


def test_a_new_task_changes_no_answer_of_the_old_ones() -> None:
    old = made_decoder()
    new = made_decoder(tasks=TASKS | {"depth": {"kind": "one_class", "num_classes": 4}})
    with torch.no_grad():
        kept = old.state_dict()
        for name, parameter in new.state_dict().items():
            parameter[: len(kept[name])] = kept[name]
    states, frames = made_states(*LENGTHS), [Frame(length) for length in LENGTHS]
    for task in TASKS:
        before, after = (decode(one, memory_of(one, states), task, frames, beam=3) for one in (old, new))
        assert [[one.tokens for one in few] for few in before] == [[one.tokens for one in few] for few in after]
        confidence = [[one.log_prob for few in found for one in few] for found in (before, after)]
        assert confidence[0] == pytest.approx(confidence[1], rel=1e-12)
