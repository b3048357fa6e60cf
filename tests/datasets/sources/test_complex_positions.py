"""Places in the complex: those of the bound form, carried by residue number."""

from pathlib import Path

import numpy as np

from protea.datasets.sources.complex_positions import ComplexPositionsConfig
from protea.datasets.sources.docking import DockingConfig
from tests.benchmark.suites.docking_files import write_complexes

SEQUENCES = {"1AAA": ("GAGGWG" * 10, "GGAGYG" * 10)}


def test_glycine_has_the_place_of_its_ca_in_the_bound_form(tmp_path: Path) -> None:
    path = write_complexes(tmp_path / "complexes", SEQUENCES)
    found = {}
    for state in ("bound", "unbound"):
        source = ComplexPositionsConfig(source=DockingConfig(path=path, state=state))  # type: ignore[arg-type]
        found[state] = {protein.id: protein for protein in source.proteins()}
    for state, proteins in found.items():
        for name, protein in proteins.items():
            label = protein.labels["complex_position"]
            # The made residues have no CB: glycine alone has a place.
            assert label.is_known.tolist() == [letter == "G" for letter in protein.sequence], (state, name)
    bound, unbound = found["bound"]["1AAA_r"], found["unbound"]["1AAA_r"]
    position, _ = bound.ca()
    label = bound.labels["complex_position"]
    assert np.array_equal(label.value[label.is_known], position[label.is_known])
    # The unbound receptor begins at residue 2.
    assert np.array_equal(unbound.labels["complex_position"].value, label.value[1:])


def test_both_forms_have_fingerprints_of_their_own(tmp_path: Path) -> None:
    path = write_complexes(tmp_path / "complexes", SEQUENCES)
    sources = [
        ComplexPositionsConfig(source=DockingConfig(path=path, state=state))  # type: ignore[arg-type]
        for state in ("bound", "unbound")
    ]
    assert sources[0].fingerprint() != sources[1].fingerprint()
