"""Only the sequence and what belongs to it stays."""

from protea.datasets.sources.without_structure import without_structure
from tests.datasets.sources.published.made_site import entry


def test_letters_and_chains_stay_atoms_ligands_and_labels_go() -> None:
    whole = entry("1abc")
    found = without_structure(whole)
    assert (found.id, found.sequence, found.chain_ids) == (whole.id, whole.sequence, whole.chain_ids)
    assert (found.num_atoms, len(found.ligands), found.labels, found.b_factor) == (0, 0, {}, None)
    assert found.atom_ptr.tolist() == [0] * (len(whole) + 1)
