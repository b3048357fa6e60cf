"""The sinusoidal embedding of the distance in sequence."""

import math

import torch

from protea.features.edge_features.offset_embedding import OFFSET_EMBEDDING
from tests.features.edge_features.inputs import assert_symmetry_as_declared, featurise
from tests.features.proteins import random_proteins


def test_closed_form() -> None:
    inputs = featurise(random_proteins(40))
    columns = OFFSET_EMBEDDING.compute(inputs, torch.tensor([[37, 5], [5, 37]]))
    angles = [32 * 10000 ** (-step / 8) for step in range(8)]
    expected = [math.cos(a) for a in angles] + [math.sin(a) for a in angles]
    torch.testing.assert_close(columns[0], torch.tensor(expected, dtype=torch.float64), atol=1e-12, rtol=0)
    # The source before the target: the sines, and only they, change their sign.
    torch.testing.assert_close(columns[1, :8], columns[0, :8], atol=1e-12, rtol=0)
    torch.testing.assert_close(columns[1, 8:], -columns[0, 8:], atol=1e-12, rtol=0)


def test_symmetry_is_as_declared(dtype: torch.dtype, tolerance: float) -> None:
    assert_symmetry_as_declared(OFFSET_EMBEDDING, dtype, tolerance)
