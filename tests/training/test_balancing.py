"""A rule in the loop: gradients do not depend on how the step is cut, heads keep theirs, and a killed run goes on."""

from pathlib import Path
from typing import Any

import pytest
import torch

from protea.errors import ConfigError
from protea.objectives.interface import Corruption
from protea.objectives.weighting.catalogue import AnyWeightingConfig, facts_of
from protea.objectives.weighting.fixed import FixedWeightingConfig
from protea.objectives.weighting.grad_norm import GradNormWeightingConfig
from protea.objectives.weighting.projected_gradients import ProjectedGradientsConfig, without_conflicts
from protea.objectives.weighting.uncertainty import UncertaintyWeightingConfig
from protea.training.balancing import Balance, shared_parameters
from protea.training.model import ProteinModel, initialised
from tests.training.small import SCHNET, SURE_HEAD, proteins, small_model, trained, training

CONFIG = small_model(head=SURE_HEAD, auxiliary=0.5)
KINDS = ("uncertainty", "dynamic_average", "grad_norm", "projected_gradients")


def taken(rule_config: AnyWeightingConfig, cuts: list[list[int]]) -> tuple[ProteinModel, Balance]:
    """A float64 model after the gradients of one step over proteins, cut into these batches."""
    model = initialised(CONFIG, 0, torch.float64)
    balance = Balance(rule_config.build(facts_of(CONFIG.objectives, CONFIG.weights)), model, lambda value: value)
    clean = [proteins(6).select(rows).to(torch.float64) for rows in cuts]
    batches = [model.corrupt(batch, Corruption(0, 0)) for batch in clean]
    targets = [model.targets(batch) for batch in batches]
    counts = {
        name: sum((target[name].is_supervised.double().sum() for target in targets), torch.tensor(0.0).double())
        for name in CONFIG.objectives
    }
    torch.manual_seed(0)
    for batch, target in zip(batches, targets, strict=True):
        balance.backward(model.loss_sums(model(model.featurise(batch)), target), counts)
    balance.finish(counts)
    return model, balance


def gradients(model: ProteinModel) -> dict[str, torch.Tensor]:
    return {name: p.grad for name, p in model.named_parameters() if p.grad is not None}


@pytest.mark.parametrize(
    "rule",
    [FixedWeightingConfig(), UncertaintyWeightingConfig(), GradNormWeightingConfig(), ProjectedGradientsConfig()],
    ids=lambda rule: rule.kind,
)
def test_the_cut_of_a_step_does_not_matter(rule: AnyWeightingConfig) -> None:
    whole, of_whole = taken(rule, [[0, 1, 2, 3, 4, 5]])
    parts, of_parts = taken(rule, [[0], [1, 2, 3], [4, 5]])
    for name, gradient in gradients(whole).items():
        torch.testing.assert_close(gradients(parts)[name], gradient, rtol=1e-7, atol=1e-10)
    for (_, one), (_, other) in zip(
        of_whole.rule.state_dict().items(), of_parts.rule.state_dict().items(), strict=True
    ):
        torch.testing.assert_close(one, other)
    for one, other in zip(of_whole.rule.parameters(), of_parts.rule.parameters(), strict=True):
        torch.testing.assert_close(one.grad, other.grad)


def test_projection_touches_the_encoder_alone() -> None:
    plain, _ = taken(FixedWeightingConfig(), [[0, 1, 2, 3, 4, 5]])
    projected, _ = taken(ProjectedGradientsConfig(), [[0, 1, 2, 3, 4, 5]])
    for name, gradient in gradients(plain).items():
        if name.startswith("objectives."):
            torch.testing.assert_close(gradients(projected)[name], gradient)
    # By hand: the gradient of each objective alone, at its weight, then projected.
    own = []
    for chosen in CONFIG.objectives:
        model = initialised(CONFIG, 0, torch.float64)
        batch = model.corrupt(proteins(6).to(torch.float64), Corruption(0, 0))
        targets = model.targets(batch)
        sums = model.loss_sums(model(model.featurise(batch)), targets)
        (CONFIG.weights[chosen] * sums[chosen] / targets[chosen].is_supervised.sum()).backward()
        shared = shared_parameters(model, "shared")
        own.append(torch.cat([(torch.zeros_like(p) if p.grad is None else p.grad).flatten() for p in shared]))
    found = torch.cat([p.grad.flatten() for p in shared_parameters(projected, "shared")])
    torch.testing.assert_close(found, without_conflicts(own))


def test_shared_parameters_are_those_of_a_trained_encoder() -> None:
    model = initialised(small_model(encoder=SCHNET), 0)
    every = shared_parameters(model, "shared")
    assert {id(p) for p in every} == {id(p) for p in model.encoder.parameters()}
    (last,) = shared_parameters(model, "last_shared")
    assert last.ndim >= 2
    assert shared_parameters(model, "none") == []
    with pytest.raises(ConfigError, match="without shared parameters"):
        shared_parameters(initialised(small_model(is_frozen=True), 0), "shared")


def settings(kind: str, **changes: Any) -> Any:
    return training(weighting={"kind": kind}, epochs=4, seed=1, **changes)


@pytest.mark.parametrize("kind", KINDS)
def test_a_run_goes_on_with_the_state_of_its_rule(kind: str, tmp_path: Path) -> None:
    whole = trained(small_model(auxiliary=0.5), settings(kind), tmp_path / "whole")
    trained(small_model(auxiliary=0.5), settings(kind).model_copy(update={"epochs": 2}), tmp_path / "parts")
    parts = trained(small_model(auxiliary=0.5), settings(kind), tmp_path / "parts")
    for (name, one), (_, other) in zip(whole.model.state_dict().items(), parts.model.state_dict().items(), strict=True):
        assert torch.equal(one, other), name
    plain = trained(small_model(auxiliary=0.5), settings("fixed"), tmp_path / "plain")
    differs = [
        not torch.equal(one, other)
        for one, other in zip(whole.model.parameters(), plain.model.parameters(), strict=True)
    ]
    assert any(differs)


def test_all_objectives_can_choose_the_epoch(tmp_path: Path) -> None:
    found = trained(small_model(auxiliary=0.5), settings("fixed", judged_by="all"), tmp_path / "all", metric="loss")
    alone = trained(small_model(auxiliary=0.5), settings("fixed"), tmp_path / "main", metric="loss")
    one, other = found.progress.history[0], alone.progress.history[0]
    assert one.validation_loss == other.validation_loss
    assert one.validation_metric > other.validation_metric == other.validation_loss
    with pytest.raises(ConfigError, match="expected metric 'loss'; found auroc"):
        trained(small_model(auxiliary=0.5), settings("fixed", judged_by="all"), tmp_path / "wrong")
