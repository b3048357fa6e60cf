"""What is asked of quadruples."""

import pytest
import torch

from protea.objectives.drawn_groups import hidden_group
from protea.objectives.interface import Corruption
from protea.objectives.masked_dihedral_prediction import MaskedDihedralPredictionConfig
from tests.objectives.made import built, made_batch

CONFIG = MaskedDihedralPredictionConfig(share=0.3, num_neighbours=20)


def test_the_target_is_the_dihedral_of_the_hidden_quadruple(dtype: torch.dtype) -> None:
    batch = made_batch(60, 30, dtype=dtype)
    objective = built(CONFIG, batch).objective
    seen = objective.corrupt(batch, Corruption(0, 0))
    group, is_drawn = hidden_group(seen, CONFIG.kind)
    value, is_supervised = objective.targets(seen)
    assert torch.equal(is_supervised, is_drawn)
    ca = batch.ca()[0].double()
    for (i, j, k, m), columns in zip(group[is_drawn].tolist(), value[is_drawn], strict=True):
        axis = ca[k] - ca[i]
        one, other = torch.linalg.cross(ca[i] - ca[j], axis), torch.linalg.cross(axis, ca[m] - ca[k])
        cosine = float(one @ other / one.norm() / other.norm())
        assert float(columns[0]) == pytest.approx(cosine, abs=1e-4)
        assert float(columns[1]) * float((ca[i] - ca[j]) @ other) >= -1e-9


def test_a_mirror_image_has_the_opposite_sine() -> None:
    batch = made_batch(60)
    mirrored = batch.replace(atom_position=batch.atom_position * torch.tensor([-1.0, 1.0, 1.0], dtype=torch.float64))
    objective = built(CONFIG, batch).objective
    values = []
    for item in (batch, mirrored):
        value, keep = objective.targets(objective.corrupt(item, Corruption(0, 0)))
        values.append(value[keep])
    assert torch.allclose(values[1], values[0] * torch.tensor([1.0, -1.0], dtype=torch.float64), atol=1e-9)
