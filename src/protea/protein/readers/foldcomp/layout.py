"""The fields of one FoldComp entry, taken from its bytes and checked: sizes, residue codes, counts, finite numbers.

All numbers are little-endian. After the magic `FCMP` come the header, the anchors' residue indices, the title, three
backbone atoms per anchor, OXT, eight bytes per residue, one byte per side-chain torsion, and one byte of B factor per
residue. An angle or B factor is `minimum + step * code`.
"""

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from jaxtyping import Float, Int, UInt8

from protea.errors import FileFormatError, describe

__all__ = ["LETTERS", "MAGIC", "FczEntry", "parse_entry"]

MAGIC = b"FCMP"
LETTERS = "ARNDCQEGHILKMFPSTWYV"
"""Residue types by their code in the file."""

_HEADER = np.dtype(
    [
        ("num_residues", "<u2"), ("num_atoms", "<u2"), ("first_number", "<u2"), ("first_atom", "<u2"),
        ("num_anchors", "u1"), ("chain", "S1"), ("_pad_1", "V2"), ("num_torsions", "<u4"), ("first_letter", "S1"),
        ("last_letter", "S1"), ("_pad_2", "V2"), ("title_length", "<u4"), ("minimum", "<f4", 6), ("step", "<f4", 6),
    ]
)  # fmt: skip
_LARGEST_NUMBER = 1e5
_ANCHOR_BYTES, _OXT_BYTES, _RESIDUE_BYTES = 36, 13, 8
_LETTER_BYTES = np.frombuffer(LETTERS.encode("ascii"), np.uint8)
# O and the side chain: how many torsions a residue of each code stores.
_NUM_TORSIONS = np.array([2, 8, 5, 5, 3, 6, 6, 1, 7, 5, 5, 6, 5, 8, 4, 3, 4, 11, 9, 4])


@dataclass(frozen=True, eq=False)
class FczEntry:
    """One entry. `angle` columns: phi, psi, omega, N-CA-C, CA-C-N, C-N-CA, radian; they place the residue after.

    `torsion` is left quantised: 255ths of a turn from -180 degrees, one per atom beyond N, CA, C.
    """

    where: str
    title: str
    chain: str
    first_number: int
    code: UInt8[np.ndarray, " residue"]
    angle: Float[np.ndarray, "residue 6"]
    torsion: UInt8[np.ndarray, " torsion"]
    anchor: Int[np.ndarray, " anchor"]
    anchor_position: Float[np.ndarray, "anchor 3 3"]
    oxt: Float[np.ndarray, "3"] | None
    b_factor: Float[np.ndarray, " residue"]

    def __len__(self) -> int:
        return len(self.code)

    @property
    def sequence(self) -> str:
        """One letter per residue."""
        return _LETTER_BYTES[self.code].tobytes().decode("ascii")


def parse_entry(where: str, data: bytes) -> FczEntry:
    """Return the fields of an entry; raise FileFormatError for bytes that are not a whole and sound one."""
    if data[: len(MAGIC)] != MAGIC:
        raise _damaged(where, "not a FoldComp entry", expected=repr(MAGIC), found=repr(data[:4]))
    begin = len(MAGIC) + _HEADER.itemsize
    if len(data) < begin:
        raise _damaged(where, "the header is cut", expected=f"{begin} bytes", found=str(len(data)))
    header = np.frombuffer(data, _HEADER, 1, len(MAGIC))[0]
    num_residues, num_anchors = int(header["num_residues"]), int(header["num_anchors"])
    num_torsions, title_length = int(header["num_torsions"]), int(header["title_length"])
    sizes = (4 * num_anchors, title_length, _ANCHOR_BYTES * num_anchors, _OXT_BYTES, _RESIDUE_BYTES * num_residues,
             num_torsions, 8 + num_residues)  # fmt: skip
    expected = begin + sum(sizes)
    # Databases of the MMseqs2 family end an entry with a zero byte.
    if len(data) != expected and not (len(data) == expected + 1 and data[-1] == 0):
        raise _damaged(
            where, "another length than its header tells", expected=f"{expected} bytes", found=str(len(data))
        )
    ends = begin + np.cumsum((0, *sizes))
    part = [data[start:stop] for start, stop in pairwise(ends)]
    anchor = np.frombuffer(part[0], "<i4").astype(np.int64)
    position = np.frombuffer(part[2], "<f4").reshape(num_anchors, 3, 3)
    oxt = np.frombuffer(part[3], "<f4", 3, 1)
    residue = np.frombuffer(part[4], np.uint8).reshape(num_residues, _RESIDUE_BYTES)
    scale = np.frombuffer(part[6], "<f4", 2)
    numbers = (header["minimum"], header["step"], position.ravel(), oxt if part[3][0] else oxt[:0], scale)
    if not all((np.abs(item) < _LARGEST_NUMBER).all() for item in numbers):  # NaN is not below either
        raise _damaged(where, "a number is not finite, or absurd", expected=f"below {_LARGEST_NUMBER:.0f}")
    code = residue[:, 0] >> 3
    _check(where, header, code, anchor)
    return FczEntry(
        where=where,
        title=part[1].rstrip(b"\0").decode("utf-8", "replace"),
        chain=header["chain"].decode("latin-1").strip() or "A",
        first_number=int(header["first_number"]),
        code=code,
        angle=np.radians(header["minimum"] + header["step"] * _angle_codes(residue)),
        torsion=np.frombuffer(part[5], np.uint8),
        anchor=anchor,
        anchor_position=position,
        oxt=oxt if part[3][0] else None,
        b_factor=scale[0] + scale[1] * np.frombuffer(part[6], np.uint8, num_residues, 8).astype(np.float32),
    )


def _angle_codes(residue: UInt8[np.ndarray, "residue 8"]) -> Float[np.ndarray, "residue 6"]:
    """Return the quantised angles: 12 bits phi and psi, 11 bits omega, 8 bits per bond angle."""
    byte = residue.astype(np.uint16)
    phi = (byte[:, 3] & 15) << 8 | byte[:, 4]
    psi = byte[:, 2] << 4 | byte[:, 3] >> 4
    omega = (byte[:, 0] & 7) << 8 | byte[:, 1]
    return np.stack([phi, psi, omega, byte[:, 7], byte[:, 5], byte[:, 6]], axis=1).astype(np.float32)


def _check(
    where: str, header: np.void, code: UInt8[np.ndarray, " residue"], anchor: Int[np.ndarray, " anchor"]
) -> None:
    if not len(code):
        raise _damaged(where, "no residues")
    if code.max() >= len(LETTERS):
        first = int(np.argmax(code >= len(LETTERS)))
        raise _damaged(where, f"residue {first + 1} is none of the twenty", expected="a code below 20",
                       found=str(code[first]))  # fmt: skip
    letters = (LETTERS[code[0]], LETTERS[code[-1]])
    stated = (header["first_letter"].decode("latin-1"), header["last_letter"].decode("latin-1"))
    if letters != stated:
        raise _damaged(where, "first and last residue differ from the header", expected=str(stated), found=str(letters))
    num_torsions = int(_NUM_TORSIONS[code].sum())
    if num_torsions != header["num_torsions"]:
        raise _damaged(where, "another number of torsions than its residues have", expected=str(num_torsions),
                       found=str(header["num_torsions"]))  # fmt: skip
    is_rising = (
        len(anchor) >= 2 and anchor[0] == 0 and anchor[-1] == len(code) - 1 and bool((np.diff(anchor) >= 0).all())
    )
    if not is_rising:
        raise _damaged(where, "anchors out of order", expected=f"rising from 0 to {len(code) - 1}", found=str(anchor))


def _damaged(where: str, what: str, *, expected: str | None = None, found: str | None = None) -> FileFormatError:
    return FileFormatError(describe(what, where=where, expected=expected, found=found, do="Fetch the entry again."))
