"""What residue names stand for."""

import pytest

from protea.protein.chemistry import LETTER_OF_NAME
from protea.protein.readers.residue_kinds import ResidueInfo, ResidueKind, parent_letter, residue_info


def test_the_twenty_are_amino_acids_with_their_letters() -> None:
    for name, letter in LETTER_OF_NAME.items():
        assert residue_info(name) == ResidueInfo(ResidueKind.AMINO_ACID, letter)


@pytest.mark.parametrize(
    ("name", "kind", "letter"),
    [
        ("MSE", ResidueKind.AMINO_ACID, "M"),
        ("SEP", ResidueKind.AMINO_ACID, "S"),
        ("HIE", ResidueKind.AMINO_ACID, "H"),
        ("CYX", ResidueKind.AMINO_ACID, "C"),
        ("GLH", ResidueKind.AMINO_ACID, "E"),
        ("PCA", ResidueKind.AMINO_ACID, "Q"),
        ("DA", ResidueKind.NUCLEOTIDE, "A"),
        ("U", ResidueKind.NUCLEOTIDE, "U"),
        ("GUA", ResidueKind.NUCLEOTIDE, "G"),
        ("HOH", ResidueKind.WATER, "X"),
        ("TIP3", ResidueKind.WATER, "X"),
        ("ACE", ResidueKind.CAP, "X"),
        ("NH2", ResidueKind.CAP, "X"),
        ("ZN", ResidueKind.OTHER, "X"),
        ("HEM", ResidueKind.OTHER, "X"),
        ("QQ1", ResidueKind.UNKNOWN, "X"),
    ],
)
def test_kind_and_letter(name: str, kind: ResidueKind, letter: str) -> None:
    assert residue_info(name) == ResidueInfo(kind, letter)


def test_lower_case_is_unknown_but_keeps_its_letter_and_water_stays_water() -> None:
    assert residue_info("phe") == ResidueInfo(ResidueKind.UNKNOWN, "F")
    assert residue_info("Zn") == ResidueInfo(ResidueKind.UNKNOWN, "X")
    assert residue_info("hoh") == ResidueInfo(ResidueKind.WATER, "X")


@pytest.mark.parametrize(
    ("name", "letter"), [("GLY", "G"), ("HSD", "H"), ("phe", "F"), ("ZN", "X"), ("TRN", "W"), ("QQ1", "X")]
)
def test_the_parent_letter_of_any_name(name: str, letter: str) -> None:
    assert parent_letter(name) == letter
