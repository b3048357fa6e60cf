"""Old tokens keep their ids, and columns and tokens tell each other."""

import pytest

from protea.errors import ConfigError
from protea.objectives.token_decoder.vocabulary import DIGITS, END, FIRST_RESIDUE, PLUS, Vocabulary


def test_a_new_task_moves_no_token() -> None:
    old = Vocabulary({"fold": 3, "melting": 0})
    new = Vocabulary({"fold": 3, "melting": 0, "terms": 5})
    assert new.names[: old.num_texts] == old.names
    assert {name: new.task_token[name] for name in old.task_token} == old.task_token
    assert {name: new.classes[name] for name in old.classes} == old.classes
    assert new.num_texts == old.num_texts + 1 + 5


def test_every_token_is_one_thing() -> None:
    vocabulary = Vocabulary({"fold": 3, "melting": 0, "terms": 5})
    assert len(set(vocabulary.names)) == vocabulary.num_texts
    own = [*vocabulary.task_token.values(), *(token for ids in vocabulary.classes.values() for token in ids)]
    assert sorted(own) == list(range(DIGITS[-1] + 1, vocabulary.num_texts))


def test_columns_are_texts_and_then_residues() -> None:
    vocabulary = Vocabulary({"fold": 3})
    tokens = [*range(vocabulary.num_texts), *(FIRST_RESIDUE + place for place in range(4))]
    assert [vocabulary.column(token) for token in tokens] == list(range(vocabulary.num_texts + 4))
    assert [vocabulary.token(column) for column in range(vocabulary.num_texts + 4)] == tokens


def test_tokens_are_spelled_for_readers() -> None:
    vocabulary = Vocabulary({"fold": 3})
    spelled = vocabulary.spelled((vocabulary.task_token["fold"], vocabulary.classes["fold"][2], PLUS, DIGITS[7],
                                  FIRST_RESIDUE + 4, END))  # fmt: skip
    assert spelled == "<fold> fold:2 + 7 residue 4 end"


def test_too_many_classes_are_refused() -> None:
    with pytest.raises(ConfigError, match="too many classes"):
        Vocabulary({"terms": FIRST_RESIDUE})
