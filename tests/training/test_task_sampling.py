"""Shares follow n^(1 / temperature); a pass is a pure function of its number and uses rows evenly."""

from collections import Counter

import numpy as np
import pytest

from protea.errors import ConfigError
from protea.training.task_sampling import drawn_by_task, shares_with_label, task_shares
from tests.training.small import proteins, rows_of


def test_shares_by_hand() -> None:
    assert task_shares({"a": 900, "b": 100}, 1.0) == pytest.approx({"a": 0.9, "b": 0.1})
    assert task_shares({"a": 900, "b": 100}, 2.0) == pytest.approx({"a": 0.75, "b": 0.25})
    assert task_shares({"a": 900, "b": 100}, 1e9) == pytest.approx({"a": 0.5, "b": 0.5})
    with pytest.raises(ConfigError, match="at least 1"):
        task_shares({"a": 1}, 0.5)
    with pytest.raises(ConfigError, match=r"without labels: \['b'\]"):
        task_shares({"a": 1, "b": 0}, 2.0)


def test_a_pass_holds_each_task_by_its_share() -> None:
    data = rows_of(proteins(12))
    drawn = drawn_by_task(data, {"large": np.arange(9), "small": np.arange(9, 12)}, 1e9, seed=3)
    assert drawn.drawn is not None
    first, second = drawn.of_pass(1), drawn.of_pass(2)
    assert drawn.of_pass(1).rows.tolist() == first.rows.tolist() != second.rows.tolist()
    count = Counter(first.rows.tolist())
    assert sum(count.values()) == 12
    # Six draws of each: the small task's three rows twice each, six of the large task's nine once.
    assert [count[row] for row in (9, 10, 11)] == [2, 2, 2]
    assert sorted(count[row] for row in range(9)) == [0, 0, 0, 1, 1, 1, 1, 1, 1]
    np.testing.assert_array_equal(first.lengths, data.lengths[first.rows])


def test_a_pass_at_temperature_1_holds_every_row_once() -> None:
    data = rows_of(proteins(12))
    drawn = drawn_by_task(data, {"a": np.arange(8), "b": np.arange(8, 12)}, 1.0, seed=0)
    assert sorted(drawn.of_pass(5).rows.tolist()) == list(range(12))


def test_shares_with_a_label_are_those_of_the_drawn_rows() -> None:
    rows = {"few": np.arange(8), "many": np.arange(5, 40)}
    drawn = drawn_by_task(rows_of(proteins(40)), rows, 2.0, 0)
    counted = np.concatenate([drawn.of_pass(number).rows for number in range(300)])
    shares = shares_with_label(rows, 2.0)
    assert {name: np.isin(counted, one).mean() for name, one in rows.items()} == pytest.approx(shares, abs=0.02)
    assert sum(shares.values()) > 1


def test_a_plain_pass_visits_each_row_once() -> None:
    shares = shares_with_label({"few": np.arange(20), "many": np.arange(10, 200)}, None)
    assert shares == {"few": 20 / 200, "many": 190 / 200}
