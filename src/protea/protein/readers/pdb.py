"""PDB files: atoms from their columns where these are plain, else from gemmi's flat view; facts from gemmi's header."""

import re

import gemmi
import numpy as np
from jaxtyping import Bool, Float, Int

from protea.errors import FileFormatError, describe
from protea.protein.readers.pdb_columns import read_columns
from protea.protein.readers.pdb_copies import SEGMENT_STOP, separate_copies
from protea.protein.readers.pdb_lines import PdbLines, check_atom_lines, find_lines, foreign_lines, has_old_codes
from protea.protein.readers.plddt import plddt_reason
from protea.protein.readers.sniff import Content, stem_of
from protea.protein.readers.table import BLANK, AtomTable, StructureFile
from protea.protein.record import Provenance

__all__ = ["flat_columns", "read_pdb"]

_CODE = re.compile(r"[0-9][0-9A-Z]{3}|pdb_[0-9a-z]{8}")
_ORGANISM = re.compile(r"ORGANISM_SCIENTIFIC: *([^;]+)")
_HEADER = re.compile(rb"^(HEADER|TITLE|EXPDTA|REMARK|PARENT)[^\n]*", re.M)


def read_pdb(name: str, content: Content) -> StructureFile:
    """Return the parsed PDB file. Raises FileFormatError with the line where a line cannot be read with certainty."""
    notes = list(content.notes)
    data = _normal_lines(content.data, notes)
    if b"\0" in data:
        line = data[: data.index(b"\0")].count(b"\n") + 1
        raise FileFormatError(
            describe("zero bytes inside a text file", where=f"{name}, line {line}", do="Fetch the file again")
        )
    if not data.isascii():
        data = _ascii(name, data)
        notes.append("characters that are not ASCII read as ?")
    lines = find_lines(data)
    if len(foreign := foreign_lines(lines)):
        data = _without_foreign(name, data, lines, foreign)
        notes.append(f"lines that are no PDB records ignored: {len(foreign)}")
    columns, order = read_columns(lines), None
    is_plain = columns is not None
    if columns is not None:
        _check_order(lines, name)
        # The header with one atom, so that links find a model to look in.
        structure = _parse(name, data[: lines.stop[lines.atom_line[0]]], 0) if lines.atom_line[0] else gemmi.Structure()
        models: tuple[int, ...] = (1,)
    else:
        structure, order = _parse_unusual(name, data, lines, notes)
        columns = flat_columns(name, structure)
        models = tuple(dict.fromkeys(model.num for model in structure))
    if len(columns["model"]) != len(lines.atom_line):
        raise FileFormatError(
            describe(
                "atoms were lost while reading",
                where=name,
                expected=f"{len(lines.atom_line)} atom lines",
                found=f"{len(columns['model'])} atoms",
            )
        )
    if not len(columns["model"]):
        raise FileFormatError(describe("no atoms", where=name, expected="ATOM or HETATM records"))
    if not is_plain:
        _mark_unstated(lines, columns["b_factor"], order)
    segment, is_closed = (column if order is None else column[order] for column in _segments(lines))
    atoms = AtomTable(
        **columns,
        label_number=np.zeros(len(segment), np.int32),
        polymer=np.full(len(segment), -1, np.int8),
        segment=segment,
        is_closed=is_closed,
    )
    header = data[: lines.start[lines.atom_line[0]]]
    provenance = _provenance(name, structure, header, tuple(notes))
    return StructureFile(
        name=provenance.entry_id or stem_of(name),
        atoms=atoms,
        models=models,
        provenance=provenance,
        seqres=_seqres(header),
        plddt=plddt_reason(None, _statements(header), provenance.method),
    )


def _parse_unusual(
    name: str, data: bytes, lines: PdbLines, notes: list[str]
) -> tuple[gemmi.Structure, Int[np.ndarray, "atom"] | None]:
    """Return what gemmi reads in a file whose columns have to be checked one by one; add to the notes.

    Beside it, which atom line each of its atoms is: None for the order of the file.
    """
    check_atom_lines(lines, name)
    _check_order(lines, name)
    width = 0
    if has_old_codes(lines):
        width = 72
        notes.append("columns 73-80 hold the old PDB code and line number: read to column 72")
    separate, order = separate_copies(data, lines)
    # The segments of copies stand behind the columns to which a file with old codes is read.
    return _parse(name, separate, SEGMENT_STOP if width and separate is not data else width), order


def flat_columns(name: str, structure: gemmi.Structure) -> dict[str, np.ndarray]:
    """Return the columns of `AtomTable` that gemmi's flat view holds."""
    try:
        flat = gemmi.FlatStructure(structure)
    except RuntimeError as error:
        raise FileFormatError(
            describe(
                "a name is too long", where=name, expected="chain and residue names below 8 letters", found=str(error)
            )
        ) from error
    flat.strings_as_numbers = False
    # The plain columns are views into gemmi's atoms, 128 bytes apart: those that are read often are copied together.
    atomic_number, altloc = np.array(flat.elements), np.array(flat.altlocs).view(np.uint8)
    atomic_number[atomic_number == _DEUTERIUM] = 1
    altloc[altloc == 0] = BLANK
    return {
        "model": flat.model_num,
        "chain": flat.chain_ids,
        "residue_name": flat.residue_names,
        "residue_number": np.array(flat.resnums),
        "insertion_code": np.array(flat.icodes).view(np.uint8),
        "is_hetero": flat.het_flags == ord("H"),
        "atom_name": flat.atom_names,
        "atomic_number": atomic_number,
        "element": flat.element_names,
        "altloc": altloc,
        "occupancy": flat.occ,
        "b_factor": flat.b_iso,
        "position": flat.pos,
    }


_DEUTERIUM = 119


def _parse(name: str, data: bytes, width: int) -> gemmi.Structure:
    try:
        return gemmi.read_pdb_string(data, max_line_length=width)
    except (RuntimeError, ValueError, IndexError) as error:
        raise FileFormatError(
            describe("not a readable PDB file", where=name, found=" ".join(str(error).split()))
        ) from error


def _without_foreign(name: str, data: bytes, lines: PdbLines, foreign: np.ndarray) -> bytes:
    """Return the text with foreign lines blanked, so that line numbers stay; refuse `atom` in lower case."""
    text = bytearray(data)
    for line in foreign:
        begin, end = int(lines.start[line]), int(lines.stop[line])
        if bytes(text[begin : begin + 4]).upper() in (b"ATOM", b"HETA"):
            raise FileFormatError(
                describe(
                    "record name in lower case",
                    where=f"{name}, line {line + 1}",
                    expected="ATOM or HETATM",
                    found=repr(bytes(text[begin : begin + 6]).decode("latin-1")),
                )
            )
        text[begin:end] = b" " * (end - begin)
    return bytes(text)


def _normal_lines(data: bytes, notes: list[str]) -> bytes:
    if b"\r" not in data:
        return data
    if b"\n" not in data:
        notes.append("old Mac line ends")
        return data.replace(b"\r", b"\n")
    return data.replace(b"\r\n", b"\n")


def _ascii(name: str, data: bytes) -> bytes:
    """Return the text with other characters as ?; refuse them in atom lines, where a name could be meant."""
    bad = re.search(rb"^(?:ATOM|HETA)[^\n\x80-\xff]*[\x80-\xff]", data, re.M)
    if bad:
        line = data[: bad.end()].count(b"\n") + 1
        raise FileFormatError(
            describe(
                "a character is not ASCII", where=f"{name}, line {line}", found=repr(data[bad.end() - 1 : bad.end()])
            )
        )
    return data.translate(_QUESTION_MARKS)


_QUESTION_MARKS = bytes(code if code < 128 else ord("?") for code in range(256))


def _check_order(lines: PdbLines, name: str) -> None:
    """Raise FileFormatError where atoms follow END or a model does not end: what belongs together cannot be known."""
    begins, ends, end = lines.named(b"MODEL"), lines.named(b"ENDMDL"), lines.named(b"END")
    is_finished = len(begins) == 1 and len(end)
    if len(begins) and not is_finished and (not len(ends) or ends[-1] < begins[-1]):
        raise FileFormatError(
            describe(
                "MODEL without ENDMDL", where=f"{name}, line {begins[-1] + 1}", do="Fetch the file again: it is cut"
            )
        )
    if len(end) and len(lines.atom_line) and lines.atom_line[-1] > end[0]:
        raise FileFormatError(
            describe(
                "atoms after the END record",
                where=f"{name}, line {end[0] + 1}",
                expected="END as the last record",
                do="Write MODEL and ENDMDL records, or split the file",
            )
        )


def _mark_unstated(lines: PdbLines, b_factor: Float[np.ndarray, "atom"], order: Int[np.ndarray, "atom"] | None) -> None:
    """Set in place to NaN the B factors whose columns are blank, for which gemmi has 0."""
    for atom in (b_factor == 0).nonzero()[0]:
        if lines.field(atom if order is None else order[atom], _B_FACTOR).isspace():
            b_factor[atom] = np.nan


_B_FACTOR = slice(60, 66)


def _segments(lines: PdbLines) -> tuple[Int[np.ndarray, "atom"], Bool[np.ndarray, "atom"]]:
    """Return the segment of each atom (rises at TER) and whether a TER closes it before its model ends."""
    segment, is_closed = np.zeros(len(lines.atom_line), np.int32), np.zeros(len(lines.atom_line), bool)
    is_ter = lines.begins(b"TER")
    border = (is_ter | lines.is_record(b"ENDMDL")).nonzero()[0]
    places = np.searchsorted(lines.atom_line, lines.other_line[border]).tolist()
    begin = count = 0
    for place, closes in zip(places, is_ter[border].tolist(), strict=True):
        segment[begin:place], is_closed[begin:place] = count, closes
        begin, count = place, count + closes
    segment[begin:] = count
    return segment, is_closed


def _seqres(header: bytes) -> dict[str, tuple[str, ...]]:
    names: dict[str, list[str]] = {}
    for line in re.findall(rb"^SEQRES[^\n]*", header, re.M):
        chain = line[11:12].decode("latin-1").strip()
        names.setdefault(chain, []).extend(line[19:70].decode("latin-1").split())
    return {chain: tuple(items) for chain, items in names.items()}


def _statements(header: bytes) -> list[str]:
    """Return the header lines that may name a predictor."""
    found = [match.group().decode("latin-1") for match in _HEADER.finditer(header)]
    return ["PARENT record of OpenFold or ESMFold" if line.startswith("PARENT") else line[10:] for line in found]


def _entry_id(structure: gemmi.Structure) -> str | None:
    """Return the entry id of HEADER if it is a PDB code, None for anything else that stands there."""
    code = structure.info["_entry.id"].strip() if "_entry.id" in structure.info else ""
    return code if _CODE.fullmatch(code) else None


def _provenance(name: str, structure: gemmi.Structure, header: bytes, notes: tuple[str, ...]) -> Provenance:
    if not header:
        return Provenance(source=name, file_format="pdb", notes=notes)
    info = structure.info
    source = b"".join(line[10:].rstrip() for line in re.findall(rb"^SOURCE[^\n]*", header, re.M))
    organism = _ORGANISM.search(source.decode("latin-1"))

    def fact(key: str) -> str | None:
        return (info[key].strip() or None) if key in info else None

    return Provenance(
        source=name,
        file_format="pdb",
        entry_id=_entry_id(structure),
        method=fact("_exptl.method"),
        resolution=structure.resolution or None,
        date=fact("_pdbx_database_status.recvd_initial_deposition_date"),
        organism=" ".join(organism.group(1).split()) if organism else None,
        notes=notes,
    )
