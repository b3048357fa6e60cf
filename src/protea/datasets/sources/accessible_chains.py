"""Sequences of structures with the accessible surface of their residues as labels; the structure itself is left behind.

So that burial and accessibility can be asked of sequences where only structures are at hand.
"""

import hashlib
from collections.abc import Iterator
from typing import Annotated, Literal

import numpy as np
from pydantic import Field

from protea.datasets.sources.docking import DockingConfig
from protea.datasets.sources.folder import FolderConfig
from protea.datasets.sources.interface import SourceConfig, SourceReport
from protea.datasets.sources.without_structure import without_structure
from protea.errors import InputError, describe
from protea.protein.accessible_surface import relative_accessibility
from protea.protein.record import Label, Protein

__all__ = ["AccessibleChainsConfig"]


class AccessibleChainsConfig(SourceConfig):
    """Proteins without atoms, with the residue labels `accessibility` (relative, each chain alone) and `buried`.

    Both are unknown of residues with unresolved atoms, and of those that are none of the twenty.
    """

    kind: Literal["accessible_chains"] = "accessible_chains"
    structures: Annotated[DockingConfig | FolderConfig, Field(discriminator="kind")] = Field(
        description="Where the structures come from"
    )
    buried_below: float = Field(
        default=0.25, gt=0, le=1, description="Relative accessibility below which a residue is buried"
    )

    def proteins(self, report: SourceReport | None = None) -> Iterator[Protein]:
        """Yield a record per structure, in their order; those without any known residue are counted and left out."""
        for protein in self.structures.proteins(report):
            value, is_known = relative_accessibility(protein)
            if not is_known.any():
                if report is not None:
                    report.num_proteins -= 1
                    report.count("structures_without_whole_residues")
                continue
            buried = ((value < self.buried_below) & is_known).astype(np.uint8)
            labels = {
                "accessibility": Label("residue", value, is_known), "buried": Label("residue", buried, is_known.copy())
            }  # fmt: skip
            yield without_structure(protein).replace(labels=labels)

    def parts(self) -> dict[str, tuple[str, ...]]:
        """Raise InputError: structures come without published parts."""
        raise InputError(
            describe("structures have no published parts", where=self.kind, do="Set `split: components` in the suite.")
        )

    def fingerprint(self) -> str:
        """Return a digest of the structures and the threshold."""
        parts = ("accessible-chains-1", self.structures.fingerprint(), repr(self.buried_below))
        return hashlib.sha256("\n".join(parts).encode()).hexdigest()
