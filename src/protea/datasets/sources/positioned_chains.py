"""Sequences of chains with the places of their residues as a label; the structure itself is left behind.

So that contacts can be asked of sequences where structures are at hand.
"""

import hashlib
from collections.abc import Iterator
from typing import Literal

from pydantic import Field

from protea.datasets.sources.folder import FolderConfig
from protea.datasets.sources.interface import SourceConfig, SourceReport
from protea.datasets.sources.without_structure import without_structure
from protea.errors import InputError, describe
from protea.protein.record import Label, Protein
from protea.protein.residue_places import PlaceAtom, residue_places

__all__ = ["RESIDUE_POSITION", "PositionedChainsConfig"]

RESIDUE_POSITION = "residue_position"
"""Label of residues: where each is in its chain, in angstrom."""


class PositionedChainsConfig(SourceConfig):
    """Chains without atoms, with the residue label `residue_position`, unknown where the atom is not resolved.

    A structure has to be one chain: along two, the separation of residues means nothing. Chains without any known
    place are counted and left out.
    """

    kind: Literal["positioned_chains"] = "positioned_chains"
    structures: FolderConfig = Field(description="Where the structures come from; `by_chain` parts those of several.")
    atom: PlaceAtom = Field("CB", description="Where a residue is: at its CB (CA of glycine), or its CA.")

    def proteins(self, report: SourceReport | None = None) -> Iterator[Protein]:
        """Yield a record per chain, in the order of the structures."""
        for protein in self.structures.proteins(report):
            if len(protein.chain_ids) > 1:
                raise InputError(
                    describe("a structure of several chains", where=protein.id, expected="one chain",
                             found=", ".join(protein.chain_ids), do="Set `by_chain: true` of the structures.")
                )  # fmt: skip
            place, is_known = residue_places(protein, self.atom)
            if not is_known.any():
                if report is not None:
                    report.num_proteins -= 1
                    report.count("chains_without_known_places")
                continue
            yield without_structure(protein).replace(labels={RESIDUE_POSITION: Label("residue", place, is_known)})

    def parts(self) -> dict[str, tuple[str, ...]]:
        """Raise InputError: structures come without published parts."""
        raise InputError(
            describe("structures have no published parts", where=self.kind, do="Set `split: components` in the suite.")
        )

    def fingerprint(self) -> str:
        """Return a digest of the structures and the atom."""
        parts = ("positioned-chains-1", self.structures.fingerprint(), self.atom)
        return hashlib.sha256("\n".join(parts).encode()).hexdigest()
