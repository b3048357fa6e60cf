"""To and from biotite's `AtomArray`: positions in angstrom, author numbering, one model."""

from dataclasses import replace

import numpy as np
from biotite.structure import AtomArray, AtomArrayStack
from jaxtyping import Shaped

from protea.errors import FileFormatError, InputError, describe
from protea.protein.readers.flat import build_protein
from protea.protein.readers.table import BLANK, AtomTable, StructureFile, atomic_numbers
from protea.protein.record import Protein, Provenance
from protea.protein.writers.columns import atom_names, element_of

__all__ = ["from_biotite", "to_biotite"]


def to_biotite(protein: Protein) -> AtomArray:
    """Return the atoms of a record, residues first, then ligands, as an `AtomArray`.

    B factors (or pLDDT) become the annotation `b_factor`, 0 for ligands. SEQRES, labels and provenance have no place in
    an `AtomArray` and are left behind.
    """
    ligands = protein.ligands
    residue, ligand = protein.residue_of_atom(), np.repeat(np.arange(len(ligands)), np.diff(ligands.atom_ptr))
    names = atom_names(protein)
    array = AtomArray(len(residue) + len(ligand))
    array.coord = np.concatenate([protein.atom_position, ligands.atom_position])
    chain = np.array(protein.chain_ids, dtype="<U8")[protein.chain_of]
    array.chain_id = np.concatenate([chain[residue], ligands.chain[ligand]])
    array.res_id = np.concatenate([protein.author_number[residue], ligands.author_number[ligand]])
    array.ins_code = np.concatenate([protein.insertion_code[residue], np.full(len(ligand), "", "<U1")])
    array.res_name = np.concatenate([protein.residue_name[residue], ligands.ccd_name[ligand]])
    array.hetero = np.concatenate([np.zeros(len(residue), bool), np.ones(len(ligand), bool)])
    array.atom_name = np.concatenate([np.array(names, dtype="<U8"), ligands.atom_name])
    elements = [
        element_of(name, is_standard=False) if name == "SE" else name.lstrip("0123456789")[:1] for name in names
    ]
    array.element = np.concatenate([np.array(elements, dtype="<U2"), np.char.upper(ligands.element)])
    b_factor = np.zeros(len(residue), np.float32) if protein.b_factor is None else protein.b_factor
    array.set_annotation("b_factor", np.concatenate([b_factor, np.zeros(len(ligand), np.float32)]))
    return array


def from_biotite(array: "AtomArray | AtomArrayStack", *, id: str = "biotite") -> Protein:
    """Return the record of an `AtomArray` (one model); waters and hydrogens are left out and counted.

    Raises InputError for another number of models, an empty array, or names that are too long.
    """
    if not isinstance(array, AtomArray):
        raise InputError(
            describe("one model is needed", expected="an AtomArray", found=type(array).__name__, do="Take stack[0]")
        )
    if not array.array_length():
        raise InputError(describe("the AtomArray is empty"))
    if not np.isfinite(array.coord).all():
        raise InputError(describe("a coordinate is not finite", where=id))
    num_atoms = array.array_length()
    categories = array.get_annotation_categories()
    element, atomic_number = atomic_numbers(_bytes(array.element))
    atoms = AtomTable(
        model=np.ones(num_atoms, np.int32),
        chain=_bytes(array.chain_id),
        residue_name=_bytes(array.res_name),
        residue_number=array.res_id.astype(np.int32),
        insertion_code=_codes(array.ins_code),
        label_number=np.zeros(num_atoms, np.int32),
        polymer=np.full(num_atoms, -1, np.int8),
        segment=np.zeros(num_atoms, np.int32),
        is_closed=np.zeros(num_atoms, bool),
        is_hetero=np.asarray(array.hetero, bool),
        atom_name=_bytes(array.atom_name),
        atomic_number=atomic_number,
        element=element,
        altloc=_codes(array.altloc_id) if "altloc_id" in categories else np.full(num_atoms, BLANK, np.uint8),
        occupancy=np.asarray(array.occupancy if "occupancy" in categories else np.ones(num_atoms), np.float32),
        b_factor=np.asarray(array.b_factor if "b_factor" in categories else np.zeros(num_atoms), np.float32),
        position=np.asarray(array.coord, np.float64),
    )
    file = StructureFile(id, atoms, models=(1,), provenance=Provenance(source="biotite", file_format="biotite"))
    try:
        protein = build_protein(file)
    except FileFormatError as error:
        raise InputError(str(error)) from error
    return protein if "b_factor" in categories else replace(protein, b_factor=None)


def _bytes(text: Shaped[np.ndarray, "atom"]) -> Shaped[np.ndarray, "atom"]:
    """Return a text annotation as eight bytes wide; refuse what would be cut."""
    encoded = np.char.encode(text.astype(str), "utf-8")
    if encoded.dtype.itemsize > 8 and np.char.str_len(encoded).max() > 8:
        longest = max(encoded.tolist(), key=len)
        raise InputError(describe("a name is too long", expected="at most 8 bytes", found=repr(longest)))
    return encoded.astype("S8")


def _codes(text: Shaped[np.ndarray, "atom"]) -> Shaped[np.ndarray, "atom"]:
    code = np.char.encode(text.astype("<U1"), "utf-8").astype("S1").view(np.uint8)
    return np.where((code == 0) | (code == ord(".")), BLANK, code).astype(np.uint8)
