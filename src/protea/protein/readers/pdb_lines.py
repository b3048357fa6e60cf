"""The line table of a PDB file: which lines are atoms, and whether their columns hold what they must.

gemmi reads `nan`, `********` or blank fields as numbers without a word; so the columns are checked here first and the
error names the line. The usual way to write a field is checked for all lines at once, eight characters as one integer;
only fields written otherwise are looked at one by one, and one that the end of its line cuts is refused: a digit may
be lost. Column numbers in messages are 1-based, as in the format
description.
"""

import re
from dataclasses import dataclass, replace

import numpy as np
from jaxtyping import Bool, Int, UInt8, UInt64

from protea.errors import FileFormatError, describe

__all__ = ["PdbLines", "check_atom_lines", "find_lines", "foreign_lines", "has_old_codes"]

_WIDTH = 80
_RESIDUE_NUMBER, _COORDINATES, _WEIGHTS = slice(22, 26), slice(30, 54), slice(54, 66)
_NUMBER = re.compile(rb" *[-+]?(\d+\.?\d*|\.\d+) *$")
_SERIAL = re.compile(rb" *-?\d+ *$|[A-Za-z][0-9A-Za-z]{3}$")
_LINE_NUMBER = re.compile(rb" {0,3}\d{1,4}")
_SIX_BYTES = np.uint64(0xFFFFFFFFFFFF)


@dataclass(frozen=True, eq=False)
class PdbLines:
    """Line table of a PDB file: where each line starts and stops, its record name as an integer, which hold atoms."""

    text: UInt8[np.ndarray, "byte"]
    start: Int[np.ndarray, "line"]
    stop: Int[np.ndarray, "line"]
    record: UInt64[np.ndarray, "line"]
    atom_line: Int[np.ndarray, "atom"]

    def is_record(self, name: bytes) -> Bool[np.ndarray, "line"]:
        """Return which lines begin with a record name of up to six letters."""
        return self.record == _key(name)

    def begins(self, name: bytes) -> Bool[np.ndarray, "line"]:
        """Return which lines begin with these letters, whatever follows."""
        mask = np.uint64((1 << (8 * len(name))) - 1)
        return (self.record & mask) == (_key(name) & mask)

    def field(self, atom: int | np.integer, span: slice) -> bytes:
        """Return some columns of an atom line, blank beyond the end of the line."""
        line = self.atom_line[atom]
        return self.text[self.start[line] : self.stop[line]].tobytes().ljust(_WIDTH)[span]


def _key(name: bytes) -> np.uint64:
    return np.uint64(int.from_bytes(name.ljust(6), "little"))


def find_lines(data: bytes) -> PdbLines:
    """Return the line table of PDB text with newline line ends."""
    text = np.frombuffer(data + b"\n" + b" " * _WIDTH, dtype=np.uint8)
    stop = np.flatnonzero(text == 10)
    start = np.concatenate([[0], stop[:-1] + 1])
    record = _words(text)[start] & _SIX_BYTES
    for line in np.flatnonzero(stop - start < 6):
        record[line] = _key(data[start[line] : stop[line]])
    lines = PdbLines(text, start, stop, record, np.zeros(0, np.int64))
    return replace(lines, atom_line=np.flatnonzero(lines.begins(b"ATOM") | lines.begins(b"HETA")))


def _words(text: UInt8[np.ndarray, "byte"]) -> UInt64[np.ndarray, "word"]:
    """Return, for each byte of a text, it and the seven that follow as one integer (a view, first byte lowest)."""
    return np.ndarray((len(text) - 7,), dtype="<u8", buffer=text, strides=(1,))


def check_atom_lines(lines: PdbLines, source: str) -> None:
    """Raise FileFormatError at the first atom line whose numbers cannot be read with certainty."""
    begin = lines.start[lines.atom_line]
    if not len(begin):
        return
    word = _words(lines.text)
    fits = lines.stop[lines.atom_line] - begin >= _WEIGHTS.stop
    number = word[begin + _RESIDUE_NUMBER.start]
    field = np.empty((6, len(begin)), dtype=np.uint64)
    for row, place in enumerate((30, 38, 46)):
        field[row] = word[begin + place]
    for row, place in enumerate((54, 60), start=3):
        field[row] = (word[begin + place - 1] & _SIX_MASK) | _SIX_FILL
    field[5] = (number & _FOUR_MASK) | _FOUR_FILL
    # Field by field: the temporaries of one fit the fastest cache.
    usual = np.stack([_is_usual(row) for row in field])
    usual[:5] &= fits
    if not usual.all():
        _check(
            lines, source, ~np.logical_and.reduce(usual[:3]), _COORDINATES, 8, "three coordinates", may_be_blank=False
        )
        _check(
            lines,
            source,
            ~np.logical_and.reduce(usual[3:5]),
            _WEIGHTS,
            6,
            "occupancy and B factor, or blanks,",
            may_be_blank=True,
        )
        for atom in np.flatnonzero(~usual[5]):
            if not _SERIAL.match(lines.field(atom, _RESIDUE_NUMBER)):
                _refuse(lines, source, int(atom), "a residue number", _RESIDUE_NUMBER)
    insertion = ((number >> _INSERTION_SHIFT) & _LOW_BYTE).astype(np.uint8)
    for atom in np.flatnonzero((insertion - np.uint8(ord("0"))) < 10):
        _refuse(lines, source, int(atom), "an insertion code that is no digit (number above 9999?)", slice(22, 27))


# A number of format %8.3f as one integer, first character in the lowest byte: three characters in front (blank, minus
# or digit), a digit, the point, three digits. A number of format %6.2f, or a whole number of four characters, is
# brought to the same layout by filling the places that it lacks.
_TAIL_MASK, _TAIL = np.uint64(0xF0F0F0FFF0000000), np.uint64(0x3030302E30000000)
_TAIL_CARRY = np.uint64(0x0606060006000000)
_SIX_MASK, _SIX_FILL = np.uint64(0x00FFFFFFFFFFFF00), np.uint64(0x3000000000000020)
_FOUR_MASK, _FOUR_FILL = np.uint64(0x00000000FFFFFFFF), np.uint64(0x3030302E00000000)
_INSERTION_SHIFT, _LOW_BYTE = np.uint64(32), np.uint64(0xFF)
_ONES, _BLANKS, _LAST = np.uint64(0x010101), np.uint64(0x202020), np.uint64(0x010000)
_FRONT = np.uint64(0xFFFFFF)
_FOUR, _EIGHT = np.uint64(4), np.uint64(8)


def _is_usual(word: UInt64[np.ndarray, "*field"]) -> Bool[np.ndarray, "*field"]:
    """Return which numbers are written in the usual way: blanks, at most one minus, digits, point, three digits.

    A byte is a digit if its upper half is 3 and stays 3 when 6 is added. In front, digits are followed by digits only,
    and a minus (13 more than a blank) by a digit.
    """
    good = ((word & _TAIL_MASK) == _TAIL) & (((word + _TAIL_CARRY) & _TAIL_MASK) == _TAIL)
    front = word & _FRONT
    is_digit = (front >> _FOUR) & _ONES
    next_digit = (is_digit >> _EIGHT) | _LAST
    is_minus = front & ~is_digit & _ONES
    upper = np.uint64(0xF0) * is_digit
    rest = np.uint64(0xFF) * (is_digit ^ _ONES)
    good &= ((is_digit | is_minus) & ~next_digit) == 0
    good &= ((front + np.uint64(6) * is_digit) & upper) == np.uint64(0x30) * is_digit
    good &= (front & rest) == (_BLANKS & rest) + np.uint64(13) * is_minus
    return good


def _check(
    lines: PdbLines,
    source: str,
    suspect: Bool[np.ndarray, "atom"],
    span: slice,
    width: int,
    expected: str,
    *,
    may_be_blank: bool,
) -> None:
    length = lines.stop[lines.atom_line] - lines.start[lines.atom_line]
    for atom in np.flatnonzero(suspect):
        text = lines.field(atom, span)
        for begin in range(span.start, span.stop, width):
            field = text[begin - span.start :][:width]
            is_cut = length[atom] < begin + width
            good = may_be_blank if field.isspace() else bool(_NUMBER.match(field)) and not is_cut
            if not good:
                _refuse(lines, source, int(atom), expected, span)


def _refuse(lines: PdbLines, source: str, atom: int, expected: str, span: slice) -> None:
    raise FileFormatError(
        describe(
            "damaged atom line",
            where=f"{source}, line {lines.atom_line[atom] + 1}",
            expected=f"{expected} in columns {span.start + 1}-{span.stop}",
            found=repr(lines.field(atom, span).decode("latin-1")),
            do="Repair or remove this line",
        )
    )


def has_old_codes(lines: PdbLines) -> bool:
    """Return whether columns 73-80 hold an entry code or segment and a line number, as files before 1996 have them.

    True only if every atom line ends in a number right-aligned in column 80 where element and charge belong today.
    """
    return bool(len(lines.atom_line)) and all(
        _LINE_NUMBER.fullmatch(lines.field(atom, slice(76, 80))) for atom in range(len(lines.atom_line))
    )


def foreign_lines(lines: PdbLines) -> Int[np.ndarray, "foreign"]:
    """Return the lines whose record name holds a lower-case letter: they are no PDB records."""
    letters = lines.record.view(np.uint8).reshape(-1, 8)
    is_lower = (letters - np.uint8(97)) < 26
    return np.flatnonzero(is_lower.any(axis=1)) if is_lower.any() else np.zeros(0, np.int64)
