"""Contacts by any heavy atom, inclusive at the cutoff; labels carried by chain, number and insertion code."""

import numpy as np
import pytest

from protea.datasets.sources.contact_labels import interface_residues, matched_residues
from protea.errors import InputError
from protea.protein.record import Protein, protein_from_sequence


def placed(id: str, sequence: str, x: list[list[float]]) -> Protein:
    """A protein whose residues have atoms at these places on the x axis."""
    position = [[value, 0.0, 0.0] for residue in x for value in residue]
    return protein_from_sequence(id, sequence).replace(
        atom_ptr=np.concatenate([[0], np.cumsum([len(residue) for residue in x])]).astype(np.int64),
        atom_code=np.zeros(len(position), np.uint8),
        atom_position=np.array(position, np.float32).reshape(-1, 3),
    )


def test_any_atom_counts_and_the_cutoff_is_included() -> None:
    one = placed("one", "AAAA", [[0.0, 6.5], [0.0, 6.25], [], [14.0]])
    other = placed("other", "AA", [[10.0], [100.0]])
    assert interface_residues(one, other, 3.5).tolist() == [True, False, False, False]
    assert interface_residues(other, one, 3.5).tolist() == [True, False]
    assert interface_residues(one, other, 4.0).tolist() == [True, True, False, True]
    assert interface_residues(one, other, 3.49).tolist() == [False] * 4


def test_a_partner_without_atoms_is_refused() -> None:
    with pytest.raises(InputError, match="without atoms"):
        interface_residues(placed("one", "A", [[0.0]]), protein_from_sequence("bare", "A"), 3.5)


def test_residues_are_matched_by_chain_number_and_insertion_code() -> None:
    reference = protein_from_sequence("b", "ACDEF").replace(
        author_number=np.array([10, 11, 11, 12, 14], np.int32),
        insertion_code=np.array(["", "", "A", "", ""]),
    )
    protein = protein_from_sequence("u", "CDAEF").replace(
        author_number=np.array([11, 11, 9, 12, 14], np.int32),
        insertion_code=np.array(["", "A", "", "", "B"]),
    )
    match = matched_residues(protein, reference)
    assert match.row.tolist() == [1, 2, -1, 3, -1]
    assert match.is_matched.tolist() == [True, True, False, True, False]
    assert (match.num_unmatched, match.num_other_type, match.misnumbered) == (2, 0, ())


def test_a_mutant_is_unknown_and_counted() -> None:
    reference = protein_from_sequence("b", "A" * 20)
    match = matched_residues(protein_from_sequence("u", "A" * 7 + "W" + "A" * 12), reference)
    assert match.num_other_type == 1
    assert np.flatnonzero(~match.is_matched).tolist() == [7]


def test_a_chain_numbered_otherwise_is_unknown_as_a_whole() -> None:
    sequence = "MKVLAADEGHIKRSTWYPNQ"
    two = ("A", "B")
    chain_of = np.repeat([0, 1], 20).astype(np.int16)
    reference = protein_from_sequence("b", sequence * 2).replace(chain_ids=two, chain_of=chain_of, seqres=())
    shifted = reference.author_number.copy()
    shifted[20:] += 1
    match = matched_residues(reference.replace(author_number=shifted), reference)
    assert match.misnumbered == ("B",)
    assert match.is_matched.tolist() == [True] * 20 + [False] * 20
    renamed = matched_residues(reference.replace(chain_ids=("A", "C")), reference)
    assert renamed.num_unmatched == 20
