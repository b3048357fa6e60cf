"""Decoding with kept keys finds what decoding anew at every step finds, and a wide beam finds all labels."""

import pytest
import torch

from protea.objectives.token_decoder.decoding import decode
from protea.objectives.token_decoder.grammar import Frame
from protea.objectives.token_decoder.likelihood import label_log_probs, step_log_probs
from protea.objectives.token_decoder.vocabulary import END
from tests.objectives.token_decoder.made import TASKS, all_labels, made_decoder, made_states, memory_of

LENGTHS = (3, 1, 2)
FRAMES = [Frame(length) for length in LENGTHS]


def uncached(decoder, memory, task, protein, is_legal):  # type: ignore[no-untyped-def]
    """The greedy string, every step from the beginning."""
    tokens: tuple[int, ...] = ()
    total, frame = 0.0, FRAMES[protein]
    while True:
        row = step_log_probs(decoder, memory, [task], [(*tokens, END)], [frame], [protein], is_legal=is_legal)[0][-1]
        tokens = (*tokens, decoder.vocabulary.token(int(row.argmax())))
        total += float(row.max())
        if tokens[-1] == END or len(tokens) == decoder.grammar(task).longest(frame):
            return tokens, total


@pytest.mark.parametrize("task", TASKS)
@pytest.mark.parametrize("is_legal", [True, False])
def test_greedy_is_the_uncached_result(task: str, is_legal: bool) -> None:
    decoder = made_decoder()
    memory = memory_of(decoder, made_states(*LENGTHS))
    found = decode(decoder, memory, task, FRAMES, is_legal=is_legal)
    for protein, strings in enumerate(found):
        with torch.no_grad():
            tokens, log_prob = uncached(decoder, memory, task, protein, is_legal)
        assert strings[0].tokens == tokens
        assert strings[0].log_prob == pytest.approx(log_prob, rel=1e-9)
        assert len(strings) == 1


@pytest.mark.parametrize("task", TASKS)
def test_a_wide_beam_finds_every_label_with_its_probability(task: str) -> None:
    decoder = made_decoder()
    memory = memory_of(decoder, made_states(*LENGTHS))
    for protein, strings in enumerate(decode(decoder, memory, task, FRAMES, beam=30)):
        frame = FRAMES[protein]
        written = {decoder.grammar(task).write(label, frame) for label in all_labels(task, frame.length)}
        assert {one.tokens for one in strings} == {one.tokens for one in written}
        assert [one.log_prob for one in strings] == sorted((one.log_prob for one in strings), reverse=True)
        known = {one.tokens: one for one in written}
        number = len(strings)
        expected = label_log_probs(
            decoder, memory, [task] * number, [known[one.tokens] for one in strings], [frame] * number,
            [protein] * number,
        )  # fmt: skip
        assert [one.log_prob for one in strings] == pytest.approx(expected.tolist(), rel=1e-9)
        assert all(one.is_parsed for one in strings)


def test_a_beam_is_never_less_likely_than_greedy() -> None:
    decoder = made_decoder()
    memory = memory_of(decoder, made_states(*LENGTHS))
    for task in TASKS:
        greedy, beam = (decode(decoder, memory, task, FRAMES, beam=beam) for beam in (1, 4))
        assert all(few[0].log_prob >= one[0].log_prob - 1e-12 for one, few in zip(greedy, beam, strict=True))
        assert all(len(few) <= 4 for few in beam)


def test_free_strings_are_marked_where_they_are_no_label() -> None:
    decoder = made_decoder()
    memory = memory_of(decoder, made_states(*LENGTHS))
    marks = []
    for task in TASKS:
        grammar = decoder.grammar(task)
        for frame, strings in zip(FRAMES, decode(decoder, memory, task, FRAMES, is_legal=False), strict=True):
            tokens = strings[0].tokens
            is_label = tokens in {grammar.write(label, frame).tokens for label in all_labels(task, frame.length)}
            assert strings[0].is_parsed == is_label
            assert len(tokens) <= grammar.longest(frame)
            marks.append(is_label)
    assert not all(marks)  # an untrained decoder does not know the grammars
