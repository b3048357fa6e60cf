import numpy as np

from protea.protein.alphabets import STANDARD_LETTERS
from protea.protein.chemistry import (
    ATOM37,
    ATOM_CODE,
    CHI_ATOM_CODES,
    CHI_ATOMS,
    HEAVY_ATOMS,
    LETTER_OF_NAME,
    NAME_OF_CODE,
    NAME_OF_LETTER,
)

# Heavy atoms without OXT: formula of the free amino acid less one oxygen (H2O is lost in the chain).
NUM_HEAVY = dict(
    zip("ARNDCQEGHILKMFPSTWYV", (5, 11, 8, 8, 6, 9, 9, 4, 10, 8, 8, 9, 8, 11, 7, 6, 7, 14, 12, 7), strict=True)
)


def test_every_residue_has_its_heavy_atoms() -> None:
    assert {letter: len(names) for letter, names in HEAVY_ATOMS.items()} == NUM_HEAVY
    assert all(len(set(names)) == len(names) for names in HEAVY_ATOMS.values())


def test_the_37_names_are_those_of_the_residues_and_the_terminal_oxygen() -> None:
    assert len(ATOM37) == len(ATOM_CODE) == 37
    assert set(ATOM37) == {name for names in HEAVY_ATOMS.values() for name in names} | {"OXT"}


def test_names_and_letters_are_one_to_one() -> None:
    assert {NAME_OF_LETTER[letter] for letter in STANDARD_LETTERS} == set(LETTER_OF_NAME)
    assert all(LETTER_OF_NAME[NAME_OF_LETTER[letter]] == letter for letter in STANDARD_LETTERS)


def test_letters_beyond_the_twenty_have_names() -> None:
    assert [NAME_OF_CODE[letter] for letter in "AUOBZ"] == ["ALA", "SEC", "PYL", "ASX", "GLX"]
    assert "X" not in NAME_OF_CODE
    assert len(NAME_OF_CODE) == 24


def test_chi_atoms_belong_to_the_residue_and_follow_each_other() -> None:
    for letter, angles in CHI_ATOMS.items():
        for index, names in enumerate(angles):
            atoms = names.split()
            assert set(atoms) <= set(HEAVY_ATOMS[letter])
            assert CHI_ATOM_CODES[STANDARD_LETTERS.index(letter), index].tolist() == [ATOM_CODE[name] for name in atoms]
            if index:
                assert angles[index - 1].split()[1:] == atoms[:3]
    assert (CHI_ATOM_CODES[STANDARD_LETTERS.index("G")] == -1).all()
    assert (CHI_ATOM_CODES[20] == -1).all()
    assert ((CHI_ATOM_CODES >= 0).all(-1) | (CHI_ATOM_CODES == -1).all(-1)).all()
    assert np.array([(row[:, 0] >= 0).sum() for row in CHI_ATOM_CODES]).max() == 4
