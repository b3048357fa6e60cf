import numpy as np
import pytest

from protea.benchmark.learners.row_split import random_folds
from protea.errors import InputError


def test_each_row_is_predicted_once_by_folds_that_did_not_learn_from_it() -> None:
    folds = random_folds(11, 3, 0)
    assert sorted(np.concatenate([fold.test for fold in folds])) == list(range(11))
    assert {fold.test.size for fold in folds} == {3, 4}
    for fold in folds:
        assert sorted(np.concatenate([fold.train, fold.test])) == list(range(11))


def test_the_seed_decides() -> None:
    def tests(seed: int) -> list[list[int]]:
        return [fold.test.tolist() for fold in random_folds(9, 3, seed)]

    assert tests(1) == tests(1) != tests(2)


@pytest.mark.parametrize("num_folds", [1, 5])
def test_a_fold_without_a_row_is_refused(num_folds: int) -> None:
    with pytest.raises(InputError, match="each with a row"):
        random_folds(4, num_folds, 0)
