import itertools
from pathlib import Path

import numpy as np
import pytest

from protea.benchmark.suites.diagnostics_shape import chain_shapes, shape_table
from protea.datasets.sources.ca_traces import CATracesConfig
from protea.datasets.sources.generated import GeneratedConfig, generate_protein
from protea.errors import InputError
from protea.protein.record import Protein


def straight(protein: Protein) -> Protein:
    """The protein with its atoms on a line, 3.8 angstrom a residue."""
    place = protein.residue_of_atom()[:, None] * np.array([3.8, 0, 0])
    return protein.replace(atom_position=place.astype(np.float32))


def test_a_straight_line_by_hand() -> None:
    protein = straight(generate_protein(0, 11))
    length = len(protein)
    shape = chain_shapes([protein])
    # Variance of equally spaced points: (n^2 - 1) / 12 steps squared.
    assert shape.radius[0] == pytest.approx(3.8 * np.sqrt((length**2 - 1) / 12), rel=1e-6)
    assert shape.contacts_per_residue[0] == 0
    assert shape.expected_radius[0] == pytest.approx(2.2 * length**0.38)


def test_length_limits_and_table() -> None:
    proteins = [generate_protein(0, index) for index in range(3)]
    lengths = sorted(len(protein) for protein in proteins)
    shape = chain_shapes(proteins, shortest=lengths[1])
    assert sorted(shape.length) == lengths[1:]
    table = shape_table({"made": shape})
    assert table.count("\n") == 3
    assert "| made | 2 |" in table
    with pytest.raises(InputError, match="no protein to summarise"):
        chain_shapes(proteins, longest=20)


def test_generated_chains_beside_real_ones(shared_data: Path) -> None:
    traces = CATracesConfig(path=shared_data / "structures" / "ca_traces.parquet").proteins()
    real = chain_shapes(itertools.islice(traces, 150), longest=200)
    made = chain_shapes(GeneratedConfig(num_proteins=8, min_length=120, max_length=150, with_mirrors=False).proteins())
    assert real.median_radius_ratio == pytest.approx(1.0, abs=0.08)
    assert made.median_radius_ratio == pytest.approx(1.0, abs=0.15)
    assert 0.6 * real.median_contacts < made.median_contacts < 1.4 * real.median_contacts
