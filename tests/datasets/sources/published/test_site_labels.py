"""Site labels: by distance to named ligands, and by strings along the whole or the observed sequence."""

import numpy as np
import pytest

from protea.datasets.sources.published.site_labels import label_along_sequence, ligand_contacts
from protea.errors import FileFormatError
from tests.datasets.sources.published.made_site import entry


def test_residues_near_the_named_ion_only() -> None:
    protein = entry("1aaa")
    ion = protein.ligands.atom_position[0]
    distance = np.linalg.norm(protein.atom_position - ion, axis=1)
    wanted = np.unique(protein.residue_of_atom()[distance <= 3.5])
    label = ligand_contacts(protein, ("ZN",), 3.5)
    assert np.flatnonzero(label.value).tolist() == wanted.tolist()
    assert 0 in wanted
    assert label.is_known.all()
    assert not ligand_contacts(protein, ("MG",), 3.5).value.any()
    exact = float(distance[0])  # the limit itself counts
    assert ligand_contacts(protein, ("ZN",), exact + 1e-6).value[0] == 1
    assert ligand_contacts(protein, ("ZN",), exact - 1e-3).value[0] == int(
        distance[protein.residue_of_atom() == 0].min() < exact - 1e-3
    )


def test_strings_along_seqres_or_observed() -> None:
    protein = entry("1aaa").select_chains(("A",))
    value = np.arange(30)
    assert label_along_sequence(protein, value, "x").value.tolist() == list(range(30))
    part = protein.select_residues(np.arange(30) % 2 == 0)
    assert label_along_sequence(part, value, "x").value.tolist() == list(range(0, 30, 2))
    assert label_along_sequence(part, np.arange(15), "x").value.tolist() == list(range(15))
    with pytest.raises(
        FileFormatError, match=r"x: another number of labels.*expected 15 observed or 30 in all; found 7"
    ):
        label_along_sequence(part, np.arange(7), "x")
