"""Residues at metal ions: the entries of Metal3D (Duerr et al. 2023) with zinc, or any ion that is asked for."""

from collections.abc import Iterable
from typing import Literal

from pydantic import Field

from protea.datasets.labels import LabelTable
from protea.datasets.sources.published.archives import lines_of
from protea.datasets.sources.published.interface import ListedChain, PublishedConfig, parse_chain
from protea.datasets.sources.published.site_labels import ligand_contacts
from protea.protein.record import Protein

__all__ = ["MetalSitesConfig"]

_LISTS = {"train.txt": "train", "val.txt": "validation", "test.txt": "test"}


class MetalSitesConfig(PublishedConfig):
    """Whole entries with the residue label `metal_site`: within `cutoff` of an ion."""

    kind: Literal["metal_sites"] = "metal_sites"
    ions: tuple[str, ...] = Field(
        default=("ZN",), min_length=1, description="CCD names of the ions, such as ZN, MG, CA"
    )
    cutoff: float = Field(default=3.5, gt=0, description="Largest distance of a heavy atom to an ion, angstrom")

    def address_sets(self) -> tuple[str, ...]:
        """Return the row of the address table."""
        return ("metal_sites",)

    def settings(self) -> str:
        """Return the settings that shape the records: none; ions and cutoff shape labels only."""
        return ""

    def listing(self) -> tuple[ListedChain, ...]:
        """Return the entries of the three lists."""
        found = []
        for name, part in _LISTS.items():
            path = self.place(name)
            found += [parse_chain(line, str(path), part) for line in lines_of(path)]
        return tuple(found)

    def labels(self, proteins: Iterable[Protein]) -> tuple[LabelTable, ...]:
        """Return the label, computed from the ions of each record."""
        value = {protein.id: ligand_contacts(protein, self.ions, self.cutoff) for protein in proteins}
        return (LabelTable("metal_site", "residue", value),)
