import numpy as np
from scipy import sparse

from protea.benchmark.calibration.few_labels import fit_few_labels
from protea.benchmark.learners.few_labels import FewLabelsConfig


def test_values_and_deviations_are_those_of_the_model_for_dense_and_sparse_columns() -> None:
    rng = np.random.default_rng(0)
    x = rng.normal(size=(20, 3))
    y = x[:, 0] + 0.1 * rng.normal(size=20)
    value, sigma = fit_few_labels(x, y, "bayesian_ridge").predict(x)
    for columns in (x, sparse.csr_array(x)):
        found = FewLabelsConfig().fit(columns, y, (), 0).predict(columns)
        np.testing.assert_allclose(found.mean, value)
        assert found.std is not None
        np.testing.assert_allclose(found.std, sigma)
