"""Peak memory of a training step grows with the residues, not with their square."""

import pytest

from speed import growth


@pytest.mark.parametrize("kind", growth.ENCODERS)
def test_memory_grows_linearly(kind: str) -> None:
    proteins = growth.measure(kind, [("proteins per batch", number, 40) for number in (8, 32)], repeats=1)
    lengths = growth.measure(kind, [("residues per protein", 2, length) for length in (160, 640)], repeats=1)
    for rows in (proteins, lengths):
        assert 0.6 < growth.worst_excess(rows, "bytes") < 1.25
        assert all(row["seconds"] > 0 for row in rows)


def test_excess_of_a_line_and_of_a_square() -> None:
    line = [{"residues": n, "bytes": 3 * n} for n in (2, 8, 4)]
    square = [{"residues": n, "bytes": n**2} for n in (2, 8, 4)]
    assert growth.worst_excess(line, "bytes") == pytest.approx(1.0)
    assert growth.worst_excess(square, "bytes") == pytest.approx(2.0)
