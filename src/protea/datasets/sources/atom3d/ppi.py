"""Two chains that touch (ATOM3D's PPI): of DIPS, and for the test also unbound partners of Docking Benchmark 5.

An item holds the atoms of both partners and the pairs of residues that touch. The table of pairs names residues by
chain and number alone, so that one whose number stands twice (with insertion codes) is unknown.
"""

from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, ClassVar, Literal

import numpy as np
from pydantic import Field

from protea.datasets.sources.atom3d.frames import atom_table, frame_columns, protein_of_atoms
from protea.datasets.sources.atom3d.interface import ATOM3DConfig
from protea.datasets.sources.atom3d.unpacked import unpacked
from protea.datasets.sources.interface import SourceReport
from protea.errors import FileFormatError, describe
from protea.protein.record import Label, Protein

__all__ = ["ATOM3DPPIConfig"]

_UNBOUND = ("receptor_unbound", "ligand_unbound")
_Place = tuple[str, int]
_SIDES = ("subunit0", "chain0", "residue0", "subunit1", "chain1", "residue1")


class ATOM3DPPIConfig(ATOM3DConfig):
    """Two records per item, `<id>:0` and `<id>:1`, with the residue label `interface`: touches a residue of the other.

    Partners of Docking Benchmark 5 are read in their unbound form, with the contacts of the complex. Contacts of
    residues that a partner lacks are counted.
    """

    of_split: ClassVar[str] = "DIPS by sequence, 30 % identity; Docking Benchmark 5 apart"
    kind: Literal["atom3d_ppi"] = "atom3d_ppi"
    test: Literal["dips", "db5"] = Field(default="dips", description="What the test part is: DIPS, or the benchmark")

    def address_sets(self) -> tuple[str, ...]:
        """Return the rows of the address table."""
        return ("atom3d_ppi", "atom3d_ppi_raw") if self.test == "db5" else ("atom3d_ppi",)

    def files(self) -> dict[str, Path]:
        """Return the folder of the LMDB file of each part."""
        found = super().files()
        if self.test == "db5":
            raw = self.place(self.remotes()[1].name)
            found["test"] = unpacked(raw, {"db5": r"(^|/)DB5/data/data\.mdb$"})["db5"]
        return found

    def prefix(self, item_id: str, where: str) -> str:
        """Return the id without colons."""
        if not item_id:
            raise FileFormatError(describe("an item without id", where=where, expected="a name"))
        return item_id.replace(":", "_")

    def records(self, prefix: str, item: Mapping[str, Any], report: SourceReport | None) -> Iterator[Protein]:
        """Yield both partners, or neither."""
        atoms = atom_table(item.get("atoms_pairs"), prefix)
        subunit = np.array(frame_columns(item["atoms_pairs"], prefix, ("subunit",))["subunit"], dtype=object)
        names = _partners(list(dict.fromkeys(subunit.tolist())), prefix)
        touching = _touching(item.get("atoms_neighbors"), names, f"{prefix}, neighbours")
        pair = []
        for place, name in enumerate(names):
            id = f"{prefix}:{place}"
            protein = protein_of_atoms(id, atoms.take(subunit == name), f"ATOM3D PPI {id}")
            label, num_absent = _label(protein, touching[place])
            if report is not None and num_absent:
                report.count("touching_residues_that_a_partner_lacks", num_absent)
            pair.append(protein.replace(labels={"interface": label}))
        yield from pair


def _partners(names: list[Any], where: str) -> tuple[str, str]:
    """Return the names of both partners: the only two, or the unbound ones of four."""
    text = [name for name in names if isinstance(name, str)]
    if len(names) == 4:
        text = [name for end in _UNBOUND for name in text if name.endswith(end)]
    if len(text) != 2 or len(names) not in (2, 4):
        raise FileFormatError(
            describe(
                "not two partners", where=where, expected="two, or bound and unbound of two", found=str(names)[:200]
            )
        )
    return text[0], text[1]


def _touching(tree: Any, names: tuple[str, str], where: str) -> tuple[set[_Place], set[_Place]]:
    """Return the residues of each partner that touch the other, by chain and number."""
    columns = frame_columns(tree, where, _SIDES)
    places: dict[str, set[_Place]] = {name: set() for name in names}
    for row, values in enumerate(zip(*(columns[name] for name in _SIDES), strict=True)):
        for subunit, chain, number in (values[:3], values[3:]):
            if subunit not in places or not isinstance(chain, str) or not isinstance(number, int):
                raise FileFormatError(
                    describe(f"row {row} names no residue of a partner", where=where, expected=f"one of {names}",
                             found=str((subunit, chain, number))[:200])
                )  # fmt: skip
            places[subunit].add((chain.strip(), number))
    return places[names[0]], places[names[1]]


def _label(protein: Protein, touching: set[_Place]) -> tuple[Label, int]:
    """Return which residues touch, and how many of those that do are not there."""
    chain = np.array(protein.chain_ids, dtype=object)[protein.chain_of]
    places = list(zip(chain.tolist(), protein.author_number.tolist(), strict=True))
    count = Counter(places)
    is_known = np.array([count[place] == 1 for place in places], bool)
    value = np.array([place in touching for place in places], np.uint8)
    return Label("residue", value * is_known, is_known), len(touching - set(places))
