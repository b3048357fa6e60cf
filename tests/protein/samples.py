"""Small structures written by hand or by formula, so that reader tests run without the shared data."""

import math
from collections.abc import Mapping
from types import MappingProxyType

from protea.protein.chemistry import NAME_OF_LETTER

__all__ = ["atom_line", "helix_fasta", "helix_mmcif", "helix_pdb", "observed_pdb"]

SEQUENCE = "MKTAYIAGSW"


def atom_line(
    serial: int,
    name: str,
    residue: str,
    number: int,
    position: tuple[float, float, float],
    *,
    chain: str = "A",
    record: str = "ATOM",
    altloc: str = " ",
    code: str = " ",
    occupancy: float = 1.0,
    b_factor: float = 20.0,
    element: str | None = None,
) -> str:
    """Return one PDB atom line."""
    element = name[0] if element is None else element
    padded = f" {name:<3}" if len(element) == 1 and len(name) < 4 else f"{name:<4}"
    x, y, z = position
    return (
        f"{record:<6}{serial:>5} {padded}{altloc}{residue:>3} {chain}{number:>4}{code}   {x:8.3f}{y:8.3f}{z:8.3f}"
        f"{occupancy:6.2f}{b_factor:6.2f}          {element:>2}  "
    )


def _atoms(sequence: str) -> list[tuple[str, str, int, tuple[float, float, float]]]:
    """Return name, residue, number and position of backbone atoms on a helix (radius 2.3, rise 1.5 angstrom)."""
    rows = []
    for index, letter in enumerate(sequence):
        for place, name in enumerate(("N", "CA", "C", "O")):
            angle, rise = math.radians(100) * (index + place / 4), 1.5 * (index + place / 4)
            position = (2.3 * math.cos(angle), 2.3 * math.sin(angle), rise)
            rows.append((name, NAME_OF_LETTER[letter], index + 1, position))
    return rows


def helix_pdb(sequence: str = SEQUENCE) -> bytes:
    """Return a PDB file of one chain with backbone atoms, a water and an ion."""
    rows = _atoms(sequence)
    lines = ["HEADER    TEST                                    01-JAN-20   1ABC"]
    lines += [atom_line(i + 1, *row) for i, row in enumerate(rows)]
    lines.append(f"TER   {len(rows) + 1:>5}")
    lines.append(atom_line(len(rows) + 2, "ZN", "ZN", 201, (1.0, 2.0, 3.0), record="HETATM", element="ZN"))
    lines.append(atom_line(len(rows) + 3, "O", "HOH", 301, (9.0, 9.0, 9.0), record="HETATM"))
    lines.append("END")
    return ("\n".join(lines) + "\n").encode()


def helix_mmcif(sequence: str = SEQUENCE) -> bytes:
    """Return the same chain as mmCIF, label numbers from 3 on, author chain `XY`."""
    tags = (
        "group_PDB id type_symbol label_atom_id label_alt_id label_comp_id label_asym_id label_entity_id label_seq_id "
        "pdbx_PDB_ins_code Cartn_x Cartn_y Cartn_z occupancy B_iso_or_equiv auth_seq_id auth_asym_id pdbx_PDB_model_num"
    )
    lines = ["data_1ABC", "_entry.id 1ABC", "loop_", *(f"_atom_site.{tag}" for tag in tags.split())]
    for i, (name, residue, number, (x, y, z)) in enumerate(_atoms(sequence)):
        lines.append(
            f"ATOM {i + 1} {name[0]} {name} . {residue} A 1 {number + 2} ? {x:.3f} {y:.3f} {z:.3f} 1.00 20.00 "
            f"{number} XY 1"
        )
    return ("\n".join(lines) + "\n").encode()


def helix_fasta(sequence: str = SEQUENCE) -> bytes:
    """Return a FASTA file of two records."""
    return f">one first\n{sequence}\n>two\n{sequence[::-1]}\n".encode()


def observed_pdb(
    seqres: str,
    numbers: Mapping[int, str],
    *,
    letters: str | None = None,
    name_of: Mapping[int, str] = MappingProxyType({}),
    rise: float = 3.8,
) -> bytes:
    """Return a PDB file of CA atoms on a line, those of the places of SEQRES that have a number of the author (`52A`).

    `letters` are those of the atoms, where they are not those of SEQRES; `name_of` a place is its modified residue.
    """
    names = [name_of.get(place, NAME_OF_LETTER[letter]) for place, letter in enumerate(seqres)]
    own = names if letters is None else [NAME_OF_LETTER[letter] for letter in letters]
    rows = range(0, len(names), 13)
    lines = [f"SEQRES {n:>3} A {len(names):>4}  {' '.join(names[i : i + 13])}" for n, i in enumerate(rows, 1)]
    for serial, (place, number) in enumerate(numbers.items(), 1):
        digits = number.rstrip("ABC")
        lines.append(
            atom_line(
                serial, "CA", own[place], int(digits), (rise * place, 0.0, 0.0), code=number[len(digits) :] or " ",
                record="HETATM" if place in name_of else "ATOM",
            )
        )  # fmt: skip
    return ("\n".join([*lines, "TER", "END"]) + "\n").encode()
