"""Shares are of the whole work; the time left follows from the rate of all machines."""

import pytest

from protea.cluster import shares
from protea.cluster.shares import Shares, clock_words


def test_shares_of_all_machines(monkeypatch: pytest.MonkeyPatch) -> None:
    clock, done = iter([100.0, 110.0, 120.0]), iter([2, 6, 10])
    monkeypatch.setattr(shares.time, "monotonic", lambda: next(clock))
    said: list[str] = []
    told = Shares(10, lambda: next(done), said.append)
    told.tell()
    told.tell()
    # Four parts in 10 s on all machines leave four, and 10 s.
    assert said == [
        "6 of 10 parts done (60.0%), 1 of them here, 0:00:10 left",
        "10 of 10 parts done (100.0%), 2 of them here",
    ]


def test_clock_words() -> None:
    assert (clock_words(59.6), clock_words(3725.0)) == ("0:01:00", "1:02:05")
