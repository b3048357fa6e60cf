import numpy as np

from protea.benchmark.learners.mean import MeanConfig


def test_the_answer_is_the_mean_and_does_not_look() -> None:
    fitted = MeanConfig().fit(np.ones((3, 2)), np.array([1.0, 2.0, 6.0]), (), 0)
    found = fitted.predict(np.array([[5.0, 7.0], [0.0, 0.0]]))
    assert found.mean.tolist() == [3.0, 3.0]
    assert found.std is None
