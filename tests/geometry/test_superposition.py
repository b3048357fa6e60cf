"""Superposition finds known motions, stays proper, ignores weight 0, and matches the golden values."""

import numpy as np
import torch

from protea.geometry.rotations import random_rotation
from protea.geometry.superposition import rmsd, rmsd_as_placed, superpose, superpose_batch

PTR = torch.tensor([0, 30, 30, 33, 60])


def moved_copy(dtype: torch.dtype) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor, torch.Tensor]:
    generator = torch.Generator().manual_seed(0)
    mobile = torch.randn(60, 3, dtype=dtype, generator=generator) * 10
    rotation = random_rotation(4, generator, dtype)
    shift = torch.randn(4, 3, dtype=dtype, generator=generator) * 20
    owner = torch.repeat_interleave(torch.arange(4), PTR.diff())
    return mobile, (rotation[owner] @ mobile[..., None]).squeeze(-1) + shift[owner], rotation, shift


def test_the_motion_that_was_applied_is_found(dtype, tolerance):
    mobile, target, rotation, shift = moved_copy(dtype)
    motion = superpose(mobile, target, PTR)
    filled = [0, 2, 3]
    torch.testing.assert_close(motion.rotation[filled], rotation[filled], atol=tolerance, rtol=0)
    torch.testing.assert_close(motion.translation[filled], shift[filled], atol=tolerance * 10, rtol=0)
    assert rmsd(mobile, target, PTR).max() < tolerance
    assert torch.equal(motion.rotation[1], torch.eye(3, dtype=dtype))


def test_rmsd_is_invariant_to_motions_and_symmetric(dtype, tolerance):
    mobile, target, _, _ = moved_copy(dtype)
    noisy = target + torch.randn_like(target)
    base = rmsd(target, noisy, PTR)
    assert (base[[0, 2, 3]] > 0.1).all()
    torch.testing.assert_close(rmsd(mobile, noisy, PTR), base, atol=tolerance, rtol=tolerance)
    torch.testing.assert_close(rmsd(noisy, mobile, PTR), base, atol=tolerance, rtol=tolerance)
    assert (base <= rmsd_as_placed(target, noisy, PTR) + tolerance).all()


def test_a_mirror_image_is_not_superposed_by_reflection(dtype):
    mobile, _, _, _ = moved_copy(dtype)
    motion = superpose(mobile, -mobile, PTR)
    torch.testing.assert_close(torch.linalg.det(motion.rotation), torch.ones(4, dtype=dtype))
    assert (rmsd(mobile, -mobile, PTR)[[0, 3]] > 3).all()


def test_weight_zero_leaves_out_and_weight_two_counts_twice(dtype, tolerance):
    mobile, target, _, _ = moved_copy(dtype)
    target = target + torch.randn_like(target)
    weight = torch.ones(60, dtype=dtype)
    weight[10:30] = 0
    spoiled = mobile.clone()
    spoiled[10:30] = 1e3
    short = torch.tensor([0, 10])
    torch.testing.assert_close(
        rmsd(spoiled, target, PTR, weight)[0], rmsd(mobile[:10], target[:10], short)[0], atol=tolerance, rtol=0
    )
    doubled = torch.cat([mobile[:10], mobile[:1]]), torch.cat([target[:10], target[:1]])
    weight = torch.ones(10, dtype=dtype).index_fill(0, torch.tensor([0]), 2.0)
    torch.testing.assert_close(
        rmsd(mobile[:10], target[:10], short, weight)[0],
        rmsd(*doubled, torch.tensor([0, 11]))[0],
        atol=tolerance,
        rtol=0,
    )


def test_batched_form_equals_packed_form(dtype, tolerance):
    mobile, target, weight = torch.randn(5, 12, 3, dtype=dtype), torch.randn(5, 12, 3, dtype=dtype), torch.rand(5, 12)
    weight = weight.to(dtype)
    packed = superpose(mobile.flatten(0, 1), target.flatten(0, 1), torch.arange(6) * 12, weight.flatten())
    batched = superpose_batch(mobile, target, weight)
    torch.testing.assert_close(batched.rotation, packed.rotation, atol=tolerance, rtol=0)
    torch.testing.assert_close(batched.translation, packed.translation, atol=tolerance, rtol=0)


def test_rmsd_gradient_is_exact_and_finite_where_the_rotation_is_not_unique():
    mobile, target = torch.randn(2, 9, 3, dtype=torch.float64).requires_grad_().unbind(0)
    assert torch.autograd.gradcheck(lambda a, b: rmsd(a, b, torch.tensor([0, 4, 9])), (mobile, target))
    line = torch.arange(5.0)[:, None] * torch.ones(3)
    line.requires_grad_()
    for other in (line.detach(), line.detach() * 2, torch.zeros(5, 3)):
        assert torch.autograd.grad(rmsd(line, other, torch.tensor([0, 5])).sum(), line)[0].isfinite().all()


def test_golden_rmsd_and_rotation(shared_goldens):
    folder = shared_goldens / "metrics" / "structures"
    inputs, outputs = np.load(folder / "inputs.npz"), np.load(folder / "outputs.npz")
    pairs = [[torch.from_numpy(inputs[f"pair{i}_{name}_ca"]) for name in ("model", "reference")] for i in range(3)]
    ptr = torch.tensor([0, *[len(model) for model, _ in pairs]]).cumsum(0)
    mobile, target = (torch.cat(points) for points in zip(*pairs, strict=True))
    values, motion = rmsd(mobile, target, ptr), superpose(mobile, target, ptr)
    for i in range(3):
        assert abs(float(values[i]) - float(outputs[f"pair{i}_rmsd_ca"])) < 1e-9
        expected = torch.from_numpy(outputs[f"pair{i}_kabsch_rotation_row_vectors"]).T
        torch.testing.assert_close(motion.rotation[i], expected, atol=1e-9, rtol=0)
