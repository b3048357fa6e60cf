"""Partners of docking complexes with the place of each residue in the complex: the positions that make contact maps."""

import hashlib
from collections.abc import Iterator
from typing import Literal

import numpy as np
from pydantic import Field

from protea.datasets.interactions.conformation_pairs import ConformationPair, conformation_pairs
from protea.datasets.sources.docking import DockingConfig
from protea.datasets.sources.interface import SourceConfig, SourceReport
from protea.protein.record import Label, Protein
from protea.protein.residue_places import residue_places

__all__ = ["COMPLEX_POSITION", "ComplexPositionsConfig"]

COMPLEX_POSITION = "complex_position"
"""Label of residues: CB (CA of glycine) in the bound complex, in angstrom; both partners are in one frame."""


class ComplexPositionsConfig(SourceConfig):
    """Receptor, then ligand of each complex (`<id>_r`, `<id>_l`), in the form that `source.state` names.

    A residue without its counterpart in the bound form, or without CB there, has no known place.
    """

    kind: Literal["complex_positions"] = "complex_positions"
    source: DockingConfig = Field(description="The docking benchmark, and which form is read.")

    def proteins(self, report: SourceReport | None = None) -> Iterator[Protein]:
        """Yield the partners with the label `complex_position`."""
        for pair in conformation_pairs(self.source, report):
            protein = pair.bound if self.source.state == "bound" else pair.native
            yield protein.replace(id=pair.id, labels={COMPLEX_POSITION: _label(pair, self.source.state)})

    def fingerprint(self) -> str:
        """Return a digest of the source."""
        return hashlib.sha256(f"complex-positions-1\n{self.source.fingerprint()}".encode()).hexdigest()


def _label(pair: ConformationPair, state: Literal["unbound", "bound"]) -> Label:
    position, is_known = residue_places(pair.bound)
    if state == "bound":
        return Label("residue", position, is_known)
    row = np.maximum(pair.row, 0)
    found = pair.is_matched & is_known[row]
    return Label("residue", position[row] * found[:, None], found)
