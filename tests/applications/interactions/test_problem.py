import numpy as np

from protea.applications.interactions.problem import standardised
from tests.applications.interactions.made_problem import made_problem


def test_messages_over_training_pairs_hide_the_others() -> None:
    problem, _ = made_problem("train")
    assert np.array_equal(problem.seen, problem.train)
    assert len(made_problem("all")[0].seen) == len(problem.network)
    assert np.array_equal(problem.prior, problem.network.labels[:150].mean(0))


def test_columns_are_standardised_over_the_known_proteins_alone() -> None:
    columns = np.array([[1.0, 5.0], [3.0, 5.0], [100.0, 7.0]])
    found = standardised(columns, np.array([True, True, False]))
    assert found[:2].tolist() == [[-1, 0], [1, 0]]
    assert found[2].tolist() == [98, 2]
