"""Frames form a group, act as stated, and are built from three points as stated."""

import torch

from protea.geometry.frames import Frames, frames_from_three_points
from protea.geometry.rotations import random_rotation


def random_frames(num: int, seed: int, dtype: torch.dtype) -> Frames:
    generator = torch.Generator().manual_seed(seed)
    rotation = random_rotation(num, generator, dtype)
    return Frames(rotation, torch.randn(num, 3, dtype=dtype, generator=generator) * 5)


def assert_same(found: Frames, expected: Frames, tolerance: float) -> None:
    torch.testing.assert_close(found.rotation, expected.rotation, atol=tolerance, rtol=0)
    torch.testing.assert_close(found.translation, expected.translation, atol=tolerance, rtol=0)


def test_group_laws(dtype, tolerance):
    a, b, c = (random_frames(20, seed, dtype) for seed in range(3))
    identity = Frames.identity(20, dtype=dtype)
    assert_same(a.compose(b).compose(c), a.compose(b.compose(c)), tolerance)
    assert_same(a.compose(a.invert()), identity, tolerance)
    assert_same(a.compose(identity), a, tolerance)
    point = torch.randn(20, 3, dtype=dtype)
    torch.testing.assert_close(a.compose(b).apply(point), a.apply(b.apply(point)), atol=tolerance, rtol=0)
    torch.testing.assert_close(a.apply_inverse(a.apply(point)), point, atol=tolerance, rtol=0)
    torch.testing.assert_close(a.apply_inverse(point), a.invert().apply(point), atol=tolerance, rtol=0)


def test_apply_to_several_points_per_frame(dtype, tolerance):
    frames, point = random_frames(4, 0, dtype), torch.randn(4, 7, 3, dtype=dtype)
    moved = frames.unsqueeze().apply(point)
    for i in range(4):
        expected = point[i] @ frames.rotation[i].T + frames.translation[i]
        torch.testing.assert_close(moved[i], expected, atol=tolerance, rtol=0)
    assert frames.select(torch.tensor([2, 2])).shape == (2,)


def test_frame_of_three_points_follows_the_motion(dtype, tolerance):
    n, ca, c = torch.randn(3, 30, 3, dtype=dtype)
    motion = random_frames(30, 5, dtype)
    frames = frames_from_three_points(n, ca, c)
    assert_same(
        frames_from_three_points(motion.apply(n), motion.apply(ca), motion.apply(c)), motion.compose(frames), tolerance
    )
    local_n, local_c = frames.apply_inverse(n), frames.apply_inverse(c)
    torch.testing.assert_close(local_c[:, 0], (c - ca).norm(dim=-1), atol=tolerance, rtol=0)
    assert local_c[:, 1:].abs().max() < tolerance
    assert local_n[:, 2].abs().max() < tolerance
    assert (local_n[:, 1] > 0).all()
    torch.testing.assert_close(torch.linalg.det(frames.rotation), torch.ones(30, dtype=dtype))


def test_points_on_a_line_give_the_identity_with_zero_gradient(dtype):
    points = torch.tensor([[[0.0, 0, 0], [1, 2, 3], [2, 4, 6]], [[1, 1, 1], [1, 1, 1], [0, 0, 2]]], dtype=dtype)
    points.requires_grad_()
    frames = frames_from_three_points(*points.unbind(1))
    assert torch.equal(frames.rotation, torch.eye(3, dtype=dtype).expand(2, 3, 3))
    (gradient,) = torch.autograd.grad(frames.rotation.sum(), points)
    assert (gradient == 0).all()


def test_gradient_of_the_frame_matches_finite_differences():
    points = torch.randn(3, 2, 3, dtype=torch.float64, requires_grad=True)
    assert torch.autograd.gradcheck(lambda x: frames_from_three_points(*x).rotation, (points,))
