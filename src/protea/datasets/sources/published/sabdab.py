"""SAbDab (Dunbar et al. 2014; Schneider et al. 2022): antibodies with their antigens and, for some, the affinity.

The summary is a table of antibody-antigen pairs: entry, heavy and light chain, antigen chains. Affinities are Kd in
mol/l, temperatures in degrees Celsius. The summary is made anew each week: its receipt tells which one was fetched.
"""

import csv
import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Literal

from pydantic import Field

from protea.datasets.fetching.addresses import mirrored
from protea.datasets.fetching.receipt import digest_of_fetched
from protea.datasets.fetching.remote_file import RemoteFile
from protea.datasets.interactions.affinity import Affinity, Energy, Temperature, binding_energy, parse_affinity
from protea.datasets.opened_table import opened_table
from protea.datasets.sources.fetched import FetchedSource
from protea.datasets.sources.interface import SourceReport, refuse
from protea.datasets.sources.published.skempi import energy_label
from protea.datasets.sources.published.structures import StructureFolder, structure_file
from protea.errors import FileFormatError, InputError, describe
from protea.protein.record import Protein

__all__ = ["AntibodyComplex", "SAbDabConfig"]

_SUMMARY = "sabdab_summary_all.tsv"
_COLUMNS = ("pdb", "Hchain", "Lchain", "antigen_chain", "antigen_type", "affinity", "affinity_method", "temperature")
_ABSENT = frozenset({"", "NA", "None", "nan", "unknown"})
_CELSIUS = re.compile(r"-?\d+(\.\d+)?")
_ASSUMED = 298.15


@dataclass(frozen=True)
class AntibodyComplex:
    """One row with an affinity. The temperature is 298.15 K, and marked as assumed, where the row states none."""

    entry: str
    heavy: str | None
    light: str | None
    antigen: tuple[str, ...]
    affinity: Affinity
    temperature: Temperature
    method: str

    @property
    def id(self) -> str:
        """`<entry>_<antibody chains>_<antigen chains>`."""
        return f"{self.entry}_{''.join(self.antibody)}_{''.join(self.antigen)}"

    @property
    def antibody(self) -> tuple[str, ...]:
        """The chains of the antibody, heavy first; one if they are fused or there is no light chain."""
        return tuple(dict.fromkeys(chain for chain in (self.heavy, self.light) if chain is not None))

    @property
    def energy(self) -> Energy:
        """The dG of binding, in kcal/mol."""
        return binding_energy(self.affinity, self.temperature)


class SAbDabConfig(FetchedSource):
    """A record per antibody-antigen pair with an affinity: its chains, with the protein label `binding_energy`.

    dG = RT ln Kd in kcal/mol, the lower the tighter. Rows without an affinity, antigens of other types, and rows that
    repeat a pair are counted. Copies of a complex in one crystal have chains of their own and stay: split by entry.
    """

    kind: Literal["sabdab"] = "sabdab"
    antigen_types: tuple[str, ...] = Field(
        default=("protein", "peptide"), min_length=1, description="Kinds of antigen that are taken"
    )

    def address_sets(self) -> tuple[str, ...]:
        """Return the row of the address table."""
        return ("sabdab",)

    def complexes(self, report: SourceReport | None = None) -> list[AntibodyComplex]:
        """Return the rows with an affinity, in their order.

        Raises FileFormatError where the summary lacks a column, or (without a report) a row cannot be read.
        """
        path = self.place(_SUMMARY)
        with opened_table(path) as file:
            rows = list(csv.DictReader(file, delimiter="\t", restval=""))
        missing = [name for name in _COLUMNS if name not in (rows[0] if rows else {})]
        if missing:
            raise FileFormatError(
                describe(f"no column {missing}", where=str(path), found=str(list(rows[0])[:8]) if rows else "no row")
            )
        found: dict[str, AntibodyComplex] = {}
        for number, row in enumerate(rows, start=2):
            try:
                one = self._complex(row, f"{path}, line {number}", report)
            except FileFormatError as error:
                refuse(report, f"line {number}", error)
                continue
            if one is None:
                continue
            if one.id in found:
                if report is not None:
                    report.count("rows_of_a_pair_again")
                continue
            found[one.id] = one
        return list(found.values())

    def _complex(self, row: dict[str, str], where: str, report: SourceReport | None) -> AntibodyComplex | None:
        """Return the complex of a row; None, and counted, where it is not one that is taken."""
        cells = {name: "" if (row[name] or "").strip() in _ABSENT else row[name].strip() for name in _COLUMNS}
        reason = "rows_without_affinity" if not cells["affinity"] else ""
        # An antigen of several chains has a type per chain: `protein | protein`.
        kinds = {part.strip() for part in cells["antigen_type"].split("|")}
        if not reason and not kinds <= set(self.antigen_types):
            reason = f"rows_of_another_antigen: {cells['antigen_type'] or 'none'}"
        if reason:
            if report is not None:
                report.count(reason)
            return None
        antigen = tuple(part.strip() for part in cells["antigen_chain"].split("|") if part.strip())
        if not antigen or not (cells["Hchain"] or cells["Lchain"]):
            raise FileFormatError(describe("a pair without its chains", where=where, found=cells["pdb"]))
        if report is not None and not cells["temperature"]:
            report.count("temperature_assumed")
        return AntibodyComplex(
            cells["pdb"].lower(), cells["Hchain"] or None, cells["Lchain"] or None, antigen,
            parse_affinity(cells["affinity"], where), _temperature(cells["temperature"], where),
            cells["affinity_method"],
        )  # fmt: skip

    def structure_remotes(self) -> Iterator[RemoteFile]:
        """Yield the file of each entry with an affinity, once."""
        for entry in dict.fromkeys(one.entry for one in self.complexes(SourceReport())):
            yield mirrored(structure_file("pdb", entry), self.mirror)

    def proteins(self, report: SourceReport | None = None) -> Iterator[Protein]:
        """Yield a record per pair, in the order of the summary."""
        structures = StructureFolder(self.folder, "pdb")
        for one in self.complexes(report):
            try:
                protein = structures.chains(one.entry, (*one.antibody, *one.antigen))
            except InputError as error:
                refuse(report, one.id, error)
                continue
            if report is not None:
                report.num_proteins += 1
            energy = one.energy.value if one.energy.qualifier == "=" else None
            notes = (*protein.provenance.notes, f"antibody={'+'.join(one.antibody)}", f"method={one.method}")
            yield protein.replace(
                id=one.id, labels={"binding_energy": energy_label(energy)},
                provenance=replace(protein.provenance, entry_id=one.entry, notes=notes),
            )  # fmt: skip

    def fingerprint(self) -> str:
        """Return a digest of the summary, the settings and the structures that are there."""
        folder = StructureFolder(self.folder, "pdb")
        digest = hashlib.sha256("\n".join(["sabdab-1", self.settings(), *self.digests()]).encode())
        for entry in sorted({one.entry for one in self.complexes(SourceReport())}):
            path = folder.path(entry)
            digest.update(f"{entry}\0{digest_of_fetched(path) if path.is_file() else 'absent'}\n".encode())
        return digest.hexdigest()


def _temperature(text: str, where: str) -> Temperature:
    """Return degrees Celsius in kelvin."""
    if not text:
        return Temperature(_ASSUMED, True)
    if not _CELSIUS.fullmatch(text) or not -10 <= float(text) < 120:
        raise FileFormatError(describe("not a temperature", where=where, expected="degrees Celsius", found=repr(text)))
    return Temperature(float(text) + 273.15, False)
