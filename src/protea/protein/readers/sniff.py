"""Which format a file is in, told by its content, and its bytes unpacked.

The name is only asked where the content leaves a choice. gzip and zstd are unpacked once; a second layer is unpacked as
well and noted, since its meaning is certain.
"""

import io
from dataclasses import dataclass

from protea.errors import FileFormatError, describe
from protea.protein.readers.unpacked_stream import UNPACKING_ERRORS, unpacked_stream

__all__ = ["KNOWN_SUFFIXES", "MAX_UNPACKED", "Content", "stem_of", "unpack"]

KNOWN_SUFFIXES = (
    ".pdb", ".ent", ".pdb1", ".cif", ".mmcif", ".bcif", ".fasta", ".fa", ".faa", ".fas", ".pro", ".fsa", ".gz", ".zst",
    ".mmtf", ".fcz",
)  # fmt: skip
MAX_UNPACKED = 4 << 30
"""Most bytes that a packed structure may unpack to: beyond it the file is refused, not the machine filled."""

_GZIP, _ZSTD = b"\x1f\x8b", b"\x28\xb5\x2f\xfd"
_PDB_RECORDS = (
    b"HEADER", b"OBSLTE", b"TITLE", b"SPLIT", b"CAVEAT", b"COMPND", b"SOURCE", b"KEYWDS", b"EXPDTA", b"NUMMDL",
    b"MDLTYP", b"AUTHOR", b"REVDAT", b"SPRSDE", b"JRNL", b"REMARK", b"DBREF", b"SEQADV", b"SEQRES", b"MODRES", b"HET",
    b"FORMUL", b"HELIX", b"SHEET", b"SSBOND", b"LINK", b"CISPEP", b"SITE", b"CRYST1", b"ORIGX", b"SCALE", b"MTRIX",
    b"MODEL", b"ATOM", b"HETATM", b"ANISOU", b"TER", b"ENDMDL", b"CONECT", b"MASTER", b"END", b"PARENT", b"USER",
    b"SIGATM", b"TURN", b"HYDBND", b"PRT", b"LINKR",
)  # fmt: skip


@dataclass(frozen=True)
class Content:
    """Unpacked bytes of a file, the format found in them, and what had to be decided."""

    data: bytes
    file_format: str
    notes: tuple[str, ...] = ()


def stem_of(name: str) -> str:
    """Return a file name without folder and known suffixes."""
    stem = name.replace("\\", "/").rsplit("/", 1)[-1]
    while True:
        lower = stem.lower()
        suffix = next((item for item in KNOWN_SUFFIXES if lower.endswith(item) and len(stem) > len(item)), None)
        if suffix is None:
            return stem
        stem = stem[: -len(suffix)]


def unpack(name: str, data: bytes) -> Content:
    """Return the unpacked bytes and the format: "pdb", "mmcif", "binarycif", "foldcomp" or "fasta".

    Raises FileFormatError for an empty, broken, retired or unknown file.
    """
    notes: list[str] = []
    layers = 0
    while data[:2] == _GZIP or data[:4] == _ZSTD:
        layers += 1
        if layers > 2:
            raise FileFormatError(describe("packed more than twice", where=name, do="Unpack the file"))
        data = _unpacked(name, data)
    packed = name.lower().endswith((".gz", ".zst"))
    if layers == 2:
        notes.append("packed twice: both layers unpacked")
    elif packed and not layers:
        notes.append("named as packed but is not: read as it is")
    elif layers and not packed:
        notes.append("packed although the name does not say so: unpacked")
    if data[:3] == b"\xef\xbb\xbf":
        data = data[3:]
        notes.append("byte order mark dropped")
    if not data or data.isspace():
        raise FileFormatError(describe("the file is empty", where=name, expected="a structure or FASTA file"))
    return Content(data, _tell_format(name, data), tuple(notes))


def _tell_format(name: str, data: bytes) -> str:
    head = data[:4096]
    if head[:4] == b"FCMP":
        return "foldcomp"
    if _is_message_pack(data):
        if b"dataBlocks" in data[:65536]:
            return "binarycif"
        raise FileFormatError(
            describe(
                "MMTF, or another MessagePack file that is no BinaryCIF",
                where=name,
                expected="PDB, mmCIF or BinaryCIF",
                do="MMTF was retired in 2024: fetch the entry as .bcif or .cif",
            )
        )
    lines = head.replace(b"\r", b"\n").split(b"\n")
    for line in lines:
        text = line.strip()
        if text.lower().startswith(b"data_"):
            return "mmcif"
        if not text or text[:1] in b"#;!":
            continue
        if text[:1] == b">":
            return "fasta"
        if text[:6].rstrip(b"0123456789 \t").upper() in _PDB_RECORDS or line[:6].split(b" ")[0] in _PDB_RECORDS:
            return "pdb"
        break
    raise FileFormatError(
        describe(
            "unknown format",
            where=name,
            expected="PDB records, mmCIF (data_...), BinaryCIF, or FASTA (>...)",
            found=repr(head[:40].decode("latin-1")),
        )
    )


def _is_message_pack(data: bytes) -> bool:
    return data[0] in (0xDE, 0xDF) or 0x80 <= data[0] <= 0x8F


def _unpacked(name: str, data: bytes) -> bytes:
    try:
        unpacked = unpacked_stream(io.BytesIO(data)).read(MAX_UNPACKED + 1)
    except UNPACKING_ERRORS as error:
        kind = "gzip" if data[:2] == _GZIP else "zstd"
        raise FileFormatError(
            describe(f"broken {kind} stream", where=name, found=str(error), do="Fetch the file again")
        ) from error
    if len(unpacked) > MAX_UNPACKED:
        raise FileFormatError(
            describe("unpacks to too much", where=name, expected=f"at most {MAX_UNPACKED} bytes", do="Unpack the file")
        )
    return unpacked
