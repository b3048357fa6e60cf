"""Frames from the CA trace: proper, turning with the protein, of known hand, absent where nothing defines them."""

import torch

from protea.features.residue.ca_frame import CaFrames, ca_frames
from tests.features.proteins import CA, Dense, ca_trace, random_proteins, random_rotation


def frames_of(dense: Dense) -> CaFrames:
    return ca_frames(dense.position[:, CA], dense.is_resolved[:, CA], dense.residue_ptr, dense.chain_of)


def test_axes_at_a_corner_and_at_the_ends_beside_it() -> None:
    points = torch.tensor([[0.0, 3.8, 0], [0.0, 0, 0], [3.8, 0, 0]], dtype=torch.float64)
    result = frames_of(ca_trace(points))
    identity = torch.eye(3, dtype=torch.float64).expand(3, 3, 3)
    # CA i+1 lies on x, CA i-1 on y: the axes are those of the coordinates.
    torch.testing.assert_close(result.frames.rotation, identity, atol=1e-12, rtol=0)
    assert result.is_defined.tolist() == [True, True, True]
    assert torch.equal(result.frames.translation, points)


def test_rotations_are_proper_and_turn_with_the_protein(dtype: torch.dtype, tolerance: float) -> None:
    dense = random_proteins(30, 3, dtype=dtype)
    rotation = random_rotation(dtype)
    still = frames_of(dense)
    moved = frames_of(dense.with_position(dense.position @ rotation.T + 7.0))
    assert bool(still.is_defined.all())
    torch.testing.assert_close(moved.frames.rotation, rotation @ still.frames.rotation, atol=tolerance, rtol=0)
    gram = still.frames.rotation.mT @ still.frames.rotation
    torch.testing.assert_close(gram, torch.eye(3, dtype=dtype).expand_as(gram), atol=tolerance, rtol=0)
    assert bool((torch.linalg.det(still.frames.rotation) > 0.99).all())


def test_a_mirror_image_has_the_other_z() -> None:
    dense = random_proteins(30)
    mirror = torch.diag(torch.tensor([1.0, 1.0, -1.0], dtype=torch.float64))
    still, mirrored = frames_of(dense), frames_of(dense.with_position(dense.position @ mirror))
    expected = mirror @ still.frames.rotation * torch.tensor([1.0, 1.0, -1.0], dtype=torch.float64)
    torch.testing.assert_close(mirrored.frames.rotation, expected, atol=1e-9, rtol=0)


def test_ends_take_the_rotation_of_their_neighbour() -> None:
    rotation = frames_of(random_proteins(6)).frames.rotation
    assert torch.equal(rotation[0], rotation[1])
    assert torch.equal(rotation[5], rotation[4])
    assert not torch.equal(rotation[1], rotation[2])


def test_stretches_of_one_or_two_have_none() -> None:
    dense = random_proteins(1, 2, 3, 0, 5).cut_before(7)
    # Lengths 1, 2 and 3; the five residues of the last protein are cut into 1 and 4.
    expected = [False, False, False, True, True, True, False, True, True, True, True]
    result = frames_of(dense)
    assert result.is_defined.tolist() == expected
    undefined = result.frames.rotation[~result.is_defined]
    assert torch.equal(undefined, torch.eye(3, dtype=torch.float64).expand_as(undefined))


def test_chains_are_not_joined() -> None:
    dense = random_proteins(6)
    chain_of = torch.tensor([0, 0, 1, 1, 1, 1])
    result = ca_frames(dense.position[:, CA], dense.is_resolved[:, CA], dense.residue_ptr, chain_of)
    assert result.is_defined.tolist() == [False, False, True, True, True, True]


def test_an_unresolved_ca_has_no_frame_and_its_value_changes_nothing() -> None:
    dense = random_proteins(9).without((4, CA))
    hidden = dense.position.clone()
    hidden[4, CA] = torch.nan
    result, other = frames_of(dense), frames_of(dense.with_position(hidden))
    assert result.is_defined.tolist() == [True] * 4 + [False] + [True] * 4
    assert torch.equal(result.frames.rotation, other.frames.rotation)
    assert torch.equal(result.frames.translation, other.frames.translation)


def test_a_pack_has_the_frames_of_its_members(dtype: torch.dtype) -> None:
    dense = random_proteins(7, 1, 4, dtype=dtype)
    together = frames_of(dense)
    alone = [frames_of(dense.one(protein)) for protein in range(3)]
    rotation = torch.cat([single.frames.rotation for single in alone])
    torch.testing.assert_close(together.frames.rotation, rotation, atol=1e-6, rtol=0)
    assert torch.equal(together.is_defined, torch.cat([single.is_defined for single in alone]))


def test_gradients_are_finite_where_frames_are_undefined() -> None:
    line = torch.arange(5, dtype=torch.float64)[:, None] * torch.tensor([3.8, 0.0, 0.0], dtype=torch.float64)
    position = torch.cat([line, line[:1], random_proteins(4).position[:, CA]]).requires_grad_()
    ptr, chain = torch.tensor([0, 5, 6, 10]), torch.zeros(10, dtype=torch.int64)
    result = ca_frames(position, torch.ones(10, dtype=torch.bool), ptr, chain)
    assert result.is_defined.tolist() == [False] * 6 + [True] * 4
    (result.frames.rotation * torch.arange(9.0).view(3, 3)).sum().backward()
    assert bool(position.grad.isfinite().all())
    assert bool((position.grad[6:] != 0).any())
