"""`AtomTable`: what every structure format is read into first, one row per atom, file order, nothing decided yet."""

from dataclasses import dataclass, field, replace
from functools import cached_property

import gemmi
import numpy as np
from jaxtyping import Bool, Float, Int, Shaped, UInt8

from protea.protein.chemistry import ATOM37
from protea.protein.readers.name_table import NameTable, text_key
from protea.protein.record import Provenance

__all__ = ["BLANK", "AtomTable", "StructureFile", "atomic_numbers"]

BLANK = ord(" ")
_ATOM37_TABLE = NameTable(ATOM37)


@dataclass(frozen=True, eq=False)
class AtomTable:
    """The atoms of one or more models. Positions in angstrom, occupancies as written, B factors in square angstrom (NaN
    where none is stated).

    `segment` rises at each TER record (formats without TER: all 0) and `is_closed` says whether a TER ends the atom's
    segment. `polymer` is 1 where the file says that the atom belongs to a polymer, 0 where it says that it does not,
    -1 where it says nothing. `label_number` is the place in SEQRES, 0 where the file does not give it. `altloc` and
    `insertion_code` are character codes, `BLANK` where absent.
    """

    model: Int[np.ndarray, "atom"]
    chain: Shaped[np.ndarray, "atom"]
    residue_name: Shaped[np.ndarray, "atom"]
    residue_number: Int[np.ndarray, "atom"]
    insertion_code: UInt8[np.ndarray, "atom"]
    label_number: Int[np.ndarray, "atom"]
    polymer: Int[np.ndarray, "atom"]
    segment: Int[np.ndarray, "atom"]
    is_closed: Bool[np.ndarray, "atom"]
    is_hetero: Bool[np.ndarray, "atom"]
    atom_name: Shaped[np.ndarray, "atom"]
    atomic_number: UInt8[np.ndarray, "atom"]
    element: Shaped[np.ndarray, "atom"]
    altloc: UInt8[np.ndarray, "atom"]
    occupancy: Float[np.ndarray, "atom"]
    b_factor: Float[np.ndarray, "atom"]
    position: Float[np.ndarray, "atom 3"]

    def __len__(self) -> int:
        return len(self.model)

    @cached_property
    def atom37(self) -> tuple[UInt8[np.ndarray, "atom"], Bool[np.ndarray, "atom"]]:
        """The atom37 code of every name, and which names have one."""
        return _ATOM37_TABLE.find(text_key(self.atom_name))

    def take(self, index: np.ndarray) -> "AtomTable":
        """Return the rows chosen by a mask, a slice or an index array, in that order."""
        return replace(self, **{name: getattr(self, name)[index] for name in self.__dataclass_fields__})


@dataclass(frozen=True)
class StructureFile:
    """One structure file after parsing: its atoms, its SEQRES per author chain, and what its header says.

    `plddt` tells why the B-factor column is taken for pLDDT, None where it is not.
    """

    name: str
    atoms: AtomTable
    models: tuple[int, ...]
    provenance: Provenance
    seqres: dict[str, tuple[str, ...]] = field(default_factory=dict)
    plddt: str | None = None


def atomic_numbers(
    symbol: Shaped[np.ndarray, "atom"],
) -> tuple[Shaped[np.ndarray, "atom"], UInt8[np.ndarray, "atom"]]:
    """Return element symbols in the usual case, and atomic numbers (0 for no element, deuterium counts as hydrogen)."""
    symbols, inverse = np.unique(symbol, return_inverse=True)
    elements = [gemmi.Element(text.decode("ascii", "replace")) for text in symbols]
    names = np.array([element.name for element in elements], dtype="S2")
    numbers = np.array([element.atomic_number for element in elements], dtype=np.uint8)
    return names[inverse.reshape(-1)], numbers[inverse.reshape(-1)]
