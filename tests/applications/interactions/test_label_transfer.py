"""The columns of a pair worked by hand on five proteins; the whole on types that proteins tell."""

import numpy as np
import pytest

from protea.applications.interactions.label_transfer import LabelTransferConfig, transfer_columns
from protea.applications.interactions.problem import Problem
from protea.datasets.interactions.network import InteractionNetwork
from protea.metrics.auprc import auprc
from tests.applications.interactions.made_problem import made_problem

# a-b and a-c are labelled, b-d is seen without its label, a-e is asked and seen.
NETWORK = InteractionNetwork(
    ("a", "b", "c", "d", "e"), np.array([[0, 1], [0, 2], [1, 3], [0, 4]]),
    np.array([[1], [0], [1], [1]], bool), ("t",), ("1",) * 5,
)  # fmt: skip
PROBLEM = Problem(NETWORK, np.zeros((5, 1)), np.array([0, 1]), "all")


def columns_of(asked: list[int], likeness: np.ndarray | None = None, weight: float = 0.0) -> np.ndarray:
    found = transfer_columns(PROBLEM, np.array([0, 1]), np.arange(4), np.array([asked]), likeness, weight)
    return found[0]


def test_columns_without_sequences() -> None:
    # d-a: a is the better known. Profiles a: 1/2, d: none (prior 1/2, one pair of the prior).
    found = columns_of([3, 0], weight=1.0)
    profile_a, profile_d, around_a, around_d = found[:4]
    assert (profile_a, profile_d) == (0.5, 0.5)
    # partners of a: b (profile (1 + .5) / 2), c ((0 + .5) / 2), e unknown: (.75 + .25 + .5) / 3
    assert around_a == pytest.approx(0.5)
    # partner of d: b alone: (.75 + .5) / 2
    assert around_d == pytest.approx(0.625)
    # labelled 2 and 0, partners 3 and 1, known partners 2 and 1, shared partners: b
    assert found[4:].tolist() == pytest.approx(np.log1p([2, 0, 3, 1, 2, 1, 1]).tolist())


def test_the_asked_pair_is_no_partner_of_its_own() -> None:
    # a-e: a is known, but it is the asked partner of e: nothing is left around e but the prior.
    found = columns_of([0, 4], weight=1.0)
    assert found[3] == pytest.approx(0.5)
    assert np.expm1(found[-2]) == pytest.approx(0)


def test_types_come_from_pairs_whose_other_protein_is_alike() -> None:
    likeness = np.ones((5, 5))
    likeness[4, 1] = likeness[1, 4] = 9.0  # e is like b: a-b counts nine times a-c
    found = columns_of([0, 4], likeness, weight=1.0)
    assert found[-4] == pytest.approx((9 * 1 + 1 * 0 + 0.5) / (10 + 1))
    assert found[-3] == pytest.approx(0.5)  # e has no labelled pair


@pytest.mark.parametrize("hides", ["proteins", "pairs"])
def test_it_learns_types_that_proteins_tell(hides: str) -> None:
    problem, asked = made_problem("train")
    config = LabelTransferConfig.model_validate({"hides": hides, "rounds": 6, "trees": 30})
    (stage,) = config.stages(problem, 0)
    label = problem.network.labels[asked].astype(np.int64)
    found = auprc(label, stage.probability(problem.network.pairs[asked]))
    assert found > auprc(label, np.tile(problem.prior, (len(asked), 1))) + 0.1
