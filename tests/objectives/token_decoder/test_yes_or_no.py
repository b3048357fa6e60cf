"""Yes and no are tokens that all such tasks share."""

import pytest
import torch

from protea.errors import InputError
from protea.objectives.token_decoder.grammar import Frame
from protea.objectives.token_decoder.vocabulary import END, NO, YES, Vocabulary
from protea.objectives.token_decoder.yes_or_no import YesOrNoConfig

VOCABULARY = Vocabulary({"soluble": 0, "membrane": 0})


def test_two_tasks_share_their_answers() -> None:
    first, second = (YesOrNoConfig().build(VOCABULARY, task) for task in ("soluble", "membrane"))
    assert first.write(torch.tensor(1), Frame(1)) == second.write(torch.tensor(1), Frame(1))
    assert first.write(torch.tensor(0), Frame(1)).tokens == (NO, END)


def test_the_score_is_the_probability_of_yes() -> None:
    log_prob = torch.full((2, VOCABULARY.num_texts), -torch.inf)
    log_prob[0, YES], log_prob[0, NO] = 0.25, 0.75
    log_prob[0] = log_prob[0].log()
    grammar = YesOrNoConfig().build(VOCABULARY, "soluble")
    assert float(grammar.score((NO, END), log_prob, Frame(1))) == pytest.approx(0.25)
    assert [float(grammar.worst(torch.tensor(label))) for label in (0, 1)] == pytest.approx([1.0, 0.0])


def test_a_number_is_refused() -> None:
    with pytest.raises(InputError, match="expected 0 or 1"):
        YesOrNoConfig().build(VOCABULARY, "soluble").write(torch.tensor(2), Frame(1))
