import numpy as np
from scipy import sparse

from protea.benchmark.learners.learner import dense, used_columns


def test_dense_and_used_columns_are_those_of_either_form() -> None:
    columns = np.array([[0.0, 1.0, 0.0, -2.0], [0.0, 0.0, 0.0, 3.0]])
    for given in (columns, sparse.csr_array(columns)):
        np.testing.assert_array_equal(dense(given), columns)
        assert used_columns(given).tolist() == [1, 3]
