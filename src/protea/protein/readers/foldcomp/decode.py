"""The way in: FoldComp entries to `Protein`, many at once.

A sound entry's chain, built forward from one anchor, meets the next within about an angstrom; one that was written
from a chain with a gap, or was damaged, misses it by many (measured on 90 experimental chains: 0.2 to 0.9 without a
gap, 6.7 to 75 with one). Such an entry is refused. Positions of a sound one are within 0.1 to 0.2 angstrom RMSD of what
was written.
"""

from collections.abc import Sequence

import numpy as np

from protea.errors import FileFormatError, describe
from protea.protein.chemistry import ATOM_CODE, NAME_OF_LETTER
from protea.protein.readers.foldcomp.backbone import place_backbones
from protea.protein.readers.foldcomp.layout import LETTERS, FczEntry, parse_entry
from protea.protein.readers.foldcomp.residue_geometry import residue_geometry
from protea.protein.readers.foldcomp.side_chains import place_side_chains
from protea.protein.readers.plddt import has_unit_scale, plddt_reason
from protea.protein.record import Protein, Provenance

__all__ = ["LARGEST_MISFIT", "decode_entries", "read_foldcomp"]

LARGEST_MISFIT = 3.0
"""Angstrom by which a chain may miss its anchor; an entry beyond it is refused."""

_NAMES = np.array([NAME_OF_LETTER[letter] for letter in LETTERS], dtype="<U5")
_OXT = np.uint8(ATOM_CODE["OXT"])


def read_foldcomp(name: str, data: bytes, *, is_plddt: bool = False) -> Protein:
    """Return the protein of one entry; raise FileFormatError where it is damaged. See `decode_entries`."""
    (found,) = decode_entries([(name, data)], is_plddt=is_plddt)
    if isinstance(found, FileFormatError):
        raise found
    return found


def decode_entries(entries: Sequence[tuple[str, bytes]], *, is_plddt: bool = False) -> list[Protein | FileFormatError]:
    """Return a record per entry (name and bytes), or the error that refuses it, in their order.

    The B factors, one per residue in the file, are repeated for its atoms. They are pLDDT if `is_plddt` says so or if
    the name or title does; on the scale 0-1 they are multiplied by 100 and a note says so.
    """
    found: list[Protein | FileFormatError] = []
    parsed: list[FczEntry] = []
    for name, data in entries:
        try:
            entry = parse_entry(name, data)
        except FileFormatError as error:
            found.append(error)
            continue
        parsed.append(entry)
        found.append(_REFUSED)  # its place, filled below
    decoded = iter(_decode(parsed, is_plddt))
    return [next(decoded) if item is _REFUSED else item for item in found]


_REFUSED = FileFormatError("not decoded")


def _decode(entries: list[FczEntry], is_plddt: bool) -> list[Protein | FileFormatError]:
    if not entries:
        return []
    length = np.array([len(entry) for entry in entries])
    ptr = np.concatenate([[0], np.cumsum(length)])
    num_anchors = np.array([len(entry.anchor) for entry in entries])
    anchor = np.concatenate([entry.anchor + begin for entry, begin in zip(entries, ptr[:-1], strict=True)])
    of_anchor = np.repeat(np.arange(len(entries)), num_anchors)
    # Two anchors on one residue (a chain of one residue) have no stretch between them.
    is_stretch = (of_anchor[:-1] == of_anchor[1:]) & (anchor[:-1] < anchor[1:])
    code = np.concatenate([entry.code for entry in entries])
    with np.errstate(invalid="ignore", divide="ignore"):  # coincident atoms of a damaged entry; checked below
        backbone = place_backbones(
            np.concatenate([entry.angle for entry in entries]),
            code == LETTERS.index("P"),
            anchor,
            np.concatenate([entry.anchor_position for entry in entries]),
            is_stretch,
        )
        torsion = np.concatenate([entry.torsion for entry in entries])
        flat, is_there = place_side_chains(code, backbone.position, torsion)
    misfit = np.zeros(len(entries))
    np.maximum.at(misfit, of_anchor[:-1][is_stretch], backbone.misfit)
    atom_code = residue_geometry().atom_code[code][is_there]
    num_atoms = is_there.sum(1)
    atom_ptr = np.concatenate([[0], np.cumsum(num_atoms)])
    found: list[Protein | FileFormatError] = []
    for index, entry in enumerate(entries):
        rows = slice(int(ptr[index]), int(ptr[index + 1]))
        atoms = slice(int(atom_ptr[rows.start]), int(atom_ptr[rows.stop]))
        try:
            _check(entry, float(misfit[index]), flat[atoms])
        except FileFormatError as error:
            found.append(error)
            continue
        found.append(_protein(entry, flat[atoms], atom_code[atoms], num_atoms[rows], is_plddt))
    return found


def _check(entry: FczEntry, misfit: float, position: np.ndarray) -> None:
    if not np.isfinite(misfit) or not np.isfinite(position).all():
        raise FileFormatError(
            describe("atoms that cannot be placed", where=entry.where, expected="anchors that span a plane",
                     do="Leave the entry out, or fetch the model as mmCIF.")
        )  # fmt: skip
    if misfit > LARGEST_MISFIT:
        raise FileFormatError(
            describe("the chain does not meet its anchors: it was written from a chain with a gap, or is damaged",
                     where=entry.where, expected=f"at most {LARGEST_MISFIT} angstrom off", found=f"{misfit:.1f}",
                     do="Leave the entry out, or fetch the model as mmCIF.")
        )  # fmt: skip


def _protein(
    entry: FczEntry, position: np.ndarray, atom_code: np.ndarray, num_atoms: np.ndarray, is_plddt: bool
) -> Protein:
    reason = "the database holds predictions" if is_plddt else plddt_reason(entry.where, (entry.title,))
    notes = ["FoldComp: positions are rebuilt from quantised torsions"]
    b_factor = entry.b_factor
    if reason is not None:
        notes.append(f"pLDDT: {reason}")
        if has_unit_scale(b_factor):
            b_factor = 100 * b_factor
            notes.append("pLDDT 0-1 multiplied by 100")
    if entry.oxt is not None:
        position = np.concatenate([position, entry.oxt[None].astype(np.float32)])
        atom_code = np.append(atom_code, _OXT)
        num_atoms = num_atoms.copy()
        num_atoms[-1] += 1
    size = len(entry)
    sequence = entry.sequence
    return Protein(
        id=entry.where,
        sequence=sequence,
        residue_name=_NAMES[entry.code],
        chain_ids=(entry.chain,),
        chain_of=np.zeros(size, np.int16),
        author_number=np.arange(entry.first_number, entry.first_number + size, dtype=np.int32),
        insertion_code=np.zeros(size, "<U1"),
        label_number=np.arange(1, size + 1, dtype=np.int32),
        atom_ptr=np.concatenate([[0], np.cumsum(num_atoms)]).astype(np.int64),
        atom_code=atom_code,
        atom_position=position,
        b_factor=np.repeat(b_factor, num_atoms).astype(np.float32),
        b_factor_kind="plddt" if reason is not None else "b_factor",
        provenance=Provenance(
            source=entry.title or entry.where, file_format="foldcomp", entry_id=entry.where, notes=tuple(notes)
        ),
        seqres=(sequence,),
    )
