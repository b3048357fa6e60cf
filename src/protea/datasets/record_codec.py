"""How a `Protein` becomes the columns of a store, and back.

Hot columns are plain arrays, so that a batch is pieces of them: letters, runs of residue numbers, atoms per
residue, atom codes, and positions as 16-bit steps from an origin. The step is a power of two, the finest of 1/1024 ...
1/128 angstrom at which the protein fits; larger proteins take 32-bit steps of 1/1024. Rounding is half a step: at most
1/256 angstrom, and 1/2048 for proteins up to 64 angstrom across. Everything that a batch does not carry (B factors,
ligands, provenance, odd residue names) is one compressed block per protein.
"""

import json
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
import zstandard
from jaxtyping import Float, Int

from protea.errors import ContractError, FileFormatError, describe
from protea.protein.chemistry import NAME_OF_LETTER
from protea.protein.record import Label, Ligands, Protein, Provenance, no_ligands

__all__ = [
    "B_FACTOR_STEP",
    "COLUMNS",
    "HEADER",
    "LARGEST_ERROR",
    "RUN",
    "EncodedProtein",
    "compress",
    "decode_position",
    "decode_protein",
    "encode_protein",
    "expand_runs",
    "expanded",
]

LARGEST_ERROR = 1 / 256
"""Largest difference of a stored coordinate from the record's, in angstrom."""
B_FACTOR_STEP = 0.02
"""Stored B factors and pLDDT are multiples of this (difference at most 0.01), or exact where outside 0 ... 1310."""
_FINEST, _COARSEST = 10, 7

RUN = np.dtype([("length", "<i4"), ("chain", "<i4"), ("author", "<i4"), ("label", "<i4"), ("insertion", "<i4")])
COLUMNS = {
    "id": np.dtype("u1"),
    "letter": np.dtype("u1"),
    "run": RUN,
    "num_atoms": np.dtype("u1"),
    "atom_code": np.dtype("u1"),
    "step": np.dtype("<i2"),
    "cold": np.dtype("u1"),
}
"""Ragged columns and their types; `letter` and `num_atoms` share the residue axis."""
HEADER = np.dtype(
    [("end", "<i8", (len(COLUMNS),)), ("origin", "<i4", (3,)), ("exponent", "u1"), ("is_wide", "u1"), ("unused", "<u2")]
)
"""One entry per protein: where its part of each column ends, and how its positions are scaled."""


@dataclass(frozen=True)
class EncodedProtein:
    """The bytes of one protein per column, and the scaling of its positions; `cold` still has to be compressed."""

    parts: dict[str, bytes]
    origin: tuple[int, int, int]
    exponent: int
    is_wide: bool


def encode_protein(protein: Protein) -> EncodedProtein:
    """Return the columns of one record (its labels are stored apart)."""
    num_atoms = np.diff(protein.atom_ptr)
    if num_atoms.size and num_atoms.max() > 255:
        raise ContractError(
            describe(
                "a residue has too many atoms", where=protein.id, expected="at most 255", found=str(num_atoms.max())
            )
        )
    steps, origin, exponent, is_wide = _encode_position(protein)
    parts = {
        "id": protein.id.encode(),
        "letter": protein.sequence.encode("ascii"),
        "run": _runs(protein).tobytes(),
        "num_atoms": num_atoms.astype(np.uint8).tobytes(),
        "atom_code": protein.atom_code.tobytes(),
        "step": steps,
        "cold": _encode_cold(protein),
    }
    return EncodedProtein(parts, origin, exponent, is_wide)


def _encode_position(protein: Protein) -> tuple[bytes, tuple[int, int, int], int, bool]:
    if protein.num_atoms == 0:
        return b"", (0, 0, 0), _FINEST, False
    position = protein.atom_position.astype(np.float64)
    for exponent in range(_FINEST, _COARSEST - 1, -1):
        grid = np.rint(position * 2.0**exponent)
        low, high = grid.min(axis=0), grid.max(axis=0)
        origin = np.floor((low + high) / 2)
        if (high - origin).max() <= 32767 and (low - origin).min() >= -32768 and np.abs(origin).max() < 2**30:
            steps = (grid - origin).astype("<i2")
            return steps.tobytes(), _three(origin), exponent, False
    grid = np.rint(position * 2.0**_FINEST)
    if np.abs(grid).max() >= 2**30:
        raise ContractError(
            describe("atoms are too far away to be stored", where=protein.id,
                     expected=f"within {2 ** (30 - _FINEST):,} angstrom", found=f"{np.abs(position).max():.4g}")
        )  # fmt: skip
    return grid.astype("<i4").tobytes(), (0, 0, 0), _FINEST, True


def _three(values: np.ndarray) -> tuple[int, int, int]:
    x, y, z = (int(value) for value in values)
    return x, y, z


def decode_position(
    steps: Int[np.ndarray, " step"], origin: Int[np.ndarray, " 3"], exponent: int, is_wide: bool
) -> Float[np.ndarray, "atom 3"]:
    """Return positions in angstrom from stored steps."""
    grid = np.frombuffer(steps.tobytes(), dtype="<i4") if is_wide else steps
    # Integers up to 2^24 and powers of two are exact in float32, so storing again changes nothing.
    return (grid.reshape(-1, 3).astype(np.int32) + origin).astype(np.float32) * np.float32(2.0**-exponent)


def _runs(protein: Protein) -> np.ndarray:
    """Return runs in which chain and insertion code stay and both numbers rise by one."""
    length = len(protein)
    table = np.zeros(length, dtype=RUN)
    table["chain"], table["author"], table["label"] = protein.chain_of, protein.author_number, protein.label_number
    table["insertion"] = [ord(code) if code else 0 for code in protein.insertion_code.tolist()]
    is_start = np.ones(length, dtype=bool)
    before, after = table[:-1], table[1:]
    is_start[1:] = (
        (after["chain"] != before["chain"])
        | (after["insertion"] != before["insertion"])
        | (after["author"] != before["author"] + 1)
        | (after["label"] != before["label"] + 1)
    )
    start = np.flatnonzero(is_start)
    runs = table[start]
    runs["length"] = np.diff(np.append(start, length))
    return runs


def expand_runs(runs: np.ndarray, field: str) -> Int[np.ndarray, " residue"]:
    """Return `chain`, `author`, `label` or `insertion` per residue from runs."""
    length = runs["length"]
    value = np.repeat(runs[field], length).astype(np.int64)
    if field in ("author", "label"):
        first = np.cumsum(length) - length
        value += np.arange(len(value)) - np.repeat(first, length)
    return value


def _array_block(arrays: dict[str, np.ndarray]) -> tuple[list[list[Any]], bytes]:
    header = [[name, array.dtype.str, list(array.shape)] for name, array in arrays.items()]
    return header, b"".join(np.ascontiguousarray(array).tobytes() for array in arrays.values())


def _encode_cold(protein: Protein) -> bytes:
    arrays: dict[str, np.ndarray] = {}
    b_kind = "none"
    if protein.b_factor is not None:
        b_kind, arrays["b_factor"] = _encode_b_factor(protein.b_factor, protein.atom_ptr)
    if len(protein.ligands):
        arrays |= {f"ligands.{name}": getattr(protein.ligands, name) for name in _LIGAND_FIELDS}
    names = protein.residue_name.tolist()
    has_names = any(names)
    expected = _usual_names(protein.sequence, has_names)
    meta = {
        "chain_ids": protein.chain_ids,
        "seqres": protein.seqres,
        "extra_atom_names": protein.extra_atom_names,
        "provenance": asdict(protein.provenance),
        "b_factor_kind": protein.b_factor_kind,
        "b_factor": b_kind,
        "has_names": has_names,
        "names": {str(row): name for row, name in enumerate(names) if name != expected[row]},
    }
    meta["arrays"], body = _array_block(arrays)
    head = json.dumps(meta, separators=(",", ":")).encode()
    return len(head).to_bytes(4, "little") + head + body


def compress(block: bytes) -> bytes:
    """Return a cold block as it lies on disk."""
    return zstandard.ZstdCompressor(level=3).compress(block)


def expanded(cold: bytes, where: str) -> bytes:
    """Return the cold block that lies compressed on disk; raise FileFormatError where it is damaged."""
    try:
        return zstandard.ZstdDecompressor().decompress(cold)
    except zstandard.ZstdError as error:
        raise FileFormatError(describe("a stored record is damaged", where=where, found=str(error))) from error


def _usual_names(sequence: str, has_names: bool) -> list[str]:
    return [NAME_OF_LETTER.get(letter, "") if has_names else "" for letter in sequence]


_LIGAND_FIELDS = (
    "ccd_name", "chain", "author_number", "is_nucleotide", "atom_ptr", "atom_name", "element", "atom_position",
)  # fmt: skip


def _encode_b_factor(
    b_factor: Float[np.ndarray, " atom"], atom_ptr: Int[np.ndarray, " residue_plus_1"]
) -> tuple[str, np.ndarray]:
    if b_factor.size and (
        b_factor.min() < 0 or b_factor.max() > 65535 * B_FACTOR_STEP or not np.isfinite(b_factor).all()
    ):
        return "exact", b_factor.astype("<f4")
    steps = np.rint(b_factor.astype(np.float64) / B_FACTOR_STEP).astype("<u2")
    count = np.diff(atom_ptr)
    first = steps[atom_ptr[:-1][count > 0]]
    if np.array_equal(np.repeat(first, count[count > 0]), steps):
        return "residue", first  # predicted models: one pLDDT for all atoms of a residue
    return "atom", steps


def _decode_b_factor(
    kind: str, value: np.ndarray, num_atoms: Int[np.ndarray, " residue"]
) -> Float[np.ndarray, " atom"]:
    if kind == "exact":
        return value.astype(np.float32)
    steps = np.repeat(value, num_atoms[num_atoms > 0]) if kind == "residue" else value
    return (steps * B_FACTOR_STEP).astype(np.float32)


def _read_cold(cold: bytes, where: str) -> tuple[dict[str, Any], dict[str, np.ndarray]]:
    block = expanded(cold, where)
    size = int.from_bytes(block[:4], "little")
    meta = json.loads(block[4 : 4 + size])
    arrays, offset = {}, 4 + size
    for name, dtype, shape in meta["arrays"]:
        count = int(np.prod(shape))
        arrays[name] = np.frombuffer(block, dtype=dtype, count=count, offset=offset).reshape(shape)
        offset += arrays[name].nbytes
    return meta, arrays


def decode_protein(columns: dict[str, np.ndarray], scaling: np.void, labels: dict[str, Label]) -> Protein:
    """Return the record whose part of each column is given, with its header entry and its labels."""
    id = columns["id"].tobytes().decode()
    sequence = columns["letter"].tobytes().decode("ascii")
    meta, arrays = _read_cold(columns["cold"].tobytes(), where=id)
    runs, num_atoms = columns["run"], columns["num_atoms"].astype(np.int64)
    names = _usual_names(sequence, meta["has_names"])
    for row, name in meta["names"].items():
        names[int(row)] = name
    ligands = {name: arrays[f"ligands.{name}"] for name in _LIGAND_FIELDS} if "ligands.atom_ptr" in arrays else None
    provenance = dict(meta["provenance"])
    provenance["notes"] = tuple(provenance["notes"])
    return Protein(
        id=id,
        sequence=sequence,
        residue_name=np.array(names, dtype=f"<U{max(map(len, names), default=0) or 1}"),
        chain_ids=tuple(meta["chain_ids"]),
        chain_of=expand_runs(runs, "chain").astype(np.int16),
        author_number=expand_runs(runs, "author").astype(np.int32),
        insertion_code=np.array([chr(code) if code else "" for code in expand_runs(runs, "insertion")], dtype="<U1"),
        label_number=expand_runs(runs, "label").astype(np.int32),
        atom_ptr=np.concatenate([[0], np.cumsum(num_atoms)]).astype(np.int64),
        atom_code=columns["atom_code"],
        atom_position=decode_position(
            columns["step"], scaling["origin"], int(scaling["exponent"]), bool(scaling["is_wide"])
        ),
        b_factor=None
        if meta["b_factor"] == "none"
        else _decode_b_factor(meta["b_factor"], arrays["b_factor"], num_atoms),
        b_factor_kind=meta["b_factor_kind"],
        provenance=Provenance(**provenance),
        extra_atom_names=tuple(meta["extra_atom_names"]),
        seqres=tuple(meta["seqres"]),
        ligands=no_ligands() if ligands is None else Ligands(**ligands),
        labels=labels,
    )
