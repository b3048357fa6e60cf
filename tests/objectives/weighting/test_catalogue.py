"""The catalogue tells squared errors from cross-entropies, and each rule by its kind."""

from typing import get_args

import pytest
import torch
from pydantic import TypeAdapter, ValidationError

from protea.objectives.binary import BinaryConfig
from protea.objectives.binding_affinity import BindingAffinityConfig
from protea.objectives.catalogue import LabelFreeKind, label_free_objective
from protea.objectives.regression import RegressionConfig
from protea.objectives.weighting.catalogue import AnyWeightingConfig, facts_of
from protea.objectives.weighting.interface import ObjectiveFacts

ADAPTER: TypeAdapter[AnyWeightingConfig] = TypeAdapter(AnyWeightingConfig)


def test_facts_keep_the_order_and_know_squared_errors() -> None:
    objectives = {
        "tm": RegressionConfig(label="tm", level="protein"),
        "sol": BinaryConfig(label="sol", level="protein"),
    }
    found = facts_of(objectives, {"sol": 0.5, "tm": 2.0})  # type: ignore[arg-type]
    assert list(found.items()) == [("tm", ObjectiveFacts(2.0, True)), ("sol", ObjectiveFacts(0.5, False))]


@pytest.mark.parametrize("kind", [*get_args(LabelFreeKind), "binding_affinity"])
def test_every_objective_whose_loss_grows_as_the_square_of_the_error_is_known_as_such(kind: str) -> None:
    mixed = {"sequence_denoising", "sequence_structure_denoising", "masked_language", "multiview_contrast",
             "inverse_folding"}  # fmt: skip
    config = BindingAffinityConfig() if kind == "binding_affinity" else label_free_objective(kind)  # type: ignore[arg-type]
    assert facts_of({"one": config}, {"one": 1.0})["one"].is_regression == (kind not in mixed)


@pytest.mark.parametrize("kind", ["fixed", "uncertainty", "dynamic_average", "grad_norm", "projected_gradients"])
def test_every_rule_is_built_by_its_kind(kind: str) -> None:
    rule = ADAPTER.validate_python({"kind": kind}).build({"a": ObjectiveFacts(0.5, False)})
    with torch.no_grad():
        assert float(rule.multipliers(["a"])["a"]) == 0.5


def test_an_unknown_rule_is_refused() -> None:
    with pytest.raises(ValidationError, match="no_such"):
        ADAPTER.validate_python({"kind": "no_such"})
