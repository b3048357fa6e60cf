"""Answers refuse what contradicts itself."""

import numpy as np
import pytest

from protea.errors import ContractError
from protea.predict.answer import Interval, ProteinAnswers, Track


@pytest.mark.parametrize(("low", "high", "level"), [(2.0, 1.0, 0.9), (0.0, 1.0, 1.0), (float("nan"), 1.0, 0.9)])
def test_no_interval(low: float, high: float, level: float) -> None:
    with pytest.raises(ContractError, match="no interval"):
        Interval(low, high, level)


def test_an_interval_may_have_no_bound() -> None:
    assert Interval(-np.inf, np.inf, 0.9).low == -np.inf


@pytest.mark.parametrize(("values", "letters"), [(3, None), (2, "HHH")])
def test_a_track_is_as_long_as_its_protein(values: int, letters: str | None) -> None:
    track = Track("ss", "States", "", np.zeros(values), 0.0, 1.0, letters)
    with pytest.raises(ContractError, match="another length"):
        ProteinAnswers("a", "MK", (), (track,))
