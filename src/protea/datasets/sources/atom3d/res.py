"""Surroundings of a residue whose type is hidden (ATOM3D's RES): what stands there, told by what is around it.

An item is an entry of the PDB with many surroundings: all atoms within 17.3 angstrom of a point near the residue's CB,
without the residue's own side chain. The tables keep its name, so that a model that reads residue types would read the
answer; here the residue in the centre is called UNK.
"""

import hashlib
import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any, ClassVar, Literal, NamedTuple

import numpy as np
from pydantic import Field

from protea.datasets.sources.atom3d.frames import atom_table, frame_columns, protein_of_atoms
from protea.datasets.sources.atom3d.interface import ATOM3DConfig
from protea.datasets.sources.interface import SourceReport, refuse
from protea.errors import FileFormatError, InputError, describe
from protea.protein.alphabets import encode_sequence
from protea.protein.chemistry import LETTER_OF_NAME
from protea.protein.readers.table import AtomTable
from protea.protein.record import Label, Protein

__all__ = ["ATOM3DRESConfig"]

_SUBUNIT = re.compile(r"(?P<chain>.*)_(?P<number>-?\d+)_(?P<name>[A-Z0-9]{1,3})")
_BACKBONE = np.array([b"N", b"CA", b"C", b"O"])


class _Centre(NamedTuple):
    """The residue in the centre of a surrounding, as the table of labels names it."""

    chain: str
    number: int
    name: str


class ATOM3DRESConfig(ATOM3DConfig):
    """Records `<entry>:<chain>_<number>` with the residue label `hidden_type`, known of the residue in the centre.

    Classes are the twenty types in the house's order. Surroundings whose centre is another residue, is not there once
    with its whole backbone, or kept atoms beyond it, are refused by name; an entry of several models as a whole.
    """

    of_split: ClassVar[str] = "by topology of CATH"
    kind: Literal["atom3d_res"] = "atom3d_res"
    per_entry: int | None = Field(
        default=None, ge=1, description="Surroundings that are read of each entry, drawn by `seed`; all if none"
    )
    seed: int = Field(default=0, description="Seed of that draw")

    def prefix(self, item_id: str, where: str) -> str:
        """Return the entry."""
        if not item_id or ":" in item_id:
            raise FileFormatError(describe("not an entry", where=where, expected="its code", found=repr(item_id)[:80]))
        return item_id

    def records(self, prefix: str, item: Mapping[str, Any], report: SourceReport | None) -> Iterator[Protein]:
        """Yield the surroundings in the order of the entry's table."""
        atoms = atom_table(item.get("atoms"), prefix)
        if (atoms.model != atoms.model[0]).any():
            raise FileFormatError(
                describe("several models in one table", where=prefix, expected="one: surroundings would mix them")
            )
        subunits = frame_columns(item.get("labels"), f"{prefix}, labels", ("subunit",))["subunit"]
        rows = item.get("subunit_indices")
        if not isinstance(rows, list) or len(rows) != len(subunits):
            raise FileFormatError(
                describe("no rows of atoms for each label", where=prefix, expected=f"{len(subunits)} lists")
            )
        met: set[str] = set()
        for number in self._chosen(prefix, len(subunits)):
            name = f"{prefix}, label {number}"
            try:
                centre = _centre(subunits[number], name)
                id = f"{prefix}:{centre.chain}_{centre.number}"
                if id in met:
                    raise FileFormatError(describe("two labels of one place", where=name, expected="one", found=id))
                protein = _surrounding(id, centre, atoms.take(_rows(rows[number], len(atoms), name)), name)
            except InputError as error:
                refuse(report, name, error)
                continue
            met.add(id)
            yield protein

    def _chosen(self, prefix: str, num: int) -> list[int]:
        """Return which labels of an entry are read: a function of the seed and the entry."""
        if self.per_entry is None or num <= self.per_entry:
            return list(range(num))
        key = int.from_bytes(hashlib.blake2b(f"{self.seed}/{prefix}".encode(), digest_size=8).digest(), "little")
        return sorted(np.random.default_rng(key).choice(num, self.per_entry, replace=False).tolist())


def _centre(subunit: Any, where: str) -> _Centre:
    match = _SUBUNIT.fullmatch(subunit) if isinstance(subunit, str) else None
    if match is None or match["name"] not in LETTER_OF_NAME:
        raise FileFormatError(
            describe("not one of the twenty residues at a place", where=where, expected="<chain>_<number>_<name>",
                     found=repr(subunit)[:80])
        )  # fmt: skip
    return _Centre(match["chain"].strip(), int(match["number"]), match["name"])


def _rows(rows: Any, num_atoms: int, where: str) -> np.ndarray:
    is_list = isinstance(rows, list) and rows and all(type(row) is int and 0 <= row < num_atoms for row in rows)
    if not is_list:
        raise FileFormatError(describe("not rows of atoms", where=where, expected=f"numbers below {num_atoms}"))
    return np.array(rows, np.int64)


def _surrounding(id: str, centre: _Centre, atoms: AtomTable, where: str) -> Protein:
    """Return the surrounding with the residue in its centre hidden; raise FileFormatError where it cannot be."""
    at_place = (atoms.chain == centre.chain.encode()) & (atoms.residue_number == centre.number)
    is_centre = at_place & (atoms.residue_name == centre.name.encode())
    found = sorted(atoms.atom_name[is_centre].tolist())
    if found != sorted(_BACKBONE.tolist()):
        raise FileFormatError(
            describe("the centre is not one bare backbone", where=where, expected="N, CA, C, O", found=str(found)[:80])
        )
    hidden = replace(atoms, residue_name=np.where(is_centre, b"UNK", atoms.residue_name).astype("S8"))
    protein = protein_of_atoms(id, hidden, f"ATOM3D RES {id}")
    code = atoms.insertion_code[is_centre][0]
    stated = np.array([ord(text or " ") for text in protein.insertion_code.tolist()])
    chain = np.array([name == centre.chain for name in protein.chain_ids], bool)[protein.chain_of]
    is_known = chain & (protein.author_number == centre.number) & (stated == code)
    is_known &= protein.residue_name == "UNK"
    if is_known.sum() != 1:
        raise FileFormatError(describe("the centre is no residue of the record", where=where, expected="one residue"))
    answer = int(encode_sequence(LETTER_OF_NAME[centre.name])[0])
    return protein.replace(labels={"hidden_type": Label("residue", is_known * np.uint8(answer), is_known)})
