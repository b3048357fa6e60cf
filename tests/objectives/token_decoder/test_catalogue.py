"""Every grammar is on the catalogue and builds."""

from typing import get_args

import pytest
from pydantic import TypeAdapter, ValidationError

from protea.objectives.token_decoder.catalogue import AnyGrammarConfig
from protea.objectives.token_decoder.vocabulary import Vocabulary
from tests.objectives.token_decoder.made import TASKS

CONFIGS = get_args(get_args(AnyGrammarConfig)[0])


def test_kinds_are_those_that_users_write() -> None:
    assert sorted(config.model_fields["kind"].default for config in CONFIGS) == sorted(
        str(one["kind"]) for one in TASKS.values()
    )
    with pytest.raises(ValidationError, match="yes_or_no"):
        TypeAdapter(AnyGrammarConfig).validate_python({"kind": "yes"})


def test_levels_agree() -> None:
    for task, settings in TASKS.items():
        config = TypeAdapter(AnyGrammarConfig).validate_python(settings)
        grammar = config.build(Vocabulary({task: config.num_tokens}), task)
        assert grammar.level == config.level
        assert len(grammar.classes) == config.num_tokens
