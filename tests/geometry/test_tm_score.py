"""TM-score: analytic cases, invariance, bounds, and the golden pairs."""

import numpy as np
import pytest
import torch

from protea.errors import ContractError
from protea.geometry.frames import Frames
from protea.geometry.rotations import matrix_from_vector, random_rotation
from protea.geometry.tm_score import tm_at_kabsch, tm_d0, tm_score, tm_superposition


def chain(length: int, dtype: torch.dtype, seed: int = 0) -> torch.Tensor:
    step = torch.randn(length, 3, dtype=torch.float64, generator=torch.Generator().manual_seed(seed))
    return (3.8 * step / step.norm(dim=-1, keepdim=True)).cumsum(0).to(dtype)


def test_distance_scale():
    assert tm_d0(5) == tm_d0(21) == 0.5
    assert tm_d0(22) == pytest.approx(1.24 * 7 ** (1 / 3) - 1.8)
    assert tm_d0(100) == pytest.approx(3.652, abs=1e-3)


@pytest.mark.parametrize("length", [1, 2, 3, 4, 30, 65])
def test_a_moved_copy_scores_one(dtype, length):
    target = chain(length, dtype)
    rotation = random_rotation(1, torch.Generator().manual_seed(1), dtype)[0]
    mobile, ptr = target @ rotation.T + 9, torch.tensor([0, length])
    assert tm_score(mobile, target, ptr).item() == pytest.approx(1, abs=1e-4 if dtype == torch.float32 else 1e-9)


def test_a_hinge_scores_its_larger_rigid_part_where_least_rmsd_does_not(dtype):
    # 60 of 90 residues match exactly, the rest is turned away; the best score lies at about 60 / 90 or above.
    target = chain(90, dtype, seed=3)
    hinge = matrix_from_vector(torch.tensor([0.3, 2.0, -0.7], dtype=dtype))
    mobile = target.clone()
    mobile[60:] = (target[60:] - target[60]) @ hinge.T + target[60] + 15
    ptr = torch.tensor([0, 90])
    best = tm_score(mobile, target, ptr).item()
    assert 60 / 90 <= best < 0.75
    assert tm_at_kabsch(mobile, target, ptr).item() < best - 0.05


def test_score_is_reached_by_the_motion_and_packed_equals_single(dtype):
    target = torch.cat([chain(40, dtype, 1), chain(25, dtype, 2)])
    mobile = target + 2 * torch.randn(65, 3, dtype=dtype, generator=torch.Generator().manual_seed(4))
    ptr = torch.tensor([0, 40, 65])
    found = tm_superposition(mobile, target, ptr)
    tolerance = 1e-5 if dtype == torch.float32 else 1e-10
    for p, rows in enumerate([slice(0, 40), slice(40, 65)]):
        length = rows.stop - rows.start
        single = tm_score(mobile[rows], target[rows], torch.tensor([0, length]))
        torch.testing.assert_close(single[0], found.score[p], atol=tolerance, rtol=0)
        motion = Frames(found.motion.rotation[p], found.motion.translation[p])
        squared = (motion.apply(mobile[rows]) - target[rows]).square().sum(-1)
        reached = (1 / (1 + squared / tm_d0(length) ** 2)).mean()
        torch.testing.assert_close(reached, found.score[p], atol=tolerance, rtol=0)
    torch.testing.assert_close(tm_score(target, mobile, ptr), found.score, atol=1e-4, rtol=0)
    assert (found.score >= tm_at_kabsch(mobile, target, ptr) - tolerance).all()


def test_an_empty_protein_is_refused():
    with pytest.raises(ContractError, match="protein 1 of the batch has no residue"):
        tm_score(torch.zeros(3, 3), torch.zeros(3, 3), torch.tensor([0, 3, 3]))


def test_golden_pairs(shared_goldens):
    folder = shared_goldens / "metrics" / "structures"
    inputs, outputs = np.load(folder / "inputs.npz"), np.load(folder / "outputs.npz")
    for i in range(3):
        mobile, target = (torch.from_numpy(inputs[f"pair{i}_{name}_ca"]) for name in ("model", "reference"))
        ptr = torch.tensor([0, len(mobile)])
        assert tm_at_kabsch(mobile, target, ptr).item() == pytest.approx(
            float(outputs[f"pair{i}_tm_at_kabsch"]), abs=1e-9
        )
        reference = float(outputs[f"pair{i}_tm_fixed_alignment"])
        # The search of the reference is heuristic: ours may find up to 1e-3 more, but not less.
        assert reference - 1e-4 <= tm_score(mobile, target, ptr).item() <= reference + 1e-3
