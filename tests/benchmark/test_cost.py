"""Parameters and operations against a count by hand."""

import torch
from torch import Tensor, nn

from protea.benchmark.cost import flops_per_residue, parameter_count
from tests.training.small import EGNN, proteins, small_model


class OneProduct(nn.Module):
    """A linear map of the features."""

    def __init__(self, dim: int) -> None:
        super().__init__()
        self.linear = nn.Linear(dim, 10)

    def forward(self, inputs: object) -> Tensor:
        return self.linear(inputs.scalar)  # type: ignore[attr-defined]


def test_parameters_are_counted_with_frozen_ones() -> None:
    layer = nn.Linear(3, 5)
    layer.bias.requires_grad_(False)
    assert parameter_count(layer) == 20


def test_a_product_costs_a_multiplication_and_an_addition() -> None:
    model, batch = small_model().build().double(), proteins()
    dim = model.scheme.dim
    model.encoder = OneProduct(dim).double()  # type: ignore[assignment]
    assert flops_per_residue(model, batch) == 2 * dim * 10


def test_the_model_is_left_as_it_was() -> None:
    model, batch = small_model(encoder=EGNN).build().double(), proteins()
    before = {name: value.clone() for name, value in model.state_dict().items()}
    model.train()
    assert flops_per_residue(model, batch) > 0
    assert model.training
    assert all(torch.equal(value, before[name]) for name, value in model.state_dict().items())
