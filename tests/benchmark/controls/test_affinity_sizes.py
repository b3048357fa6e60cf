"""A line through one number; `tests/benchmark/suites/test_affinity.py` runs it on mutants."""

import numpy as np
import pytest

from protea.benchmark.controls.affinity_sizes import INTERFACE_SIZE, MUTATION_COUNT
from protea.benchmark.controls.items import ControlData
from protea.benchmark.suites.affinity import INTERFACE_RESIDUES
from protea.benchmark.suites.interface import Task
from protea.objectives.binding_affinity import BindingAffinityConfig
from protea.protein.record import Label, protein_from_sequence
from tests.benchmark.controls.suites import BINARY, SiteSuite, suite_data

TASK = Task(BindingAffinityConfig(label="y", level="protein"), "spearman")


def found(sizes: np.ndarray, values: np.ndarray) -> np.ndarray:
    """What the control answers for the last two proteins."""
    proteins = [
        protein_from_sequence(f"p{row}", "ACD").replace(
            labels={
                "y": Label("protein", np.array(value, np.float32), np.array(True)),
                INTERFACE_RESIDUES: Label("protein", np.array(size, np.float32), np.array(True)),
            }
        )
        for row, (size, value) in enumerate(zip(sizes, values, strict=True))
    ]
    data = suite_data(proteins, len(proteins) - 3, 1)
    return INTERFACE_SIZE.run(ControlData(data, {"y": TASK}), {"y": TASK}, 0, 0).predictions["main"]["y"].score


def test_a_line_is_found_exactly() -> None:
    sizes = np.array([1.0, 3.0, 7.0, 20.0, 40.0, 9.0])
    values = 2.0 - 1.5 * np.log1p(sizes)
    assert found(sizes, values) == pytest.approx(values[-2:], abs=1e-4)


def test_a_number_that_never_varies_leaves_the_mean() -> None:
    values = np.array([1.0, 2.0, 6.0, 0.0, 0.0, 0.0])
    assert found(np.full(6, 5.0), values) == pytest.approx([3.0, 3.0], abs=1e-6)


def test_they_answer_affinities_alone() -> None:
    for control in (INTERFACE_SIZE, MUTATION_COUNT):
        assert not control.applies_to(SiteSuite(), BINARY)
        assert not control.applies_to(SiteSuite(), TASK)
