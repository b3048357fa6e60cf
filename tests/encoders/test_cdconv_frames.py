"""Numbers along chains, and frames that never cross the border of a chain."""

import torch

from protea.encoders.cdconv_frames import chain_numbers, residue_frames, unit

CORNER = [[0.0, 0, 0], [2.0, 0, 0], [2.0, 2.0, 0], [2.0, 2.0, 2.0]]


def test_numbers_rise_along_chains_and_leave_gaps() -> None:
    ptr, chain_of = torch.tensor([0, 5, 5, 6, 9]), torch.tensor([0, 0, 0, 1, 1, 0, 0, 0, 0])
    # Chains of 3, 2, 1 and 3 residues; each begins at a multiple of 4, at least 6 after the one before.
    assert chain_numbers(ptr, chain_of, 4, 6).tolist() == [0, 1, 2, 12, 13, 20, 28, 29, 30]
    assert chain_numbers(torch.tensor([0]), chain_of[:0], 4, 6).tolist() == []


def test_numbers_within_a_protein_do_not_depend_on_the_others() -> None:
    chain_of = torch.tensor([0, 0, 0, 1, 1, 1, 1])
    alone = chain_numbers(torch.tensor([0, 7]), chain_of, 8, 24)
    packed = chain_numbers(torch.tensor([0, 3, 10]), torch.cat([chain_of[:3], chain_of]), 8, 24)[3:]
    assert torch.equal(packed - packed[0], alone)
    assert int(packed[0]) % 8 == 0


def test_the_frame_of_a_right_angle(dtype: torch.dtype) -> None:
    position = torch.tensor(CORNER, dtype=dtype)
    frame = residue_frames(position, torch.ones(4, dtype=torch.bool), torch.arange(4))
    root = 0.5**0.5
    # At the second residue the chain turns from x to y: b along x - y, n along z, b x n along -x - y.
    expected = torch.tensor([[root, -root, 0.0], [0.0, 0.0, 1.0], [-root, -root, 0.0]], dtype=dtype)
    torch.testing.assert_close(frame[1], expected)
    torch.testing.assert_close(frame[0], expected)
    torch.testing.assert_close(frame[3], frame[2])
    torch.testing.assert_close(torch.linalg.det(frame), torch.ones(4, dtype=dtype))


def test_frames_do_not_cross_chains_and_hidden_residues() -> None:
    position = torch.randn(12, 3, dtype=torch.float64)
    number = torch.tensor([0, 1, 2, 3, 20, 21, 22, 23, 24, 25, 40, 41])
    is_resolved = torch.ones(12, dtype=torch.bool)
    is_resolved[7] = False
    frame = residue_frames(position, is_resolved, number)
    for rows in (slice(0, 4), slice(4, 7)):
        alone = residue_frames(position[rows], is_resolved[rows], torch.arange(rows.stop - rows.start))
        torch.testing.assert_close(frame[rows], alone)
        assert float(alone.abs().min(0).values.max()) > 0
    # The hidden residue, the two after it and a chain of two have no bend to take a frame from.
    assert float(frame[7:].abs().max()) == 0.0
    moved = position.clone()
    moved[7] += 5.0
    assert torch.equal(residue_frames(moved, is_resolved, number), frame)


def test_a_mirror_turns_the_normal_only() -> None:
    """What makes CDConv SE(3)-invariant and not E(3)-invariant."""
    position = torch.randn(6, 3, dtype=torch.float64)
    flip = torch.tensor([1.0, 1.0, -1.0], dtype=torch.float64)
    is_resolved, number = torch.ones(6, dtype=torch.bool), torch.arange(6)
    here, there = residue_frames(position, is_resolved, number), residue_frames(position * flip, is_resolved, number)
    sign = torch.tensor([1.0, -1.0, -1.0], dtype=torch.float64)[:, None]
    torch.testing.assert_close(there[:, 0], (here * flip)[:, 0])
    torch.testing.assert_close(there[:, 1], (sign * here * flip)[:, 1])


def test_unit_of_zero_is_zero_with_gradient_zero() -> None:
    vector = torch.zeros(2, 3, requires_grad=True)
    unit(vector).sum().backward()
    assert torch.equal(vector.grad, torch.zeros(2, 3))
