"""The example of federated averaging: one step of all laboratories is the step on all of their proteins."""

import importlib.util
from pathlib import Path
from types import ModuleType

import numpy as np
import pytest
import torch

from protea.errors import FileFormatError, MissingExtraError
from tests.architecture.source_tree import REPOSITORY


def example() -> ModuleType:
    specification = importlib.util.spec_from_file_location(
        "federated_averaging", REPOSITORY / "examples" / "federated_averaging.py"
    )
    assert specification is not None
    assert specification.loader is not None
    module = importlib.util.module_from_spec(specification)
    # Dataclasses look their module up by its name.
    import sys

    sys.modules[specification.name] = module
    specification.loader.exec_module(module)
    return module


EXAMPLE = example()
has_flower = importlib.util.find_spec("flwr") is not None


def mean_by_number(found: list[tuple[list[np.ndarray], int]]) -> list[np.ndarray]:
    total = sum(num for _, num in found)
    return [sum(num * layer for layer, num in zip(layers, [num for _, num in found], strict=True)) / total
            for layers in zip(*[weights for weights, _ in found], strict=True)]  # fmt: skip


def far_apart(one: list[np.ndarray], other: list[np.ndarray]) -> float:
    return max(float(np.abs(a - b).max()) for a, b in zip(one, other, strict=True))


def test_one_step_of_all_laboratories_is_the_pooled_gradient_step() -> None:
    laboratories = EXAMPLE.made_laboratories()
    start = EXAMPLE.weights_of(EXAMPLE.new_model())
    fits = [EXAMPLE.LaboratoryFit(one, learning_rate=0.1) for one in laboratories]
    together, num = EXAMPLE.LaboratoryFit(EXAMPLE.pooled(laboratories), learning_rate=0.1)(start)
    averaged = mean_by_number([fit(start) for fit in fits])
    assert num == 210
    assert far_apart(averaged, together) < 1e-6
    assert far_apart(together, start) > 1e-3  # a step was made
    unweighted = mean_by_number([(fit(start)[0], 1) for fit in fits])
    assert far_apart(unweighted, together) > 1e-4  # the numbers of proteins matter


def test_the_step_is_the_gradient_worked_out_by_hand() -> None:
    laboratory = EXAMPLE.made_laboratories()[2]
    model = EXAMPLE.new_model()
    start = EXAMPLE.weights_of(model)
    residual = model(laboratory.columns).squeeze(1) - laboratory.label
    hidden = torch.tanh(laboratory.columns @ model[0].weight.T + model[0].bias)
    slope = 2 * (residual[:, None] * hidden).mean(0, keepdim=True)
    found, _ = EXAMPLE.LaboratoryFit(laboratory, learning_rate=0.1)(start)
    np.testing.assert_allclose(found[2], start[2] - 0.1 * slope.detach().numpy(), atol=1e-12)


def test_more_steps_a_round_are_another_result() -> None:
    laboratories = EXAMPLE.made_laboratories()
    start = EXAMPLE.weights_of(EXAMPLE.new_model())
    averaged = mean_by_number([EXAMPLE.LaboratoryFit(one, num_steps=5)(start) for one in laboratories])
    together, _ = EXAMPLE.LaboratoryFit(EXAMPLE.pooled(laboratories), num_steps=5)(start)
    assert far_apart(averaged, together) > 1e-3


@pytest.mark.skipif(not has_flower, reason="flwr is not installed (protea[federated])")
def test_flowers_average_over_two_rounds_is_two_pooled_steps() -> None:
    laboratories = EXAMPLE.made_laboratories()
    start = EXAMPLE.weights_of(EXAMPLE.new_model())
    found = EXAMPLE.federated([EXAMPLE.LaboratoryFit(one) for one in laboratories], start, 2)
    together, _ = EXAMPLE.LaboratoryFit(EXAMPLE.pooled(laboratories), num_steps=2)(start)
    assert far_apart(found, together) < 1e-6


@pytest.mark.skipif(has_flower, reason="flwr is installed")
def test_without_flower_the_extra_is_named() -> None:
    with pytest.raises(MissingExtraError, match=r"protea\[federated\]"):
        EXAMPLE.federated([], [], 1)


def test_a_table_of_ones_own(tmp_path: Path) -> None:
    table = tmp_path / "labels.csv"
    table.write_text("sequence,target,laboratory\nAAAA,1.5,a\nacac,2,b\nCCCC,3,a\n")
    first, second = EXAMPLE.read_csv(table)
    assert (first.name, first.label.tolist()) == ("a", [1.5, 3.0])
    assert second.columns.sum().item() == pytest.approx(20.0)
    table.write_text("sequence,target\nAAAA,1\n")
    with pytest.raises(FileFormatError, match="laboratory"):
        EXAMPLE.read_csv(table)
