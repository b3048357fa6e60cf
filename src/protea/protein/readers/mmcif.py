"""mmCIF files through gemmi: atoms from its flat view, facts from the categories of the block."""

import gemmi
import numpy as np

from protea.errors import FileFormatError, describe
from protea.protein.readers.cif_copies import are_atoms_single, rename_copies
from protea.protein.readers.cif_facts import Values, entry_id, plddt_of, provenance_of, seqres_of
from protea.protein.readers.pdb import flat_columns
from protea.protein.readers.sniff import Content, stem_of
from protea.protein.readers.table import AtomTable, StructureFile

__all__ = ["read_mmcif"]


def read_mmcif(name: str, content: Content) -> StructureFile:
    """Return the parsed mmCIF file. Raises FileFormatError where the file is no valid CIF or has no coordinates."""
    data, notes = _utf8(content)
    try:
        document = gemmi.cif.read_string(data)
    except (RuntimeError, ValueError, IndexError) as error:
        raise FileFormatError(describe("not a readable CIF", where=name, found=str(error))) from error
    blocks = [block for block in document if block.find_values("_atom_site.Cartn_x")]
    if not blocks:
        raise FileFormatError(
            describe("no atoms", where=name, expected="an _atom_site loop", do="Use the coordinate file of the entry")
        )
    if len(blocks) > 1:
        raise FileFormatError(
            describe("more than one block with atoms", where=name, found=str(len(blocks)), do="Split the file")
        )
    block = blocks[0]
    notes += _complete(name, block)
    _check_coordinates(name, block)
    num_unstated = _mark_unstated(block)
    structure, columns = _structure(name, block)
    label, size = _label_numbers(structure)
    if not are_atoms_single(size, columns["atom_name"], columns["altloc"]) and (author_of := rename_copies(block)):
        structure, columns = _structure(name, block)
        label, size = _label_numbers(structure)
        columns["chain"] = np.array([author_of.get(chain, chain) for chain in columns["chain"].tolist()], dtype="S8")
    num_atoms = len(columns["model"])
    expected = len(block.find_values("_atom_site.Cartn_x"))
    if num_atoms != expected:
        raise FileFormatError(
            describe(
                "atoms were lost while reading", where=name, expected=f"{expected} rows", found=f"{num_atoms} atoms"
            )
        )
    if np.count_nonzero(np.isnan(columns["b_factor"])) != num_unstated:
        raise FileFormatError(
            describe("damaged B factor", where=f"{name}, _atom_site", expected="numbers in B_iso_or_equiv")
        )
    stated = np.repeat(label, size)
    polymer = np.where(stated > 0, 1, 0 if (label > 0).any() else -1)
    atoms = AtomTable(
        **columns,
        label_number=np.maximum(stated, 0).astype(np.int32),
        polymer=polymer.astype(np.int8),
        segment=np.zeros(num_atoms, np.int32),
        is_closed=np.zeros(num_atoms, bool),
    )
    values = _values(block)
    return StructureFile(
        name=entry_id(values) or stem_of(name),
        atoms=atoms,
        models=tuple(dict.fromkeys(model.num for model in structure)),
        provenance=provenance_of(values, source=name, file_format="mmcif", notes=tuple(notes)),
        seqres=seqres_of(values),
        plddt=plddt_of(values, block.name),
    )


def _structure(name: str, block: gemmi.cif.Block) -> tuple[gemmi.Structure, dict[str, np.ndarray]]:
    """Return what gemmi makes of a block, and the columns of its flat view."""
    try:
        structure = gemmi.make_structure_from_block(block)
    except (RuntimeError, ValueError, IndexError) as error:
        raise FileFormatError(describe("not a readable mmCIF", where=name, found=str(error))) from error
    return structure, flat_columns(name, structure)


def _utf8(content: Content) -> tuple[bytes, list[str]]:
    """Return the bytes as UTF-8 (what else there is is taken for Latin-1) and the notes so far."""
    notes = list(content.notes)
    if content.data.isascii():
        return content.data, notes
    try:
        content.data.decode("utf-8")
    except UnicodeDecodeError:
        notes.append("not UTF-8: read as Latin-1")
        return content.data.decode("latin-1").encode("utf-8"), notes
    return content.data, notes


def _complete(name: str, block: gemmi.cif.Block) -> list[str]:
    """Add in place the columns that gemmi needs and that others say as well; return notes.

    Raises FileFormatError where a needed column has no substitute.
    """
    notes = []
    loop = block.find_loop("_atom_site.Cartn_x").get_loop()
    if loop is None:
        return notes
    tags = set(loop.tags)
    for tag, others in _NEEDED.items():
        if f"_atom_site.{tag}" in tags:
            continue
        other = next((each for each in others if f"_atom_site.{each}" in tags), None)
        if other is None and tag != "id":
            raise FileFormatError(describe(f"column {tag} is missing", where=f"{name}, _atom_site"))
        texts = (
            [str(i + 1) for i in range(loop.length())]
            if other is None
            else list(block.find_values(f"_atom_site.{other}"))
        )
        loop.add_columns([f"_atom_site.{tag}"], ".")
        column = block.find_values(f"_atom_site.{tag}")
        for row, text in enumerate(texts):
            column[row] = text
        if other is not None:
            notes.append(f"column {tag} is missing: {other} taken")
    return notes


# What an atom must have, and which column says the same where it is absent.
_NEEDED = {
    "id": (),
    "type_symbol": (),
    "label_atom_id": ("auth_atom_id",),
    "label_comp_id": ("auth_comp_id",),
    "label_asym_id": ("auth_asym_id",),
    "auth_asym_id": ("label_asym_id",),
    "auth_seq_id": ("label_seq_id",),
}


def _check_coordinates(name: str, block: gemmi.cif.Block) -> None:
    """Raise FileFormatError at the first coordinate that is no finite number."""
    for axis in "xyz":
        column = block.find_values(f"_atom_site.Cartn_{axis}")
        value = np.array([gemmi.cif.as_number(text) for text in column])
        bad = np.flatnonzero(~np.isfinite(value))
        if len(bad):
            raise FileFormatError(
                describe(
                    "damaged coordinate",
                    where=f"{name}, row {bad[0] + 1} of _atom_site",
                    expected=f"a number in Cartn_{axis}",
                    found=repr(column[int(bad[0])]),
                )
            )


def _mark_unstated(block: gemmi.cif.Block) -> int:
    """Write nan in place for each B factor that is not stated, for which gemmi has a number; return how many."""
    item = "_atom_site.B_iso_or_equiv"
    column = block.find_values(item)
    if not len(column):
        loop = block.find_loop("_atom_site.Cartn_x").get_loop()
        if loop is None:
            block.set_pair(item, "nan")
        else:
            loop.add_columns([item], "nan")
        return len(block.find_values("_atom_site.Cartn_x"))
    unstated = [row for row, text in enumerate(column) if text in ("?", ".")]
    for row in unstated:
        column[row] = "nan"
    return len(unstated)


def _label_numbers(structure: gemmi.Structure) -> tuple[np.ndarray, np.ndarray]:
    """Return label_seq_id (-1 where absent) and number of atoms of each residue in flat order."""
    rows = [
        (-1 if residue.label_seq is None else residue.label_seq, len(residue))
        for model in structure
        for chain in model
        for residue in chain
    ]
    table = np.array(rows, dtype=np.int64).reshape(-1, 2)
    return table[:, 0], table[:, 1]


def _values(block: gemmi.cif.Block) -> Values:
    def values(category: str, item: str) -> list[str]:
        column = block.find_values(f"_{category}.{item}")
        return ["" if gemmi.cif.is_null(text) else gemmi.cif.as_string(text) for text in column]

    return values
