"""The naive answer is the frequency, the same for all, and closed where the labels are."""

import numpy as np

from protea.applications.function.naive import naive_degrees


def test_frequencies() -> None:
    label = np.array([[1, 1, 0], [1, 0, 0], [1, 1, 1], [1, 0, 0]], dtype=bool)
    assert naive_degrees(label, 2).tolist() == [[1.0, 0.5, 0.25]] * 2
