"""Contacts from the sequence: which residues of a chain touch (TAPE on ProteinNet; AlQuraishi 2019).

Two residues touch where their positions are at most 8 angstrom apart (TAPE: of CA; chains of structures: of CB, CA of
glycine, user-set). Judged by the precision of the best L / 5 pairs of separation 12 and more, as published; further
bands, P@L and AUPRC beside it. TAPE trains on 25,299 chains of ProteinNet and tests on 40 of CASP12. Published in TAPE:
0.29 from one-hot inputs, 0.64 from alignments, 0.34 to 0.40 with pretraining. What the separation along the chain says
alone, which TAPE did not try, is the control to beat.
"""

from typing import ClassVar, Literal

from pydantic import Field

from protea.benchmark.suites.interface import SuiteData, Task
from protea.benchmark.suites.sequence_suite import SequenceSuite
from protea.datasets.sources.positioned_chains import RESIDUE_POSITION
from protea.objectives.residue_contacts import ResidueContactsConfig

__all__ = ["Contacts"]

_ALSO = ("precision_at_l", "precision_at_l5_short", "precision_at_l5_medium", "precision_at_l5_long", "auprc")


class Contacts(SequenceSuite):
    """Contact or not per pair of residues of a chain; AUPRC is watched, which moves in small steps."""

    title: ClassVar[str] = "Contacts"
    kind: Literal["contacts"] = "contacts"
    cutoff: float = Field(8.0, gt=0, description="Largest distance of a contact, in angstrom.")

    @property
    def label(self) -> str:
        """Name of the label."""
        return RESIDUE_POSITION

    def tasks(self, data: SuiteData) -> dict[str, Task]:
        """Return the one task."""
        objective = ResidueContactsConfig(where="within", label=RESIDUE_POSITION, cutoff=self.cutoff)
        return {"contacts": Task(objective, "precision_at_l5_medium_long", also=_ALSO, watched="auprc")}
