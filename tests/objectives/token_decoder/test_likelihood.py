"""The probabilities of all labels sum to 1 under the grammar; the published loss is a cross-entropy over all tokens."""

import pytest
import torch
from torch.nn import functional as F

from protea.objectives.token_decoder.grammar import Frame
from protea.objectives.token_decoder.likelihood import allowed_columns, label_log_probs, step_log_probs
from protea.objectives.token_decoder.packs import pack_strings
from tests.objectives.token_decoder.made import TASKS, all_labels, made_decoder, made_states, memory_of


@pytest.mark.parametrize("task", TASKS)
def test_probabilities_of_all_labels_sum_to_one(task: str) -> None:
    decoder = made_decoder().requires_grad_(False)
    memory = memory_of(decoder, made_states(2, 3))
    for protein, frame in ((0, Frame(2)), (1, Frame(3, torch.tensor([True, False, True])))):
        if task == "state" and protein == 1:
            continue  # of unknown residues there is no label to sum over
        grammar = decoder.grammar(task)
        written = {grammar.write(label, frame) for label in all_labels(task, frame.length)}
        number = len(written)
        log_prob = label_log_probs(
            decoder, memory, [task] * number, list(written), [frame] * number, [protein] * number
        )
        assert float(log_prob.exp().sum()) == pytest.approx(1.0, rel=1e-12)
        # Without the grammar some probability is left for what is no label.
        free = label_log_probs(
            decoder, memory, [task] * number, list(written), [frame] * number, [protein] * number, is_legal=False
        )
        assert float(free.exp().sum()) < 1.0
        assert (free < log_prob + 1e-12).all()


def test_the_published_loss_is_a_cross_entropy_that_excludes_the_prompt() -> None:
    decoder = made_decoder()
    memory, grammar, frame = memory_of(decoder, made_states(3)), decoder.grammar("melting"), Frame(3)
    written = grammar.write(torch.tensor(0.4), frame)
    pack = pack_strings([grammar], [written.tokens], [0], memory)
    logits = decoder(memory, pack, points=True)
    expected = F.cross_entropy(logits, torch.tensor(written.tokens), reduction="sum")  # the answers, not the task
    found = label_log_probs(decoder, memory, ["melting"], [written], [frame], [0], is_legal=False)
    assert float(-found.detach()) == pytest.approx(float(expected.detach()), rel=1e-12)


def test_unknown_residues_add_nothing() -> None:
    decoder = made_decoder()
    memory, grammar = memory_of(decoder, made_states(3)), decoder.grammar("state")
    frame = Frame(3, torch.tensor([True, False, True]))
    written = grammar.write(torch.tensor([1, 0, 0]), frame)
    rows = step_log_probs(decoder, memory, ["state"], [written.tokens], [frame], [0])[0]
    total = rows[0, written.tokens[0]] + rows[2, written.tokens[2]]
    found = label_log_probs(decoder, memory, ["state"], [written], [frame], [0])
    assert float(found.detach()) == pytest.approx(float(total.detach()), rel=1e-12)
    found.sum().backward()
    assert all(torch.isfinite(one.grad).all() for one in decoder.parameters() if one.grad is not None)


def test_no_label_is_no_row() -> None:
    decoder = made_decoder()
    assert label_log_probs(decoder, memory_of(decoder, made_states(3)), [], [], [], []).shape == (0,)
    assert allowed_columns(torch.ones(2, 3, dtype=torch.bool), 5).sum(1).tolist() == [3, 3]
