import pytest
import torch
from torch import nn

from protea.benchmark.calibration.mc_dropout import dropout_draws, dropout_switched_on
from protea.errors import InputError


def network(rate: float = 0.5) -> nn.Sequential:
    torch.manual_seed(0)
    return nn.Sequential(nn.Linear(4, 16), nn.BatchNorm1d(16), nn.ReLU(), nn.Dropout(rate), nn.Linear(16, 1))


def test_only_dropout_is_in_training_mode_and_modes_return() -> None:
    model = network()
    model[1].eval()
    model[0].train()
    before = [module.training for module in model.modules()]
    with dropout_switched_on(model) as num_layers:
        assert num_layers == 1
        assert [module.training for module in model.modules()] == [False, False, False, False, True, False]
    assert [module.training for module in model.modules()] == before


def test_statistics_of_the_batch_are_neither_read_nor_changed() -> None:
    model, x = network().train(), torch.randn(8, 4)
    mean = model[1].running_mean.clone()
    with torch.no_grad():
        draws = dropout_draws(model, lambda: model(x), num_draws=5)
        alone = dropout_draws(model, lambda: model(x[:1]), num_draws=5)
    assert torch.equal(model[1].running_mean, mean)
    assert int(model[1].num_batches_tracked) == 0
    assert draws.shape == (5, 8, 1)
    assert alone.shape == (5, 1, 1)  # a batch of one would raise in training mode


def test_draws_differ_repeat_with_the_seed_and_leave_the_generator() -> None:
    model, x = network(), torch.randn(3, 4)
    state = torch.random.get_rng_state()
    first, again = (dropout_draws(model, lambda: model(x), num_draws=4, seed=7) for _ in range(2))
    assert torch.equal(torch.random.get_rng_state(), state)
    assert torch.equal(first, again)
    assert not torch.equal(first[0], first[1])
    assert not torch.equal(first, dropout_draws(model, lambda: model(x), num_draws=4, seed=8))


def test_mean_of_many_linear_draws_is_the_evaluated_network() -> None:
    # Without a nonlinearity after it, dropout is right on average.
    model, x = network(), torch.randn(2, 4)
    draws = dropout_draws(model, lambda: model(x), num_draws=3000)
    error = draws.std(dim=0) / 3000**0.5
    assert ((draws.mean(dim=0) - model.eval()(x)).abs() < 5 * error).all()


def test_a_network_without_dropout_is_refused() -> None:
    for model in (nn.Linear(2, 1), network(0.0)):
        with pytest.raises(InputError, match="no dropout layer"):
            dropout_draws(model, lambda: torch.zeros(1))
    with pytest.raises(InputError, match="1 draws"):
        dropout_draws(network(), lambda: torch.zeros(1), num_draws=1)
