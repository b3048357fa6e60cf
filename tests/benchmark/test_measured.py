"""What an evaluation measured is plain numbers that nobody changes."""

from dataclasses import FrozenInstanceError

import pytest

from protea.benchmark.measured import Measured, VariantResult


def test_results_are_frozen_and_say_why_a_number_is_missing() -> None:
    measured = Measured(None, None, None, 0, 0, "no supervised item")
    with pytest.raises(FrozenInstanceError):
        measured.value = 1.0  # type: ignore[misc]
    assert Measured(0.5, 0.4, 0.6, 10, 3).reason == ""
    assert VariantResult(2, "complex", {"task": {"auprc": measured}}, ()).tasks["task"]["auprc"] is measured
