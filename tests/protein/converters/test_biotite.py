import numpy as np
import pytest
from biotite.structure import AtomArray, AtomArrayStack

from protea.errors import InputError
from protea.protein.converters.biotite import from_biotite, to_biotite
from protea.protein.readers.read import read_structure_bytes
from tests.protein.samples import SEQUENCE, helix_pdb


@pytest.fixture(scope="module")
def helix():
    return read_structure_bytes("helix.pdb", helix_pdb())


def test_an_atom_array_holds_the_same_atoms(helix) -> None:
    array = to_biotite(helix)
    assert array.array_length() == helix.num_atoms + 1
    assert array.atom_name[:4].tolist() == ["N", "CA", "C", "O"]
    assert array.res_name[-1] == "ZN"
    assert array.hetero.tolist() == [False] * helix.num_atoms + [True]
    np.testing.assert_array_equal(array.coord[:-1], helix.atom_position)


def test_there_and_back(helix) -> None:
    again = from_biotite(to_biotite(helix), id="again")
    assert (again.id, again.sequence, again.chain_ids) == ("again", SEQUENCE, ("A",))
    for name in ("author_number", "atom_ptr", "atom_code", "atom_position", "b_factor"):
        np.testing.assert_array_equal(getattr(again, name), getattr(helix, name))
    assert again.ligands.element.tolist() == ["Zn"]


def test_waters_and_hydrogens_are_left_out(helix) -> None:
    array = to_biotite(helix)
    array.element[1] = "H"
    array.atom_name[1] = "HX"
    array.res_name[-1] = "HOH"
    again = from_biotite(array)
    assert (again.num_atoms, again.provenance.num_hydrogens, again.provenance.num_waters) == (39, 1, 1)


def test_what_is_no_single_model_is_refused() -> None:
    with pytest.raises(InputError, match="one model"):
        from_biotite(AtomArrayStack(2, 3))
    with pytest.raises(InputError, match="empty"):
        from_biotite(AtomArray(0))
