"""A line graph worked by hand, and the bins of angles."""

import math

import pytest
import torch

from protea.encoders.line_graph import angle_bins, line_incidence
from protea.encoders.relational_edges import RelationalEdges


def test_three_residues_in_a_right_angle() -> None:
    position = torch.tensor([[1.0, 0.0, 0.0], [0.0, 0.0, 0.0], [0.0, 1.0, 0.0]])
    # Edges by target: 1 -> 0, then 0 -> 1 and 2 -> 1, then 1 -> 2.
    source, target = torch.tensor([1, 0, 2, 1]), torch.tensor([0, 1, 1, 2])
    edges = RelationalEdges(source, target, torch.zeros(4, dtype=torch.int64), torch.ones(4), 1, 3)
    line = line_incidence(edges, position, bins=4)
    heard = {
        (segment // 4, segment % 4): sorted(line.row[line.ptr[segment] : line.ptr[segment + 1]].tolist())
        for segment in range(16)
        if line.ptr[segment] < line.ptr[segment + 1]
    }
    # At residue 1 between 0 and 2 the angle is 90 degrees: bin 2 of 4; back along the same edge it is 0: bin 0.
    assert heard == {(0, 0): [1], (0, 2): [2], (1, 0): [0], (2, 0): [3], (3, 2): [1], (3, 0): [2]}


@pytest.mark.parametrize(("degrees", "expected"), [(0, 0), (25, 0), (26, 1), (90, 3), (179, 6), (180, 6)])
def test_bins_of_angles(degrees: float, expected: int, dtype: torch.dtype) -> None:
    angle = math.radians(degrees)
    first = torch.tensor([[2.0], [0.0], [0.0]], dtype=dtype)
    second = torch.tensor([[math.cos(angle)], [math.sin(angle)], [0.0]], dtype=dtype)
    assert angle_bins(first, second, 7).tolist() == [expected]


def test_a_vector_without_length_is_in_the_first_bin() -> None:
    assert angle_bins(torch.zeros(3, 1), torch.tensor([[-1.0], [-2.0], [-3.0]]), 7).tolist() == [0]
