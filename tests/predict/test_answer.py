"""Answers refuse what contradicts itself."""

import numpy as np
import pytest

from protea.errors import ContractError
from protea.predict.answer import Interval, ProteinAnswers, SubstitutionScan, Track
from protea.protein.alphabets import STANDARD_LETTERS


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


def test_the_mean_of_a_scan_is_taken_once_and_leaves_the_residue_out() -> None:
    score = np.ones((2, 20))
    score[0, STANDARD_LETTERS.index("M")] = 50.0
    scan = SubstitutionScan("a", "A", "a", "", "MX", 0.0, score, np.full((2, 20), np.nan))
    assert scan.mean.tolist() == [1.0, 1.0]
    assert scan.mean is scan.mean
