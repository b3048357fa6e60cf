"""Complexes before and after a mutation (ATOM3D's MSP, from SKEMPI 2.0), and whether it makes them more stable."""

import re
from collections.abc import Iterator, Mapping
from typing import Any, ClassVar, Literal

import numpy as np

from protea.datasets.sources.atom3d.frames import atom_table, protein_of_atoms
from protea.datasets.sources.atom3d.interface import ATOM3DConfig
from protea.datasets.sources.interface import SourceReport
from protea.errors import FileFormatError, describe
from protea.protein.record import Label, Protein

__all__ = ["FORMS", "ATOM3DMSPConfig"]

FORMS = ("original", "mutated")
"""The two records of a mutation: `<id>:original` and `<id>:mutated`, one after the other."""
_MUTATION = re.compile(r"(?P<before>[A-Z])(?P<chain>\w)(?P<number>-?\d+)(?P<code>[a-z]?)(?P<after>[A-Z])")


class ATOM3DMSPConfig(ATOM3DConfig):
    """Two records per mutation, with the protein label `is_stabilising` and the residue label `is_mutated`.

    `is_mutated` is unknown, and counted, where the residue that the id names (`1A22_A_B_CA171A`: C at 171 of chain A
    becomes A) is not there or of another type.
    """

    of_split: ClassVar[str] = "no two parts share 30 % identity"
    kind: Literal["atom3d_msp"] = "atom3d_msp"

    def prefix(self, item_id: str, where: str) -> str:
        """Return the id: complex, chains of both sides, mutation."""
        if not _MUTATION.fullmatch(item_id.rpartition("_")[2]) or ":" in item_id:
            raise FileFormatError(
                describe("not a mutation", where=where, expected="such as 1A22_A_B_CA171A", found=repr(item_id)[:80])
            )
        return item_id

    def records(self, prefix: str, item: Mapping[str, Any], report: SourceReport | None) -> Iterator[Protein]:
        """Yield the complex before and after, or neither."""
        if item.get("label") not in ("0", "1"):
            raise FileFormatError(
                describe("not a label", where=prefix, expected="'0' or '1'", found=repr(item.get("label"))[:80])
            )
        label = Label("protein", np.array(int(item["label"]), np.uint8), np.array(True))
        pair = []
        for form in FORMS:
            name = f"{prefix}:{form}"
            protein = protein_of_atoms(name, atom_table(item.get(f"{form}_atoms"), name), f"ATOM3D MSP {name}")
            site = _site(protein, prefix, form)
            if report is not None and not site.is_known.any():
                report.count("mutated_residue_not_at_its_place")
            pair.append(protein.replace(labels={"is_stabilising": label, "is_mutated": site}))
        yield from pair


def _site(protein: Protein, prefix: str, form: str) -> Label:
    """Return which residue is mutated; unknown where no single residue, or one of another type, stands there."""
    mutation = _MUTATION.fullmatch(prefix.rpartition("_")[2])
    assert mutation is not None  # the id was checked
    chain = np.array([name == mutation["chain"] for name in protein.chain_ids], bool)[protein.chain_of]
    is_there = chain & (protein.author_number == int(mutation["number"]))
    is_there &= np.char.upper(protein.insertion_code) == mutation["code"].upper()
    place = np.flatnonzero(is_there)
    letter = mutation["before" if form == "original" else "after"]
    is_known = len(place) == 1 and protein.sequence[place[0]] == letter
    value = is_there.astype(np.uint8) if is_known else np.zeros(len(protein), np.uint8)
    return Label("residue", value, np.full(len(protein), is_known))
