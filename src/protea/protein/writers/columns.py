"""What both writers put in an atom line: names, elements, and the B-factor column."""

import numpy as np
from jaxtyping import Float

from protea.errors import InputError, describe
from protea.protein.chemistry import ATOM37, ATOM_CODE
from protea.protein.record import Protein

__all__ = ["atom_names", "check_writable", "element_of", "temperature_column"]

_TWO_LETTER_ELEMENTS = frozenset({"SE", "BR", "CL", "FE", "ZN", "HG", "MG", "MN", "NI", "CU", "CO", "AS", "SI"})


def check_writable(protein: Protein) -> None:
    """Raise InputError for a record without atoms, or with a residue that has none: the file would lose it."""
    if not protein.num_atoms and not len(protein.ligands):
        raise InputError(describe("a record without atoms cannot be written as a structure", where=protein.id))
    empty = np.flatnonzero(np.diff(protein.atom_ptr) == 0)
    if len(empty):
        raise InputError(
            describe(
                f"{len(empty)} residues have no atom and would be lost",
                where=protein.id,
                found=f"first at residue {empty[0] + 1}",
                do="Drop them with select_residues first",
            )
        )


def atom_names(protein: Protein) -> list[str]:
    """Return the name of each atom; the selenium of MSE, which a record keeps as SD, is called SE again."""
    table = np.array([*ATOM37, *protein.extra_atom_names], dtype="<U8")
    names = table[protein.atom_code]
    is_mse = (protein.residue_name == "MSE")[protein.residue_of_atom()]
    names[is_mse & (protein.atom_code == ATOM_CODE["SD"])] = "SE"
    return [str(name) for name in names]


def element_of(name: str, *, is_standard: bool) -> str:
    """Return the element of a heavy atom of a residue, by its name."""
    letters = name.lstrip("0123456789")
    if not is_standard and letters[:2] in _TWO_LETTER_ELEMENTS:
        return letters[:2]
    return letters[:1] or "X"


def temperature_column(
    protein: Protein, residue_value: Float[np.ndarray, "residue"] | None
) -> Float[np.ndarray, "atom"]:
    """Return what stands in the B-factor column of each atom: the residue's value, else the B factor, else 0.

    Raises InputError for a value per residue of the wrong length or one that is not finite.
    """
    if residue_value is None:
        return np.zeros(protein.num_atoms, np.float32) if protein.b_factor is None else protein.b_factor
    value = np.asarray(residue_value, dtype=np.float64)
    if value.shape != (len(protein),):
        raise InputError(
            describe("one value per residue", where=protein.id, expected=f"({len(protein)},)", found=str(value.shape))
        )
    if not np.isfinite(value).all():
        bad = int(np.flatnonzero(~np.isfinite(value))[0])
        raise InputError(
            describe("a value is not finite", where=f"{protein.id}, residue {bad + 1}", found=str(value[bad]))
        )
    return value[protein.residue_of_atom()]
