import numpy as np
import torch

from protea.applications.interactions.training import EpochsConfig, seeded, trained_stages
from tests.applications.interactions.made_problem import made_problem


def stages(ask: bool) -> list[np.ndarray]:
    problem, _ = made_problem()
    protein = torch.eye(60)
    module = seeded(3, lambda: torch.nn.Sequential(torch.nn.Linear(60, 3), torch.nn.Dropout(0.5)))
    found = []
    for stage in trained_stages(
        EpochsConfig(epochs=5, stage=2, batch_size=40, learning_rate=0.1), problem, module,
        lambda pair: module(protein[pair[:, 0]] + protein[pair[:, 1]]), 3,
    ):  # fmt: skip
        if ask:
            stage.probability(problem.pairs[:5])
        found.append(module.state_dict()["0.weight"].numpy().copy())
    return found


def test_stages_come_after_every_few_epochs_and_at_the_end() -> None:
    assert len(stages(False)) == 3


def test_asking_in_between_changes_nothing() -> None:
    for one, other in zip(stages(False), stages(True), strict=True):
        assert np.array_equal(one, other)


def test_the_global_generator_stays_where_it_was() -> None:
    torch.manual_seed(5)
    expected = torch.rand(1)
    torch.manual_seed(5)
    stages(False)
    assert torch.equal(torch.rand(1), expected)
