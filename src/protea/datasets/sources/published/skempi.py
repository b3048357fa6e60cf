"""SKEMPI 2.0 (Jankauskaite et al. 2019): the structures of its complexes with the affinity of the wild type."""

import hashlib
from collections.abc import Iterator
from dataclasses import replace
from statistics import median
from typing import Literal

import numpy as np

from protea.datasets.interactions.skempi_table import Measurement, read_skempi
from protea.datasets.sources.fetched import FetchedSource
from protea.datasets.sources.interface import SourceReport, refuse
from protea.datasets.sources.members import members
from protea.errors import FileFormatError, InputError, describe
from protea.protein.readers.read import read_structure_bytes
from protea.protein.record import Label, Protein

__all__ = ["SKEMPIConfig", "energy_label"]

_TABLE, _STRUCTURES = "skempi_v2.csv", "SKEMPI2_PDBs.tgz"


class SKEMPIConfig(FetchedSource):
    """A record per complex of the table (`1CSE_E_I`), its chains those of the two sides, in the cleaned numbering.

    The protein label `binding_energy` (dG of the wild type, kcal/mol, the lower the tighter) is the median over the
    exact measurements of the complex, each reference and value once; unknown where all are bounds. The mutants are in
    `measurements`.
    """

    kind: Literal["skempi"] = "skempi"

    def address_sets(self) -> tuple[str, ...]:
        """Return the row of the address table."""
        return ("skempi",)

    def measurements(self, report: SourceReport | None = None) -> list[Measurement]:
        """Return the rows of the table (see `read_skempi`)."""
        return read_skempi(self.place(_TABLE), report)

    def proteins(self, report: SourceReport | None = None) -> Iterator[Protein]:
        """Yield the complexes in the order of the archive; what is in one of the two alone is refused or ignored."""
        rows_of: dict[str, list[Measurement]] = {}
        for one in self.measurements(report):
            rows_of.setdefault(one.complex, []).append(one)
        by_entry: dict[str, list[str]] = {}
        for name in rows_of:
            by_entry.setdefault(name[:4], []).append(name)
        for member in members(self.place(_STRUCTURES)):
            stem, _, ending = member.name.rpartition("/")[2].rpartition(".")
            # Litter of the packing system begins with `._`.
            if ending != "pdb" or stem not in by_entry or member.name.rpartition("/")[2].startswith("."):
                if report is not None:
                    report.ignored.append(member.name)
                continue
            for name in by_entry.pop(stem):
                try:
                    protein = _complex(name, rows_of[name], read_structure_bytes(member.name, member.data))
                except InputError as error:
                    refuse(report, name, error)
                    continue
                if report is not None:
                    report.num_proteins += 1
                yield protein
        for names in by_entry.values():
            for name in names:
                refuse(report, name, FileFormatError(describe("no structure in the archive", where=name)))

    def fingerprint(self) -> str:
        """Return a digest of the table and the archive."""
        return hashlib.sha256("\n".join(["skempi-1", self.settings(), *self.digests()]).encode()).hexdigest()


def _complex(name: str, rows: list[Measurement], structure: Protein) -> Protein:
    chains = tuple("".join(name.split("_")[1:]))
    missing = [chain for chain in chains if chain not in structure.chain_ids]
    if missing:
        raise FileFormatError(
            describe(f"no chain {missing}", where=name, expected=f"one of {', '.join(structure.chain_ids)}")
        )
    values = {(one.reference, one.wild_type_energy.value) for one in rows if one.wild_type_energy.qualifier == "="}
    energies = [value for _, value in values if value is not None]
    protein = structure.select_chains(chains)
    return protein.replace(
        id=name,
        labels={"binding_energy": energy_label(median(energies) if energies else None)},
        provenance=replace(protein.provenance, entry_id=name[:4].lower()),
    )


def energy_label(value: float | None) -> Label:
    """Return an energy in kcal/mol as a label of the protein; None is unknown."""
    return Label("protein", np.array(0.0 if value is None else value, np.float32), np.array(value is not None))
