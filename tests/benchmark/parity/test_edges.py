"""Edge sets: order does not matter, a missing edge does, a tie at the limit is excused."""

import numpy as np

from protea.benchmark.parity.edges import edge_set_difference

POSITION = np.array([[0.0, 0, 0], [1, 0, 0], [0, 2, 0], [0, -2 - 1e-6, 0]])
NOBODY = np.zeros(4, bool)


def difference(found: list[list[int]], wanted: list[list[int]], limit=None, is_cut=NOBODY):  # type: ignore[no-untyped-def]
    return edge_set_difference(POSITION, np.array(found), np.array(wanted), limit, is_cut, 1e-4)


def test_order_does_not_matter_and_a_missing_edge_does() -> None:
    assert difference([[1, 2], [0, 0]], [[2, 1], [0, 0]]) == (0.0, 0)
    assert difference([[1, 3], [0, 0]], [[2, 1], [0, 0]]) == (1.0, 0)
    assert difference([[1], [0]], [[2, 1], [0, 0]]) == (0.5, 0)


def test_a_tie_at_the_limit_is_excused_and_counted() -> None:
    limit = lambda edges: np.full(edges.shape[1], 2.0)  # noqa: E731
    assert difference([[1, 3], [0, 0]], [[2, 1], [0, 0]], limit) == (0.0, 2)
    assert difference([[2], [0]], [[2, 1], [0, 0]], limit) == (0.5, 0)


def test_cut_residues_are_left_out_and_repeats_are_seen() -> None:
    assert difference([[1], [0]], [[2], [0]], is_cut=np.array([True, False, False, False])) == (0.0, 0)
    assert difference([[1, 1], [0, 0]], [[1], [0]]) == (1.0, 0)
