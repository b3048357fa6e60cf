"""The atom table and the names of elements."""

import numpy as np
import pytest

from protea.protein.readers.table import BLANK, atomic_numbers
from tests.protein.readers.tables import Row, atom_table


@pytest.mark.parametrize("index", [np.array([False, True, True]), np.array([1, 2])])
def test_take_cuts_every_column_alike(index: np.ndarray) -> None:
    atoms = atom_table(*(Row(name, number=i, x=float(i), chain=name) for i, name in enumerate("NCO")))
    part = atoms.take(index)
    assert len(part) == 2
    for name in atoms.__dataclass_fields__:
        np.testing.assert_array_equal(getattr(part, name), getattr(atoms, name)[1:3], err_msg=name)


def test_take_keeps_the_order_asked_for() -> None:
    atoms = atom_table(Row("N", x=1.0), Row("CA", x=2.0), Row("C", x=3.0))
    part = atoms.take(np.array([2, 0]))
    assert (part.atom_name.tolist(), part.position[:, 0].tolist()) == ([b"C", b"N"], [3.0, 1.0])


def test_elements_in_any_case_and_deuterium_as_hydrogen() -> None:
    symbol = np.array([b"C", b"ZN", b"zn", b"D", b"H", b"SE", b"C"])
    name, number = atomic_numbers(symbol)
    assert name.tolist() == [b"C", b"Zn", b"Zn", b"D", b"H", b"Se", b"C"]
    assert number.tolist() == [6, 30, 30, 1, 1, 34, 6]


def test_what_is_no_element_has_number_0() -> None:
    name, number = atomic_numbers(np.array([b"", b"QQ", b"\xff", b"N"]))
    assert number.tolist() == [0, 0, 0, 7]
    assert name[:3].tolist() == [b"X", b"X", b"X"]


def test_blank_is_the_code_of_a_space() -> None:
    assert bytes([BLANK]) == b" "
