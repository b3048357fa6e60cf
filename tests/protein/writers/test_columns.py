"""Names, elements and the B-factor column that both writers use."""

import numpy as np
import pytest

from protea.errors import InputError
from protea.protein.record import protein_from_sequence
from protea.protein.writers.columns import atom_names, check_writable, element_of, temperature_column
from tests.protein.writers.records import small_protein


def test_the_selenium_of_mse_gets_its_name_back_and_a_sulphur_keeps_it() -> None:
    protein = small_protein()
    assert atom_names(protein) == ["CA", "SE", "N"]
    assert atom_names(protein.replace(residue_name=np.array(["MET", "GLY"]))) == ["CA", "SD", "N"]
    code = np.array([1, 37, 38], np.uint8)
    assert atom_names(protein.replace(atom_code=code, extra_atom_names=("P", "O1P"))) == ["CA", "P", "O1P"]


@pytest.mark.parametrize(
    ("name", "is_standard", "element"),
    [
        ("CA", True, "C"),
        ("SE", False, "SE"),
        ("SE", True, "S"),
        ("CL1", False, "CL"),
        ("1HB", False, "H"),
        ("2", True, "X"),
    ],
)
def test_the_element_is_read_from_the_name(name: str, is_standard: bool, element: str) -> None:
    assert element_of(name, is_standard=is_standard) == element


def test_the_column_holds_the_value_of_the_residue_else_the_b_factor_else_0() -> None:
    protein = small_protein()
    assert temperature_column(protein, np.array([3.0, -1.0])).tolist() == [3.0, 3.0, -1.0]
    assert temperature_column(protein, None).tolist() == [10.0, 20.5, 30.25]
    assert temperature_column(protein.replace(b_factor=None), None).tolist() == [0.0, 0.0, 0.0]


@pytest.mark.parametrize(
    ("value", "message"), [([1.0], "one value per residue"), ([1.0, np.inf], "my id, residue 2: a value is not finite")]
)
def test_values_that_do_not_fit_are_refused(value: list[float], message: str) -> None:
    with pytest.raises(InputError, match=message):
        temperature_column(small_protein(), np.array(value))


def test_a_record_must_have_atoms_in_every_residue() -> None:
    protein = small_protein()
    check_writable(protein)
    with pytest.raises(InputError, match=r"1 residues have no atom.*first at residue 2"):
        check_writable(protein.replace(atom_ptr=np.array([0, 3, 3])))
    with pytest.raises(InputError, match="without atoms"):
        check_writable(protein_from_sequence("p", "ACD"))
