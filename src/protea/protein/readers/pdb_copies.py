"""Residues that a chain of a PDB file holds more than once: both copies of a homodimer under one letter, say.

gemmi joins all atoms of one label (residue name, chain, number, insertion code, segment) within a run of one chain,
whatever stands between them. That is right for a residue whose atoms are written apart (hydrogens at the end,
alternatives). But where a later part has an atom that the residue has already, it is another residue. Such a copy gets
a segment of its own here, so that gemmi keeps the two apart.
"""

from dataclasses import dataclass, field
from itertools import pairwise

import numpy as np
from jaxtyping import Int, Shaped

from protea.protein.readers.pdb_lines import PdbLines

__all__ = ["SEGMENT_STOP", "first_after_ter", "separate_copies"]

SEGMENT_STOP = 76
"""Bytes of a line up to the end of its segment."""

_LABEL, _ATOM, _SEGMENT = slice(17, 27), slice(12, 17), slice(72, SEGMENT_STOP)
_KEY = np.dtype([("model", "<i4"), ("part", "<i4"), ("label", "S10"), ("segment", "S4")])
_BLANK = np.bytes_(b"    ")
_DIGITS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"


@dataclass
class _Residue:
    """A residue that was met: its first atom, which copy of its label it is, and its atoms with their alternatives."""

    first: int
    copy: int
    atoms: set[bytes] = field(default_factory=set)


def separate_copies(data: bytes, lines: PdbLines) -> tuple[bytes, Int[np.ndarray, "atom"] | None]:
    """Return the text with segments of their own for copies, and which atom line each atom that gemmi reads is.

    None stands for the order of the file.
    """
    key = _keys(lines)
    is_start = np.ones(len(key), dtype=bool)
    is_start[1:] = key[1:] != key[:-1]
    is_start[first_after_ter(lines)] = True
    border = np.append(is_start.nonzero()[0], len(key))
    if len(np.unique(key[border[:-1]])) == len(border) - 1:
        return data, None
    owner, segment_of_atom = _owners(lines, key, border.tolist())
    text = data.split(b"\n")
    for atom, segment in segment_of_atom.items():
        line = int(lines.atom_line[atom])
        text[line] = text[line].ljust(SEGMENT_STOP)[: _SEGMENT.start] + segment + text[line][SEGMENT_STOP:]
    return b"\n".join(text), np.argsort(owner, kind="stable")


def first_after_ter(lines: PdbLines) -> Int[np.ndarray, "ter"]:
    """Return the atoms before which a TER stands."""
    place = np.searchsorted(lines.atom_line, lines.other_line[lines.begins(b"TER")])
    return place[place < len(lines.atom_line)]


def _keys(lines: PdbLines) -> Shaped[np.ndarray, "atom"]:
    """Return what gemmi tells residues by: model, part of a chain, label and segment."""
    key = np.zeros(len(lines.atom_line), dtype=_KEY)
    start = lines.start[lines.atom_line]
    key["label"] = _bytes_at(lines, start + _LABEL.start, 10)
    is_long = lines.stop[lines.atom_line] - start >= SEGMENT_STOP
    segment = _bytes_at(lines, np.where(is_long, start + _SEGMENT.start, 0), 4)
    key["segment"] = np.where(is_long, segment, _BLANK)
    key["model"] = np.searchsorted(np.sort(lines.named(b"ENDMDL")), lines.atom_line)
    chain = _bytes_at(lines, start + 20, 2)
    key["part"][1:] = np.cumsum((chain[1:] != chain[:-1]) | (key["model"][1:] != key["model"][:-1]))
    return key


def _bytes_at(lines: PdbLines, place: Int[np.ndarray, "atom"], count: int) -> Shaped[np.ndarray, "atom"]:
    return np.ndarray((len(lines.text) - count + 1,), dtype=f"S{count}", buffer=lines.text, strides=(1,))[place]


def _owners(
    lines: PdbLines, key: Shaped[np.ndarray, "atom"], border: list[int]
) -> tuple[Int[np.ndarray, "atom"], dict[int, bytes]]:
    """Return the first atom of the residue of each atom, and the segment of each atom of a copy."""
    owner = np.zeros(len(key), dtype=np.int64)
    segment_of_atom: dict[int, bytes] = {}
    segment_of: dict[tuple[bytes, int], bytes] = {}
    latest: dict[bytes, _Residue] = {}
    for begin, stop in pairwise(border):
        atoms = {lines.field(atom, _ATOM) for atom in range(begin, stop)}
        label = key[begin].tobytes()
        residue = latest.get(label)
        if residue is None or residue.atoms & atoms:
            residue = latest[label] = _Residue(begin, 0 if residue is None else residue.copy + 1)
        residue.atoms |= atoms
        owner[begin:stop] = residue.first
        if residue.copy:
            one = (bytes(key[begin]["segment"]), residue.copy)
            segment = segment_of.setdefault(one, _segment(len(segment_of)))
            segment_of_atom |= dict.fromkeys(range(begin, stop), segment)
    return owner, segment_of_atom


def _segment(number: int) -> bytes:
    """Return a segment that no file is likely to have."""
    digits = ""
    for _ in range(3):
        number, digit = divmod(number, len(_DIGITS))
        digits = _DIGITS[digit] + digits
    return f"~{digits}".encode()
