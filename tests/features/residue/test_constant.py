"""One column of ones."""

import torch

from protea.features.residue.constant import CONSTANT
from protea.features.structure_view import StructureView
from tests.features.proteins import random_proteins


def test_ones_in_the_dtype_of_the_positions(dtype: torch.dtype) -> None:
    columns = CONSTANT.compute(StructureView(random_proteins(3, 1, dtype=dtype).batch()))
    assert torch.equal(columns, torch.ones(4, 1, dtype=dtype))
    assert not CONSTANT.reveals
