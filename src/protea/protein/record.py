"""`Protein`: one immutable record of what is known about one protein or complex.

Axes: residue (observed polymer residues, file order, chain by chain), atom (their heavy atoms, ragged by `atom_ptr`),
ligand and its own atoms. Positions in angstrom, float32. Arrays are read-only; change by `replace`. What is missing is
a mask or None, never a magic number. A sequence without structure is a Protein with no atoms.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from functools import cache
from types import MappingProxyType
from typing import Any, Literal, NamedTuple

import numpy as np
from jaxtyping import Bool, Float, Int, Shaped, UInt8

from protea.errors import ContractError, describe
from protea.protein.alphabets import encode_sequence
from protea.protein.chemistry import ATOM37, ATOM_CODE, BACKBONE_ATOMS

__all__ = [
    "LABEL_IS_ORDER",
    "AtomGrid",
    "Label",
    "Ligands",
    "Protein",
    "Provenance",
    "no_ligands",
    "protein_from_sequence",
]

LABEL_IS_ORDER = "label_number is the order in the chain"
"""The note of a record whose file does not tell places in SEQRES."""


class AtomGrid(NamedTuple):
    """A dense view of atoms: positions (0 where unresolved; read them through the mask) and which are resolved."""

    position: Float[np.ndarray, "residue atom 3"]
    is_resolved: Bool[np.ndarray, "residue atom"]


@dataclass(frozen=True, eq=False)
class Label:
    """One label of a protein, at residue level (first axis = residue) or protein level, with what is known of it."""

    level: Literal["residue", "protein"]
    value: np.ndarray
    is_known: np.ndarray

    def __post_init__(self) -> None:
        _freeze(self, ("value", "is_known"))


@dataclass(frozen=True, eq=False)
class Ligands:
    """Hetero groups and nucleotides: everything in the file that is neither a polymer residue nor water."""

    ccd_name: Shaped[np.ndarray, " ligand"]
    chain: Shaped[np.ndarray, " ligand"]
    author_number: Int[np.ndarray, " ligand"]
    is_nucleotide: Bool[np.ndarray, " ligand"]
    atom_ptr: Int[np.ndarray, " ligand_plus_1"]
    atom_name: Shaped[np.ndarray, " ligand_atom"]
    element: Shaped[np.ndarray, " ligand_atom"]
    atom_position: Float[np.ndarray, "ligand_atom 3"]

    def __post_init__(self) -> None:
        _freeze(self, tuple(item.name for item in fields(self)))
        for name in ("chain", "author_number", "is_nucleotide"):
            _check_length(self, name, len(self.ccd_name))
        _check_ptr(self.atom_ptr, len(self.ccd_name), len(self.atom_name), "ligands.atom_ptr")

    def __len__(self) -> int:
        return len(self.ccd_name)

    def select(self, keep: Bool[np.ndarray, "ligand"]) -> "Ligands":
        """Return the table with only the ligands where `keep` is True; their atoms follow."""
        counts = np.diff(self.atom_ptr)
        atom_keep = np.repeat(keep, counts)
        return Ligands(
            ccd_name=self.ccd_name[keep],
            chain=self.chain[keep],
            author_number=self.author_number[keep],
            is_nucleotide=self.is_nucleotide[keep],
            atom_ptr=np.concatenate([[0], np.cumsum(counts[keep])]).astype(np.int64),
            atom_name=self.atom_name[atom_keep],
            element=self.element[atom_keep],
            atom_position=self.atom_position[atom_keep],
        )


@cache
def no_ligands() -> Ligands:
    """Return the empty ligand table (always the same one)."""
    return Ligands(
        ccd_name=np.zeros(0, "<U5"),
        chain=np.zeros(0, "<U4"),
        author_number=np.zeros(0, np.int32),
        is_nucleotide=np.zeros(0, bool),
        atom_ptr=np.zeros(1, np.int64),
        atom_name=np.zeros(0, "<U4"),
        element=np.zeros(0, "<U2"),
        atom_position=np.zeros((0, 3), np.float32),
    )


@dataclass(frozen=True)
class Provenance:
    """Where a record comes from, and every decision the reader took on the way (`notes`)."""

    source: str
    file_format: str
    entry_id: str | None = None
    method: str | None = None
    resolution: float | None = None
    date: str | None = None
    organism: str | None = None
    assembly: str = "asymmetric unit"
    model: int = 1
    num_models: int = 1
    num_waters: int = 0
    num_hydrogens: int = 0
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, eq=False)
class Protein:
    """One protein or complex. See the module docstring for axes and units.

    `atom_code` 0-36 is the atom37 order; 37 + i is `extra_atom_names[i]` (atoms of modified residues). `b_factor` is
    per atom; `b_factor_kind` says whether it is a crystallographic B factor or pLDDT (0-100). `label_number` is the
    1-based place in SEQRES where the file tells it, else the 1-based order in the chain (`provenance.notes` says so).
    """

    id: str
    sequence: str
    residue_name: Shaped[np.ndarray, " residue"]
    chain_ids: tuple[str, ...]
    chain_of: Int[np.ndarray, " residue"]
    author_number: Int[np.ndarray, " residue"]
    insertion_code: Shaped[np.ndarray, " residue"]
    label_number: Int[np.ndarray, " residue"]
    atom_ptr: Int[np.ndarray, " residue_plus_1"]
    atom_code: UInt8[np.ndarray, " atom"]
    atom_position: Float[np.ndarray, "atom 3"]
    b_factor: Float[np.ndarray, " atom"] | None
    b_factor_kind: Literal["b_factor", "plddt"]
    provenance: Provenance
    extra_atom_names: tuple[str, ...] = ()
    seqres: tuple[str | None, ...] = ()
    ligands: Ligands = field(default_factory=no_ligands)
    labels: Mapping[str, Label] = field(default_factory=dict)

    def __post_init__(self) -> None:
        arrays = [name for name in _ARRAYS if getattr(self, name) is not None]
        _freeze(self, tuple(arrays))
        object.__setattr__(self, "labels", MappingProxyType(dict(self.labels)))
        self._check()

    def _check(self) -> None:
        num_residues, num_atoms = len(self.sequence), len(self.atom_code)
        for name in ("residue_name", "chain_of", "author_number", "insertion_code", "label_number"):
            _check_length(self, name, num_residues)
        for name in ("atom_position", "b_factor"):
            if getattr(self, name) is not None:
                _check_length(self, name, num_atoms)
        _check_ptr(self.atom_ptr, num_residues, num_atoms, f"{self.id}.atom_ptr")
        if not (self.sequence.isascii() and self.sequence.isalpha() and self.sequence.isupper()):
            encode_sequence(self.sequence)  # names the first character that is wrong
        if (self.chain_of[1:] < self.chain_of[:-1]).any():
            raise ContractError(
                describe("residues are not grouped by chain", where=self.id, expected="rising chain_of")
            )
        if num_residues and (self.chain_of[0] < 0 or self.chain_of[-1] >= len(self.chain_ids)):
            raise ContractError(describe("chain_of points outside chain_ids", where=self.id))
        if self.seqres and len(self.seqres) != len(self.chain_ids):
            raise ContractError(describe("one SEQRES per chain", where=self.id, found=str(len(self.seqres))))
        if not np.isfinite(self.atom_position).all():
            raise ContractError(describe("atom positions are not finite", where=self.id))
        for name, label in self.labels.items():
            if label.level == "residue" and (len(label.value) != num_residues or len(label.is_known) != num_residues):
                raise ContractError(
                    describe(f"residue label {name!r} has another length", where=self.id, expected=str(num_residues))
                )

    def __len__(self) -> int:
        return len(self.sequence)

    def __reduce__(self) -> tuple[Any, ...]:
        # A mapping proxy cannot be pickled; building anew also freezes the arrays again.
        return _restored, ({**vars(self), "labels": dict(self.labels)},)

    @property
    def num_atoms(self) -> int:
        """Number of resolved heavy atoms."""
        return len(self.atom_code)

    def replace(self, **changes: Any) -> "Protein":
        """Return a copy with the named fields changed; checked like a new record."""
        return replace(self, **changes)

    def residue_type(self) -> UInt8[np.ndarray, " residue"]:
        """Return the residue type 0-20 of each residue (see `alphabets`)."""
        return encode_sequence(self.sequence)

    def residue_of_atom(self) -> Int[np.ndarray, " atom"]:
        """Return the residue index of each atom."""
        return np.repeat(np.arange(len(self)), np.diff(self.atom_ptr))

    def atom37(self) -> AtomGrid:
        """Return all known atoms on the dense atom37 axis, in angstrom."""
        return self._grid(np.arange(len(ATOM37)))

    def backbone(self) -> AtomGrid:
        """Return N, CA, C, O on a dense axis of four, in angstrom."""
        return self._grid(np.array([ATOM_CODE[name] for name in BACKBONE_ATOMS]))

    def ca(self) -> tuple[Float[np.ndarray, "residue 3"], Bool[np.ndarray, " residue"]]:
        """Return CA positions in angstrom and which are resolved."""
        grid = self._grid(np.array([ATOM_CODE["CA"]]))
        return grid.position[:, 0], grid.is_resolved[:, 0]

    def _grid(self, codes: Int[np.ndarray, " atom_type"]) -> AtomGrid:
        column_of = np.full(256, -1, dtype=np.int64)
        column_of[codes] = np.arange(len(codes))
        column = column_of[self.atom_code]
        chosen = column >= 0
        row, column = self.residue_of_atom()[chosen], column[chosen]
        position = np.zeros((len(self), len(codes), 3), dtype=np.float32)
        is_resolved = np.zeros((len(self), len(codes)), dtype=bool)
        position[row, column] = self.atom_position[chosen]
        is_resolved[row, column] = True
        return AtomGrid(position, is_resolved)

    def plddt(self) -> tuple[Float[np.ndarray, " residue"], Bool[np.ndarray, " residue"]] | None:
        """Return mean pLDDT (0-100) per residue and where it is known; None where the record holds no pLDDT."""
        if self.b_factor is None or self.b_factor_kind != "plddt":
            return None
        count = np.diff(self.atom_ptr)
        total = np.bincount(self.residue_of_atom(), weights=self.b_factor, minlength=len(self))
        return (total / np.maximum(count, 1)).astype(np.float32), count > 0

    def select_residues(self, keep: Bool[np.ndarray, " residue"]) -> "Protein":
        """Return the record with only the residues where `keep` is True; labels, atoms and chains follow."""
        index = np.flatnonzero(keep)
        counts = np.diff(self.atom_ptr)[index]
        atom_keep = np.repeat(np.asarray(keep, bool), np.diff(self.atom_ptr))
        used = np.unique(self.chain_of[index])
        renumber = np.full(len(self.chain_ids), -1, dtype=self.chain_of.dtype)
        renumber[used] = np.arange(len(used))
        labels = {
            name: Label("residue", label.value[index], label.is_known[index]) if label.level == "residue" else label
            for name, label in self.labels.items()
        }
        return self.replace(
            sequence="".join(self.sequence[i] for i in index),
            residue_name=self.residue_name[index],
            chain_ids=tuple(self.chain_ids[i] for i in used),
            seqres=tuple(self.seqres[i] for i in used) if self.seqres else (),
            chain_of=renumber[self.chain_of[index]],
            author_number=self.author_number[index],
            insertion_code=self.insertion_code[index],
            label_number=self.label_number[index],
            atom_ptr=np.concatenate([[0], np.cumsum(counts)]).astype(np.int64),
            atom_code=self.atom_code[atom_keep],
            atom_position=self.atom_position[atom_keep],
            b_factor=None if self.b_factor is None else self.b_factor[atom_keep],
            labels=labels,
        )

    def select_chains(self, chain_ids: tuple[str, ...]) -> "Protein":
        """Return the record with only the named chains and their ligands, in file order.

        Raises ContractError for a chain that is not there.
        """
        missing = [name for name in chain_ids if name not in self.chain_ids]
        if missing:
            raise ContractError(
                describe(f"no chain {missing}", where=self.id, expected=f"one of {list(self.chain_ids)}")
            )
        wanted = np.array([name in chain_ids for name in self.chain_ids], dtype=bool)
        chosen = self.select_residues(wanted[self.chain_of])
        return chosen.replace(ligands=self.ligands.select(np.isin(self.ligands.chain, chain_ids)))


_ARRAYS = (
    "residue_name", "chain_of", "author_number", "insertion_code", "label_number", "atom_ptr", "atom_code",
    "atom_position", "b_factor",
)  # fmt: skip


def _restored(changes: dict[str, Any]) -> Protein:
    return Protein(**changes)


def _freeze(record: object, names: tuple[str, ...]) -> None:
    for name in names:
        array = getattr(record, name)
        # An array that owns its memory and is read-only already (of another record) can be shared.
        if not isinstance(array, np.ndarray) or array.flags.writeable or array.base is not None:
            array = np.array(array)
            array.flags.writeable = False
            object.__setattr__(record, name, array)


def _check_length(record: object, name: str, length: int) -> None:
    found = len(getattr(record, name))
    if found != length:
        where = getattr(record, "id", type(record).__name__)
        raise ContractError(describe(f"{name} has another length", where=where, expected=str(length), found=str(found)))


def _check_ptr(ptr: np.ndarray, num_rows: int, num_items: int, where: str) -> None:
    good = len(ptr) == num_rows + 1 and ptr[0] == 0 and ptr[-1] == num_items and bool((ptr[1:] >= ptr[:-1]).all())
    if not good:
        raise ContractError(
            describe("not a pointer", where=where, expected=f"{num_rows + 1} rising offsets from 0 to {num_items}")
        )


def protein_from_sequence(id: str, sequence: str, *, source: str = "sequence", file_format: str = "none") -> Protein:
    """Return a Protein of one chain without any atom."""
    length = len(sequence)
    return Protein(
        id=id,
        sequence=sequence,
        residue_name=np.full(length, "", dtype="<U5"),
        chain_ids=("A",),
        chain_of=np.zeros(length, np.int16),
        author_number=np.arange(1, length + 1, dtype=np.int32),
        insertion_code=np.full(length, "", dtype="<U1"),
        label_number=np.arange(1, length + 1, dtype=np.int32),
        atom_ptr=np.zeros(length + 1, np.int64),
        atom_code=np.zeros(0, np.uint8),
        atom_position=np.zeros((0, 3), np.float32),
        b_factor=None,
        b_factor_kind="b_factor",
        provenance=Provenance(source=source, file_format=file_format),
        seqres=(sequence,),
    )
