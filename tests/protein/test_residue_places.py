"""A residue is at its CB, glycine at its CA, and where the atom is absent nowhere."""

import numpy as np

from protea.protein.chemistry import ATOM_CODE
from protea.protein.residue_places import residue_places
from tests.protein.readers.foldcomp.made_chain import full_chain


def test_places_are_those_of_the_atoms() -> None:
    chain = full_chain(3, length=40)
    places, is_known = residue_places(chain)
    at_ca, _ = residue_places(chain, "CA")
    assert is_known.all()
    assert "G" in chain.sequence
    for residue, letter in enumerate(chain.sequence):
        own = slice(chain.atom_ptr[residue], chain.atom_ptr[residue + 1])
        place_of = dict(zip(chain.atom_code[own].tolist(), chain.atom_position[own], strict=True))
        np.testing.assert_array_equal(at_ca[residue], place_of[ATOM_CODE["CA"]])
        np.testing.assert_array_equal(places[residue], place_of[ATOM_CODE["CA" if letter == "G" else "CB"]])


def test_an_atom_that_is_absent_leaves_its_residue_without_a_place() -> None:
    chain = full_chain(3, length=10)
    first_cb = int(np.flatnonzero(chain.atom_code == ATOM_CODE["CB"])[0])
    residue = int(chain.residue_of_atom()[first_cb])
    keep = np.arange(chain.num_atoms) != first_cb
    ptr = chain.atom_ptr - (np.arange(len(chain) + 1) > residue)
    assert chain.b_factor is not None
    cut = chain.replace(
        atom_ptr=ptr, atom_code=chain.atom_code[keep], atom_position=chain.atom_position[keep],
        b_factor=chain.b_factor[keep],
    )  # fmt: skip
    places, is_known = residue_places(cut)
    assert np.flatnonzero(~is_known).tolist() == [residue]
    assert not places[residue].any()
