"""BinaryCIF files through biotite, which decodes the columns; their meaning is that of mmCIF."""

import io
import struct
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import msgpack
import numpy as np
from biotite import DeserializationError
from biotite.structure.io.pdbx import BinaryCIFBlock, BinaryCIFCategory, BinaryCIFFile
from jaxtyping import Float, Shaped, UInt8

from protea.errors import FileFormatError, describe
from protea.protein.readers.cif_facts import Values, entry_id, plddt_of, provenance_of, seqres_of
from protea.protein.readers.sniff import Content, stem_of
from protea.protein.readers.table import BLANK, AtomTable, StructureFile, atomic_numbers

__all__ = ["read_binarycif"]

# What a damaged MessagePack file or column has been seen to raise, below biotite.
_DAMAGE = (
    DeserializationError, ValueError, KeyError, IndexError, TypeError, AttributeError, OverflowError, struct.error,
    EOFError, MemoryError, msgpack.exceptions.UnpackException, NotImplementedError, ZeroDivisionError, RecursionError,
)  # fmt: skip


@contextmanager
def _decoding(name: str) -> Iterator[None]:
    """Turn what biotite raises on damaged data into FileFormatError. Only calls of biotite belong inside."""
    try:
        yield
    except _DAMAGE as error:
        raise FileFormatError(
            describe("not a readable BinaryCIF", where=name, found=f"{type(error).__name__}: {error}")
        ) from error


def read_binarycif(name: str, content: Content) -> StructureFile:
    """Return the parsed BinaryCIF file. Raises FileFormatError where it cannot be decoded or has no coordinates."""
    with _decoding(name):
        file = BinaryCIFFile.read(io.BytesIO(content.data))
        blocks = [(str(title), file[title]) for title in file if "atom_site" in file[title]]
    if len(blocks) != 1:
        raise FileFormatError(
            describe("one block with atoms is needed", where=name, found=str(len(blocks)), do="Split the file")
        )
    title, block = blocks[0]
    atoms = _atoms(name, block)
    values = _values(name, block)
    return StructureFile(
        name=entry_id(values) or stem_of(name),
        atoms=atoms,
        models=tuple(dict.fromkeys(atoms.model.tolist())),
        provenance=provenance_of(values, source=name, file_format="binarycif", notes=content.notes),
        seqres=seqres_of(values),
        plddt=plddt_of(values, title),
    )


def _values(name: str, block: BinaryCIFBlock) -> Values:
    def values(category: str, item: str) -> list[str]:
        with _decoding(name):
            if category not in block or item not in block[category]:
                return []
            return [str(text) for text in block[category][item].as_array(str, masked_value="")]

    return values


@dataclass(frozen=True)
class _Site:
    """The columns of atom_site, decoded and checked one by one."""

    name: str
    columns: BinaryCIFCategory
    num_atoms: int

    def __contains__(self, item: str) -> bool:
        return item in self.columns

    def text(self, *items: str) -> Shaped[np.ndarray, "atom"]:
        """Return the first of the columns that is there, as bytes."""
        item = next((item for item in items if item in self), None)
        if item is None:
            raise FileFormatError(describe(f"column {items[0]} is missing", where=f"{self.name}, atom_site"))
        with _decoding(self.name):
            column = np.char.encode(self.columns[item].as_array(str, masked_value=""), "utf-8")
        return self._checked(item, column)

    def number(self, item: str, absent: float, dtype: type, *others: str) -> np.ndarray:
        """Return the first of the columns that is there, `absent` where it is masked or none is there."""
        item = next((each for each in (item, *others) if each in self), item)
        if item not in self:
            return np.full(self.num_atoms, absent, dtype)
        with _decoding(self.name):
            column = np.asarray(self.columns[item].as_array(float, masked_value=absent))
        self._checked(item, column)
        where = f"{self.name}, atom_site"
        if dtype is not np.float64 and not np.isfinite(column).all():
            raise FileFormatError(describe(f"column {item} holds no number", where=where))
        if np.issubdtype(dtype, np.integer) and np.abs(column).max(initial=0) > 2**31 - 1:
            raise FileFormatError(describe(f"column {item} holds a number out of range", where=where))
        return column.astype(dtype)

    def position(self) -> Float[np.ndarray, "atom 3"]:
        """Return positions in angstrom; raise FileFormatError at the first that is not three numbers."""
        position = np.stack([self.number(f"Cartn_{axis}", np.nan, np.float64) for axis in "xyz"], axis=1)
        bad = np.flatnonzero(~np.isfinite(position).all(axis=1))
        if len(bad):
            raise FileFormatError(
                describe(
                    "damaged coordinate",
                    where=f"{self.name}, row {bad[0] + 1} of atom_site",
                    expected="three numbers",
                    found=str(position[bad[0]]),
                )
            )
        return position

    def _checked(self, item: str, column: np.ndarray) -> np.ndarray:
        if column.shape != (self.num_atoms,):
            raise FileFormatError(
                describe(
                    f"column {item} has another length",
                    where=f"{self.name}, atom_site",
                    expected=str(self.num_atoms),
                    found=str(column.shape),
                )
            )
        return column


def _site(name: str, block: BinaryCIFBlock) -> _Site:
    with _decoding(name):
        columns = block["atom_site"]
        num_atoms = len(columns["Cartn_x"].data.array) if "Cartn_x" in columns else 0
        stated = columns.row_count
    if not num_atoms:
        raise FileFormatError(describe("no atoms", where=name, expected="rows in atom_site"))
    if stated != num_atoms:
        raise FileFormatError(
            describe("atom_site has another length", where=name, expected=f"{stated} rows", found=str(num_atoms))
        )
    return _Site(name, columns, num_atoms)


def _atoms(name: str, block: BinaryCIFBlock) -> AtomTable:
    site = _site(name, block)
    num_atoms = site.num_atoms
    position = site.position()
    label = site.number("label_seq_id", 0.0, np.int64)
    element, atomic_number = atomic_numbers(site.text("type_symbol"))
    return AtomTable(
        model=site.number("pdbx_PDB_model_num", 1.0, np.int64),
        chain=_fit(name, site.text("auth_asym_id", "label_asym_id")),
        residue_name=_fit(name, site.text("label_comp_id", "auth_comp_id")),
        residue_number=site.number("auth_seq_id", 0.0, np.int32, "label_seq_id"),
        insertion_code=_character(site, "pdbx_PDB_ins_code"),
        label_number=label.astype(np.int32),
        polymer=np.where(label > 0, 1, 0 if (label > 0).any() else -1).astype(np.int8),
        segment=np.zeros(num_atoms, np.int32),
        is_closed=np.zeros(num_atoms, bool),
        is_hetero=site.text("group_PDB") == b"HETATM" if "group_PDB" in site else np.zeros(num_atoms, bool),
        atom_name=_fit(name, site.text("label_atom_id", "auth_atom_id")),
        atomic_number=atomic_number,
        element=element,
        altloc=_character(site, "label_alt_id"),
        occupancy=site.number("occupancy", 1.0, np.float32),
        b_factor=_b_factor(name, site),
        position=position,
    )


def _b_factor(name: str, site: _Site) -> Float[np.ndarray, "atom"]:
    """Return B factors, NaN where none is stated."""
    value = site.number("B_iso_or_equiv", np.nan, np.float64)
    if np.isinf(value).any():
        raise FileFormatError(describe("column B_iso_or_equiv holds no number", where=f"{name}, atom_site"))
    return value.astype(np.float32)


def _fit(name: str, text: Shaped[np.ndarray, "atom"]) -> Shaped[np.ndarray, "atom"]:
    """Return a text column as eight bytes wide; refuse what would be cut."""
    if text.dtype.itemsize > 8:
        longest = max(text.tolist(), key=len)
        if len(longest) > 8:
            raise FileFormatError(
                describe("a name is too long", where=name, expected="at most 8 bytes", found=repr(longest))
            )
    return text.astype("S8")


def _character(site: _Site, item: str) -> UInt8[np.ndarray, "atom"]:
    """Return a column of single characters as codes, `BLANK` where it is masked or absent."""
    if item not in site:
        return np.full(site.num_atoms, BLANK, np.uint8)
    code = site.text(item).astype("S1").view(np.uint8)
    return np.where(code == 0, BLANK, code).astype(np.uint8)
