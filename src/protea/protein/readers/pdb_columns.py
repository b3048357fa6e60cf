"""The atoms of a PDB file that is written as the format says, read from its columns by whole arrays.

The characters of every number have been looked at before a number is believed (`pdb_numbers.py`); to parse the same
text once more would take most of the time of reading. Whatever is found in unusual files only (lines of other lengths,
several models, anisotropic factors, charges, atoms of a residue that do not stand together, a TER within a residue) is
not decided here: `read_columns` returns None, and gemmi reads the file. Both ways give the same table, so which was
taken shows in the time alone.
"""

import gemmi
import numpy as np
from jaxtyping import Bool, Int, Shaped, UInt8, UInt64

from protea.protein.chemistry import ATOM37
from protea.protein.readers.name_table import NameTable
from protea.protein.readers.pdb_copies import first_after_ter
from protea.protein.readers.pdb_lines import PdbLines
from protea.protein.readers.pdb_numbers import are_usual, four_as_eight, six_as_eight, usual_values

__all__ = ["read_columns"]

_LENGTH = 81
_DEUTERIUM = 119
# The records that may follow the first atom.
_BESIDE_ATOMS = frozenset(
    int.from_bytes(name, "little") for name in (b"TER   ", b"END   ", b"CONECT", b"MASTER", b"      ")
)
_MODEL = int.from_bytes(b"MODEL ", "little")

# Names whose element has one letter are written from the second of their four columns on.
_PADDED_TABLE = NameTable(tuple(f" {name:<3}" for name in ATOM37))
# As numbers: NumPy takes these several times faster than text.
_NAME = np.array(ATOM37, dtype="S8").view(np.uint64)
_ELEMENT = np.array([name[0] for name in ATOM37], dtype="S2").view(np.uint16)
_ATOMIC_NUMBER = np.array([gemmi.Element(name[0]).atomic_number for name in ATOM37], dtype=np.uint8)
_SYMBOL = np.array([int.from_bytes(f" {name[0]}".encode(), "little") for name in ATOM37], dtype=np.uint64)

_ONE_BYTE, _TWO_BYTES, _THREE_BYTES, _FIVE_BYTES, _SIX_BYTES = (np.uint64(8 * count) for count in (1, 2, 3, 5, 6))
_THREE_MASK, _FOUR_MASK, _FIVE_MASK, _SIX_MASK = (np.uint64((1 << 8 * count) - 1) for count in (3, 4, 5, 6))
_LOWEST, _BLANK = np.uint64(0xFF), np.uint64(ord(" "))
_FULL, _NO_CHARGE = np.uint64(int.from_bytes(b"  1.00", "little")), np.uint16(int.from_bytes(b"  ", "little"))
_IS_PLAIN_CODE = np.isin(np.arange(256), np.frombuffer(b" ABCDEFGHIJKLMNOPQRSTUVWXYZ", dtype=np.uint8))


def read_columns(lines: PdbLines) -> dict[str, np.ndarray] | None:
    """Return the columns of `AtomTable` that gemmi's flat view holds; None where the file is not written plainly."""
    if lines.length != _LENGTH or not len(lines.atom_line) or not _are_records_plain(lines):
        return None
    if (_column(lines, "V2", 78).view("<u2") != _NO_CHARGE).any():
        return None
    # One copy takes columns 7-78 of every atom as nine integers of eight characters.
    words = _column(lines, "V72", 6).view("<u8").reshape(-1, 9)
    serial_name, name_chain, place, x, y, z, weights, rest, tail = words.T
    label, place = name_chain >> _THREE_BYTES, place & _FIVE_MASK
    is_start = np.ones(len(words), dtype=bool)
    np.not_equal(label[1:], label[:-1], out=is_start[1:])
    is_start[1:] |= place[1:] != place[:-1]
    if not is_start[first_after_ter(lines)].all():
        return None
    start = is_start.nonzero()[0]
    code = (place[start] >> np.uint64(32)).astype(np.uint8)
    is_hetero = _column(lines, np.uint8, 0) == ord("H")
    if not _IS_PLAIN_CODE[code].all() or not _are_whole(is_start, is_hetero, (tail >> _TWO_BYTES) & _FOUR_MASK):
        return None
    occupancy = weights & _SIX_MASK
    partial = (occupancy != _FULL).nonzero()[0]
    b_factor = six_as_eight((weights >> _FIVE_BYTES) | (rest << _THREE_BYTES))
    fields = [x, y, z, b_factor, six_as_eight(occupancy[partial] << _ONE_BYTE), four_as_eight(place[start])]
    word = np.concatenate(fields)
    names = _names((serial_name >> _SIX_BYTES | name_chain << _TWO_BYTES) & _FOUR_MASK, tail >> _SIX_BYTES)
    if names is None or not are_usual(word):
        return None
    value, num_atoms = usual_values(word), len(words)
    number = value[-len(start) :].astype(np.int32)
    label = label[start]
    if not _are_places_new(label, number, code):
        return None
    full = np.ones(num_atoms, dtype=np.float32)
    full[partial] = value[4 * num_atoms : -len(start)]
    group = np.cumsum(is_start) - 1
    return {
        "model": np.ones(num_atoms, dtype=np.int32),
        "chain": _stripped(label >> _THREE_BYTES, 2)[group].view("S8"),
        "residue_name": _stripped(label & _THREE_MASK, 3)[group].view("S8"),
        "residue_number": number[group],
        "insertion_code": code[group],
        "is_hetero": is_hetero,
        **names,
        "altloc": words.view(np.uint8)[:, 10].copy(),
        "occupancy": full,
        "b_factor": value[3 * num_atoms : 4 * num_atoms].astype(np.float32),
        "position": np.ascontiguousarray(value[: 3 * num_atoms].reshape(3, num_atoms).T),
    }


def _column(lines: PdbLines, dtype: np.typing.DTypeLike, begin: int) -> Shaped[np.ndarray, "atom"]:
    """Return what stands in each atom line from byte `begin` on."""
    num_lines = len(lines.start) - 1
    return np.ndarray((num_lines,), dtype=dtype, buffer=lines.text, offset=begin, strides=(_LENGTH,))[lines.atom_line]


def _are_records_plain(lines: PdbLines) -> bool:
    """Return whether there is but one model, and beside its atoms nothing that belongs to single atoms."""
    num_before = int(np.searchsorted(lines.other_line, lines.atom_line[0]))
    return _MODEL not in lines.record[:num_before].tolist() and _BESIDE_ATOMS.issuperset(
        lines.record[num_before:].tolist()
    )


def _are_whole(
    is_start: Bool[np.ndarray, "atom"], is_hetero: Bool[np.ndarray, "atom"], segment: UInt64[np.ndarray, "atom"]
) -> bool:
    """Return whether record name and segment (columns 73-76) change only where a residue starts."""
    changes = is_hetero[1:] != is_hetero[:-1]
    changes |= segment[1:] != segment[:-1]
    return not (changes > is_start[1:]).any()


def _are_places_new(
    label: UInt64[np.ndarray, "group"], number: Int[np.ndarray, "group"], code: UInt8[np.ndarray, "group"]
) -> bool:
    """Return whether no residue is met again within its run of one chain: gemmi would join the two."""
    chain, place = label >> _THREE_BYTES, number.astype(np.int64) * 256 + code
    is_new_chain = chain[1:] != chain[:-1]
    if ((place[1:] > place[:-1]) | is_new_chain).all():
        return True
    run = np.concatenate([[0], np.cumsum(is_new_chain)])
    return len(set(zip(run.tolist(), place.tolist(), label.tolist(), strict=True))) == len(run)


def _names(name: UInt64[np.ndarray, "atom"], symbol: UInt64[np.ndarray, "atom"]) -> dict[str, np.ndarray] | None:
    """Return atom names and elements, None where an element would have to be guessed.

    The element is that of columns 77-78 if these hold a letter, else it follows from a name of the standard ones.
    """
    code, is_known = _PADDED_TABLE.find(name)
    columns = {
        "atom_name": _NAME[code].view("S8"),
        "element": _ELEMENT[code].view("S2"),
        "atomic_number": _ATOMIC_NUMBER[code],
    }
    odd = ((symbol != _SYMBOL[code]) | ~is_known).nonzero()[0]
    if not len(odd):
        return columns
    pair, inverse = np.unique(symbol[odd], return_inverse=True)
    texts = [int(item).to_bytes(2, "little") for item in pair]
    has_letter = np.array([any(chr(byte).isalpha() for byte in text) for text in texts])[inverse]
    if not (has_letter | is_known[odd]).all():
        return None
    elements = [gemmi.Element(text.decode("ascii")) for text in texts]
    numbers = np.array([1 if item.atomic_number == _DEUTERIUM else item.atomic_number for item in elements], np.uint8)
    columns["element"][odd[has_letter]] = np.array([item.name for item in elements], "S2")[inverse][has_letter]
    columns["atomic_number"][odd[has_letter]] = numbers[inverse][has_letter]
    other = (~is_known).nonzero()[0]
    columns["atom_name"][other] = _stripped(name[other], 4).view("S8")
    return columns


def _stripped(raw: UInt64[np.ndarray, "row"], width: int) -> UInt64[np.ndarray, "row"]:
    """Return text of at most `width` bytes, as integers, without the blanks around it."""
    for _ in range(width):
        is_blank = (raw & _LOWEST) == _BLANK
        if not is_blank.any():
            break
        raw = np.where(is_blank, raw >> _ONE_BYTE, raw)
    for place in range(width - 1, 0, -1):
        bits = np.uint64(8 * place)
        raw = np.where((raw >> bits) == _BLANK, raw - (_BLANK << bits), raw)
    return raw
