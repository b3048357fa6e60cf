"""What an injection is told is checked before anything is read."""

from pathlib import Path

import pytest
from pydantic import ValidationError

from protea.applications.prompts.injection_config import InjectionConfig
from tests.applications.prompts.made_injections import ENCODER, injection


def test_the_main_task_is_the_first_that_is_injected_unless_another_is_set(tmp_path: Path) -> None:
    assert injection(tmp_path).main_task == "pairs"
    assert injection(tmp_path, main="letters").main_task == "letters"
    with pytest.raises(ValidationError, match="main task 'other' is not one of"):
        injection(tmp_path, main="other")


def test_weights_are_lambda_alpha_for_what_is_injected(tmp_path: Path) -> None:
    assert injection(tmp_path, injection_weight=0.1).weights() == {"letters": 1.0, "pairs": 0.1}


def test_a_model_is_given_once_and_without_prompts(tmp_path: Path) -> None:
    with pytest.raises(ValidationError, match="as `run` or as `encoder`"):
        injection(tmp_path, run=tmp_path)
    with pytest.raises(ValidationError, match="as `run` or as `encoder`"):
        injection(tmp_path, encoder=None)
    with pytest.raises(ValidationError, match="name new prompts under new_prompts"):
        injection(tmp_path, encoder={**ENCODER, "prompts": {"names": ["seq"]}})


def test_it_is_the_same_after_yaml(tmp_path: Path) -> None:
    config = injection(tmp_path)
    assert InjectionConfig.model_validate(config.model_dump(mode="json")) == config
