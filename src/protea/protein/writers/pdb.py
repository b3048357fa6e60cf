"""Write a `Protein` as PDB (format 3.3), or refuse what its columns cannot hold."""

from datetime import date as Date
from pathlib import Path

import numpy as np
from jaxtyping import Float

from protea.errors import InputError, describe
from protea.protein.chemistry import LETTER_OF_NAME, NAME_OF_CODE
from protea.protein.readers.residue_kinds import ResidueKind, residue_info
from protea.protein.record import Protein
from protea.protein.writers.columns import atom_names, check_writable, element_of, temperature_column

__all__ = ["format_pdb", "write_pdb"]

_MAX_SERIAL = 99_999


def write_pdb(protein: Protein, path: Path | str, residue_value: Float[np.ndarray, "residue"] | None = None) -> None:
    """Write a record as a PDB file; `residue_value` goes into the B-factor column in place of the B factor.

    Raises InputError for what PDB cannot hold: chain ids of more than one letter, names of more than three, more than
    99,999 atoms, numbers outside -999..9999, coordinates or values too wide for their columns.
    """
    Path(path).write_text(format_pdb(protein, residue_value), encoding="ascii", newline="\n")


def format_pdb(protein: Protein, residue_value: Float[np.ndarray, "residue"] | None = None) -> str:
    """Return the text that `write_pdb` writes."""
    check_writable(protein)
    _check_columns(protein)
    lines = _header(protein, has_value=residue_value is not None)
    lines += _seqres(protein)
    names = atom_names(protein)
    value = temperature_column(protein, residue_value)
    serial = 0
    for residue in range(len(protein)):
        chain = protein.chain_ids[protein.chain_of[residue]]
        name, number = str(protein.residue_name[residue]) or "UNK", int(protein.author_number[residue])
        code = str(protein.insertion_code[residue]) or " "
        record = "HETATM" if _is_modified(name) else "ATOM  "
        for atom in range(protein.atom_ptr[residue], protein.atom_ptr[residue + 1]):
            serial += 1
            element = element_of(names[atom], is_standard=name in LETTER_OF_NAME)
            place = f"{name:>3} {chain or ' '}{number:>4}{code}"
            position = protein.atom_position[atom]
            lines.append(_atom(protein.id, record, serial, names[atom], place, position, float(value[atom]), element))
        if residue + 1 == len(protein) or protein.chain_of[residue + 1] != protein.chain_of[residue]:
            serial += 1
            lines.append(f"TER   {serial:>5}      {name:>3} {chain or ' '}{number:>4}{code}")
    lines += _ligands(protein, serial)
    lines.append("END")
    return "".join(f"{line:<80}\n" for line in lines)


def _is_modified(name: str) -> bool:
    """Return whether a residue is written as HETATM: a known amino acid other than the standard twenty."""
    return name not in LETTER_OF_NAME and name != "UNK" and residue_info(name).kind is ResidueKind.AMINO_ACID


def _atom(
    id: str, record: str, serial: int, name: str, place: str, position: np.ndarray, value: float, element: str
) -> str:
    x, y, z = (f"{float(item):8.3f}" for item in position)
    weight = f"{value:6.2f}"
    if len(x + y + z) != 24 or len(weight) != 6:
        raise InputError(
            describe(
                "a number is too wide for its column",
                where=f"{id}, atom {serial}",
                expected="coordinates in -999.999..9999.999 and values in -99.99..999.99",
                found=f"{x}{y}{z} {weight}",
                do="Write mmCIF",
            )
        )
    padded = f" {name:<3}" if len(element) == 1 and len(name) < 4 else f"{name:<4}"
    return f"{record}{serial:>5} {padded} {place}   {x}{y}{z}{1.0:6.2f}{weight}          {element:>2}  "


def _ligands(protein: Protein, serial: int) -> list[str]:
    ligands, lines = protein.ligands, []
    for ligand in range(len(ligands)):
        place = f"{ligands.ccd_name[ligand]:>3} {ligands.chain[ligand] or ' '}{ligands.author_number[ligand]:>4} "
        for atom in range(ligands.atom_ptr[ligand], ligands.atom_ptr[ligand + 1]):
            serial += 1
            name, element = str(ligands.atom_name[atom]), str(ligands.element[atom])
            position = ligands.atom_position[atom]
            lines.append(_atom(protein.id, "HETATM", serial, name, place, position, 0.0, element.upper()))
    return lines


def _header(protein: Protein, *, has_value: bool) -> list[str]:
    facts = protein.provenance
    code = facts.entry_id or ""
    lines = [f"HEADER    {'':40}{_pdb_date(facts.date):9}   {code:4}"] if len(code) == 4 else []
    if facts.method:
        lines.append(f"EXPDTA    {facts.method.upper()}")
    if facts.resolution is not None:
        lines.append(f"REMARK   2 RESOLUTION. {facts.resolution:7.2f} ANGSTROMS.")
    if has_value:
        lines.append("REMARK   3 B FACTOR COLUMN: VALUE PER RESIDUE")
    elif protein.b_factor is not None and protein.b_factor_kind == "plddt":
        lines.append("REMARK   3 B FACTOR COLUMN: PLDDT")
    return lines


def _pdb_date(date: str | None) -> str:
    """Return an ISO date as PDB writes it (30-APR-81), blank for any other text."""
    try:
        return Date.fromisoformat(date).strftime("%d-%b-%y").upper() if date else ""
    except ValueError:
        return ""


def _seqres(protein: Protein) -> list[str]:
    lines = []
    for chain, letters in zip(protein.chain_ids, protein.seqres, strict=False):
        names = [NAME_OF_CODE.get(letter, "UNK") for letter in letters or ""]
        for row, begin in enumerate(range(0, len(names), 13), start=1):
            part = " ".join(names[begin : begin + 13])
            lines.append(f"SEQRES {row % 1000:>3} {chain or ' '} {len(names):>4}  {part}")
    return lines


def _check_columns(protein: Protein) -> None:
    ligands = protein.ligands
    num_rows = protein.num_atoms + len(ligands.atom_name) + len(protein.chain_ids)
    problems = [
        ("chain id", "one letter", [*protein.chain_ids, *ligands.chain], 1),
        ("residue name", "at most three letters", [*protein.residue_name, *ligands.ccd_name], 3),
        ("atom name", "at most four letters", [*protein.extra_atom_names, *ligands.atom_name], 4),
    ]
    for what, expected, texts, width in problems:
        bad = next((str(text) for text in texts if len(text) > width or not str(text).isascii()), None)
        if bad is not None:
            raise InputError(
                describe(
                    f"{what} does not fit PDB", where=protein.id, expected=expected, found=repr(bad), do="Write mmCIF"
                )
            )
    numbers = np.concatenate([protein.author_number, ligands.author_number])
    if len(numbers) and (numbers.min() < -999 or numbers.max() > 9999):
        raise InputError(
            describe(
                "residue number does not fit PDB",
                where=protein.id,
                expected="-999..9999",
                found=f"{numbers.min()}..{numbers.max()}",
                do="Write mmCIF",
            )
        )
    if num_rows > _MAX_SERIAL:
        raise InputError(
            describe(
                "too many atoms for PDB",
                where=protein.id,
                expected=f"at most {_MAX_SERIAL} with TER records",
                found=str(num_rows),
                do="Write mmCIF",
            )
        )
