"""Chains of structure files with the residues at their own ligands labelled: metal ions, or organic small molecules.

The label is taken from the whole structure, so that an ion between two chains marks residues of both, and is then
carried to the chains. What counts as a ligand is a list: buffers, cryoprotectants, sugars bound to side chains and
modified ends are crystallisation or chemistry, not sites.
"""

import hashlib
from collections.abc import Iterator
from pathlib import Path
from typing import Literal

from pydantic import Field

from protea.datasets.sources.folder import FolderConfig
from protea.datasets.sources.interface import SourceConfig, SourceReport, file_digest
from protea.datasets.sources.published.site_labels import ligand_contacts
from protea.protein.record import Protein

__all__ = ["ADDITIVES", "LABEL", "METALS", "LigandSitesConfig", "SiteKind"]

SiteKind = Literal["zinc", "metal", "ligand"]
LABEL = "site"
METALS = frozenset((
    "AG", "AL", "AU", "BA", "BE", "CA", "CD", "CE", "CO", "3CO", "CR", "CS", "CU", "CU1", "EU", "FE", "FE2",
    "GA", "GD", "HG", "HO", "IN", "IR", "K", "LA", "LI", "LU", "MG", "MN", "MN3", "MO", "NA", "NI", "OS",
    "PB", "PD", "PR", "PT", "RB", "RE", "RH", "RU", "SM", "SR", "TB", "TL", "V", "W", "YB", "YT3", "ZN",
))  # fmt: skip
"""CCD names of single metal ions."""
ADDITIVES = frozenset((
    "ACE", "ACT", "ACY", "BCT", "BEN", "BMA", "BME", "BOG", "BR", "BU3", "CAC", "CIT", "CL", "CMO", "CO3",
    "CYN", "DIO", "DMS", "DOD", "DTT", "EDO", "EOH", "EPE", "ETX", "F", "FLC", "FMT", "FUC", "GOL", "HEZ",
    "HOH", "IMD", "IOD", "IPA", "LDA", "MAN", "MES", "MLA", "MLI", "MPD", "MRD", "NAG", "NH2", "NH4", "NO",
    "NO2", "NO3", "O", "OXY", "PEG", "PEO", "PG4", "PGE", "PO4", "SCN", "SGM", "SO2", "SO3", "SO4", "TAR",
    "TRS", "UNX", "XE", "1PE", "2PE", "P6G",
))  # fmt: skip
"""CCD names that mark no site: buffers, salts, gases, cryoprotectants, detergents, sugars on side chains, caps."""
_ZINC = frozenset({"ZN"})


class LigandSitesConfig(SourceConfig):
    """Chains that hold at least one residue of a site. A chain is called `<file>_<chain>`."""

    kind: Literal["ligand_sites"] = "ligand_sites"
    path: Path = Field(description="Folder, archive (.zip, .tar, .tar.gz, .tar.zst) or single file of structures")
    site: SiteKind = Field(default="metal", description="zinc; metal: any ion; ligand: small molecules")
    cutoff: float = Field(default=3.5, gt=0, description="Distance between heavy atoms that makes a contact, angstrom")

    def proteins(self, report: SourceReport | None = None) -> Iterator[Protein]:
        """Yield the chains with a site, by file; chains without one are counted."""
        found = None if report is None else SourceReport(refused=report.refused, ignored=report.ignored)
        for structure in FolderConfig(path=self.path).proteins(found):
            label = ligand_contacts(structure, self._names(structure), self.cutoff)
            whole = structure.replace(labels={LABEL: label})
            for chain in whole.chain_ids:
                one = whole.select_chains((chain,)).replace(id=f"{structure.id}_{chain}")
                has_site = bool(one.labels[LABEL].value.any())
                if report is not None:
                    report.num_proteins += has_site
                    report.count("chains without a site", not has_site)
                if has_site:
                    yield one

    def fingerprint(self) -> str:
        """Return a digest of the files, the settings and the lists of names."""
        names = "".join(sorted(METALS)) + "".join(sorted(ADDITIVES))
        parts = ["ligand-sites-1", file_digest(self.path), self.site, repr(self.cutoff), names]
        return hashlib.sha256("\n".join(parts).encode()).hexdigest()

    def _names(self, structure: Protein) -> frozenset[str]:
        if self.site == "zinc":
            return _ZINC
        if self.site == "metal":
            return METALS
        ligands = structure.ligands
        return frozenset(ligands.ccd_name[~ligands.is_nucleotide].tolist()) - METALS - ADDITIVES
