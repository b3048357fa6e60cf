from typing import get_args

from pydantic import TypeAdapter

from protea.applications.interactions.catalogue import AnyInteractionModelConfig
from tests.applications.interactions.test_model import MODELS


def test_every_model_of_the_catalogue_keeps_the_contract() -> None:
    kinds = {model.model_fields["kind"].default for model in get_args(get_args(AnyInteractionModelConfig)[0])}
    assert kinds == set(MODELS)
    for kind in kinds:
        assert TypeAdapter(AnyInteractionModelConfig).validate_python({"kind": kind}).kind == kind
