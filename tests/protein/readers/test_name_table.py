"""Names are found by their place in the table, and nothing else is."""

import numpy as np

from protea.protein.chemistry import ATOM37
from protea.protein.readers.name_table import NameTable, text_key


def test_every_name_is_found_and_no_other() -> None:
    table = NameTable(ATOM37)
    index, is_known = table.find(text_key(np.array(ATOM37, dtype="S4")))
    assert is_known.all()
    assert index.tolist() == list(range(len(ATOM37)))
    letters = np.array([f"{a}{b}{c}" for a in "CNO ABX" for b in "ABCDXZ12" for c in "12 3X"], dtype="S8")
    _, is_known = table.find(text_key(np.append(letters, b"")))
    assert is_known.tolist() == [name.decode() in ATOM37 for name in letters] + [False]


def test_the_table_grows_until_all_names_have_a_place() -> None:
    names = tuple(f"{letter}{number}" for letter in "ABCDEFGH" for number in range(32))
    index, is_known = NameTable(names).find(text_key(np.array(names, dtype="S8")))
    assert is_known.all()
    assert index.tolist() == list(range(256))
