"""The column view of a PDB file: which lines are atoms, and whether their columns hold what they must.

gemmi reads `nan`, `********` or blank fields as numbers without a word; so the columns are checked here first, all lines
at once, and the error names the line. Column numbers in messages are 1-based, as in the format description.
"""

import re
from dataclasses import dataclass

import numpy as np
from jaxtyping import Bool, Int, UInt8

from protea.errors import FileFormatError, describe

__all__ = ["PdbLines", "check_atom_lines", "find_lines", "has_old_codes"]

_WIDTH = 80
_NUMBER = re.compile(rb" *[-+]?(\d+\.?\d*|\.\d+) *$")
_HYBRID36 = re.compile(rb" *-?\d+ *$|[A-Za-z][0-9A-Za-z]{3}$")


@dataclass(frozen=True, eq=False)
class PdbLines:
    """Line table of a PDB file. `column` holds the first 80 bytes of each atom line, blank beyond the line's end."""

    start: Int[np.ndarray, "line"]
    stop: Int[np.ndarray, "line"]
    record: UInt8[np.ndarray, "line 6"]
    atom_line: Int[np.ndarray, "atom"]
    column: UInt8[np.ndarray, "atom 80"]

    def is_record(self, name: bytes) -> Bool[np.ndarray, "line"]:
        """Return which lines begin with a record name of up to six letters."""
        wanted = np.frombuffer(name.ljust(6), dtype=np.uint8)
        return (self.record == wanted).all(axis=1)


def find_lines(data: bytes) -> PdbLines:
    """Return the line table of PDB text with newline line ends."""
    text = np.frombuffer(data + b"\n" + b" " * _WIDTH, dtype=np.uint8)
    stop = np.flatnonzero(text == 10)
    start = np.concatenate([[0], stop[:-1] + 1])
    record = text[start[:, None] + np.arange(6)]
    beyond = start[:, None] + np.arange(6) >= stop[:, None]
    record[beyond] = 32
    is_atom = (record[:, :4] == np.frombuffer(b"ATOM", np.uint8)).all(axis=1)
    is_atom |= (record[:, :4] == np.frombuffer(b"HETA", np.uint8)).all(axis=1)
    atom_line = np.flatnonzero(is_atom)
    begin, end = start[atom_line], stop[atom_line]
    column = text[begin[:, None] + np.arange(_WIDTH)]
    length = end - begin
    short = np.flatnonzero(length < _WIDTH)
    if len(short):
        column[short] = np.where(np.arange(_WIDTH) < length[short, None], column[short], 32)
    return PdbLines(start, stop, record, atom_line, column)


def check_atom_lines(lines: PdbLines, source: str) -> None:
    """Raise FileFormatError at the first atom line whose numbers cannot be read with certainty."""
    column = lines.column
    if not len(column):
        return
    coordinates = column[:, 30:54].reshape(-1, 3, 8)
    _check(lines, source, ~_is_usual(coordinates, 4).all(axis=1), slice(30, 54), 8, "three coordinates")
    for begin, name in ((54, "an occupancy"), (60, "a B factor")):
        field = column[:, begin : begin + 6]
        blank = (field == 32).all(axis=1)
        _check(lines, source, ~(blank | _is_usual(field, 3)), slice(begin, begin + 6), 6, name)
    number = column[:, 22:26]
    usual = (_is_digit(number) | (number == 32) | (number == 45)).all(axis=1) & _is_digit(number[:, 3])
    for atom in np.flatnonzero(~usual):
        if not _HYBRID36.match(number[atom].tobytes()):
            _refuse(lines, source, int(atom), "a residue number", slice(22, 26))
    bad = np.flatnonzero(_is_digit(column[:, 26]))
    if len(bad):
        _refuse(lines, source, int(bad[0]), "an insertion code that is no digit (number above 9999?)", slice(22, 27))


def _is_digit(text: UInt8[np.ndarray, "..."]) -> Bool[np.ndarray, "..."]:
    return (text >= 48) & (text <= 57)


def _is_usual(field: UInt8[np.ndarray, "... width"], point: int) -> Bool[np.ndarray, "..."]:
    """Return which fields are written as usual: blanks, at most one minus, digits, a point at `point`, digits."""
    digit = _is_digit(field)
    good = (field[..., point] == 46) & digit[..., point - 1] & digit[..., point + 1 :].all(axis=-1)
    blank = field == 32
    minus = field == 45
    for place in range(point - 1):
        inner = blank[..., place] | minus[..., place] | digit[..., place]
        follows = digit[..., place + 1] | blank[..., place] | (minus[..., place + 1] & ~minus[..., place])
        follows &= ~(digit[..., place] & ~digit[..., place + 1])
        good &= inner & follows
    return good


def _check(
    lines: PdbLines, source: str, suspect: Bool[np.ndarray, "atom"], span: slice, width: int, expected: str
) -> None:
    for atom in np.flatnonzero(suspect):
        text = lines.column[atom, span].tobytes()
        if not all(_NUMBER.match(text[i : i + width]) for i in range(0, len(text), width)):
            _refuse(lines, source, int(atom), expected, span)


def _refuse(lines: PdbLines, source: str, atom: int, expected: str, span: slice) -> None:
    found = lines.column[atom, span].tobytes().decode("latin-1")
    raise FileFormatError(
        describe(
            "damaged atom line",
            where=f"{source}, line {lines.atom_line[atom] + 1}",
            expected=f"{expected} in columns {span.start + 1}-{span.stop}",
            found=repr(found),
            do="Repair or remove this line",
        )
    )


def has_old_codes(lines: PdbLines) -> bool:
    """Return whether columns 73-80 hold the PDB code and line number, as files before 1996 have them."""
    if not len(lines.column):
        return False
    code, serial = lines.column[:, 72:76], lines.column[:, 76:80]
    same = (code == code[0]).all()
    is_code = _is_digit(code[0, :1]).all() and bool(re.fullmatch(rb"\d[0-9A-Z]{3}", code[0].tobytes()))
    is_serial = (_is_digit(serial) | (serial == 32)).all() and _is_digit(serial[:, 3]).all()
    return bool(same and is_code and is_serial)
