"""Residues at the interface of two chains (ATOM3D's PPI): chains of DIPS, or the unbound partners of the benchmark.

ATOM3D asks which pairs of residues touch, and draws as many that do not; here each partner is read alone and asked
which of its residues touch the other, as in `ppi_site` and `masif_site`, on the published parts. (Pairs of residues are
asked in `interface_contacts`.) Judged by AUPRC and AUROC; all chains of a structure are resampled together. The
real files were not at hand: tests run on made ones in the published layout.
"""

from pathlib import Path
from typing import ClassVar, Literal

from pydantic import Field

from protea.benchmark.suites.atom3d_suite import ATOM3DSuite, entry_of
from protea.benchmark.suites.interface import SuiteData, Task
from protea.datasets.sources.atom3d.ppi import ATOM3DPPIConfig
from protea.datasets.store import Store
from protea.objectives.binary import BinaryConfig

__all__ = ["ATOM3DPPI"]

_LABEL = "interface"


class ATOM3DPPI(ATOM3DSuite):
    """A binary label per residue, judged by AUPRC over all residues of the published test."""

    title: ClassVar[str] = "Interfaces of chain pairs"
    stored_labels: ClassVar[tuple[str, ...]] = (_LABEL,)
    kind: Literal["atom3d_ppi"] = "atom3d_ppi"
    source: ATOM3DPPIConfig = Field(description="The published set, as `protea data fetch` left it, and which test.")

    def units(self, store: Store, test: tuple[str, ...], cache: Path) -> dict[str, str]:
        """Return the structure of every test chain: the first word of the id, such as `1a2x.pdb1.gz_0_A_...`."""
        return {id: entry_of(id).partition("_")[0] for id in test}

    def tasks(self, data: SuiteData) -> dict[str, Task]:
        """Return the one task."""
        return {_LABEL: Task(BinaryConfig(label=_LABEL, level="residue"), "auprc", also=("auroc",))}
