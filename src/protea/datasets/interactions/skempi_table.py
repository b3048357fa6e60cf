"""SKEMPI 2.0 (Jankauskaite et al. 2019): affinities of complexes and of their mutants, as a checked table.

A row is a measurement: a complex (`1CSE_E_I`: entry, chains of one side, chains of the other), its mutations, and the
affinities of wild type and mutant. Energies in kcal/mol, ddG positive where the mutation weakens binding. What the
table does not tell (no binding, unfolded, no temperature) is unknown, counted, and named by its row.
"""

import csv
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, NamedTuple

from protea.datasets.interactions.affinity import (
    Affinity,
    Energy,
    Temperature,
    binding_energy,
    energy_change,
    parse_affinity,
    parse_temperature,
)
from protea.datasets.shared_names import groups_by_shared_names
from protea.datasets.sources.interface import SourceReport, refuse
from protea.datasets.sources.label_files import read_table
from protea.datasets.splits import Split, split_by_group
from protea.errors import FileFormatError, InputError, describe

__all__ = ["Measurement", "Mutation", "complex_groups", "parse_mutations", "read_skempi", "skempi_split"]

_COLUMNS = {
    "complex": "#Pdb", "pdb_mutations": "Mutation(s)_PDB", "mutations": "Mutation(s)_cleaned",
    "places": "iMutation_Location(s)", "hold_out": "Hold_out_type", "held_out_with": "Hold_out_proteins",
    "mutant": "Affinity_mut (M)", "wild_type": "Affinity_wt (M)", "reference": "Reference",
    "temperature": "Temperature", "method": "Method",
}  # fmt: skip
_MUTATION = re.compile(r"(?P<wild>[A-Z])(?P<chain>[A-Za-z0-9])(?P<number>-?\d+)(?P<insertion>[a-z]?)(?P<mutant>[A-Z])")
_COMPLEX = re.compile(r"[0-9][A-Z0-9]{3}_[A-Za-z0-9]+_[A-Za-z0-9]+")


class Mutation(NamedTuple):
    """One exchange: wild-type letter, chain, number and insertion code, mutant letter."""

    wild_type: str
    chain: str
    number: int
    insertion: str
    mutant: str


@dataclass(frozen=True)
class Measurement:
    """One row. `mutations` are numbered as in the cleaned structure files, `pdb_mutations` as in the entry.

    `hold_out` names the kinds of complex that are homologous throughout (`Pr/PI`, `AB/AG`, `TCR/pMHC`), and
    `held_out_with` these and the complexes that must not be trained on when this one is tested.
    """

    row: int
    complex: str
    mutations: tuple[Mutation, ...]
    pdb_mutations: tuple[Mutation, ...]
    places: tuple[str, ...]
    hold_out: tuple[str, ...]
    held_out_with: tuple[str, ...]
    wild_type: Affinity
    mutant: Affinity
    temperature: Temperature
    method: str
    reference: str

    @property
    def id(self) -> str:
        """The name of the row: complex and row of the table, from 0."""
        return f"{self.complex}:{self.row}"

    @property
    def sides(self) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """The chains of the two sides."""
        _, first, second = self.complex.split("_")
        return tuple(first), tuple(second)

    @property
    def wild_type_energy(self) -> Energy:
        """The dG of the wild type."""
        return binding_energy(self.wild_type, self.temperature)

    @property
    def mutant_energy(self) -> Energy:
        """The dG of the mutant."""
        return binding_energy(self.mutant, self.temperature)

    @property
    def ddg(self) -> Energy:
        """The change of dG by the mutations; positive where they weaken binding."""
        return energy_change(self.wild_type_energy, self.mutant_energy)


def parse_mutations(text: str, where: str) -> tuple[Mutation, ...]:
    """Return the mutations in a text such as `LI45G,RH100bA`.

    Raises FileFormatError for anything else, and for two mutations of one residue.
    """
    found = []
    for part in text.split(","):
        match = _MUTATION.fullmatch(part.strip())
        if match is None:
            raise FileFormatError(
                describe("not a mutation", where=where, expected="letter, chain, number, letter, such as LI45G",
                         found=repr(part))
            )  # fmt: skip
        found.append(Mutation(match["wild"], match["chain"], int(match["number"]), match["insertion"], match["mutant"]))
    if len({mutation[1:4] for mutation in found}) != len(found):
        raise FileFormatError(describe("two mutations of one residue", where=where, found=text))
    return tuple(found)


def read_skempi(path: Path, report: SourceReport | None = None, *, with_repeats: bool = False) -> list[Measurement]:
    """Return the measurements of the published table (.csv, separated by `;`) or of a .parquet of it, by row.

    Rows that repeat an earlier one in every column are left out, unless asked for. With a report, what cannot be read
    is refused there by name, and rows without an affinity of the mutant or the wild type, without a temperature, with
    a bound, and repeated are counted; rows without one stay, as unknown.

    Raises:
        InputError: if there is no such file.
        FileFormatError: if a column is missing, or (without a report) a row cannot be read.
    """
    rows = _rows(path)
    seen: set[tuple[Any, ...]] = set()
    found = []
    for number, cells in enumerate(rows):
        key = tuple(cells.values())
        if key in seen:
            if report is not None:
                report.count("rows_repeated")
                report.count(f"repeated: row {number} ({cells[_COLUMNS['complex']]})")
            if not with_repeats:
                continue
        seen.add(key)
        try:
            one = _measurement(number, {name: cells[column] for name, column in _COLUMNS.items()}, path)
        except FileFormatError as error:
            refuse(report, f"row {number}", error)
            continue
        found.append(one)
        if report is not None:
            _count(report, one)
    return found


def _count(report: SourceReport, one: Measurement) -> None:
    report.count("rows_read")
    for name, affinity in (("mutant", one.mutant), ("wild_type", one.wild_type)):
        if affinity.kd is None:
            report.count(f"{name}_without_value: {affinity.reason}")
        elif affinity.qualifier != "=":
            report.count(f"{name}_bound: {affinity.qualifier}")
    if one.temperature.kelvin is None:
        report.count("without_temperature")
    if one.temperature.is_assumed:
        report.count("temperature_assumed")
    report.count(f"ddg: {one.ddg.qualifier}")


def _measurement(number: int, cells: dict[str, str], path: Path) -> Measurement:
    where = f"{path}, row {number}"
    if not _COMPLEX.fullmatch(cells["complex"]):
        raise FileFormatError(
            describe("not a complex", where=where, expected="entry and chains, such as 1CSE_E_I",
                     found=cells["complex"])
        )  # fmt: skip
    mutations = parse_mutations(cells["mutations"], where)
    strangers = {mutation.chain for mutation in mutations} - set("".join(cells["complex"].split("_")[1:]))
    if strangers:
        raise FileFormatError(
            describe(f"a mutation of a chain {sorted(strangers)}", where=where, expected=f"one of {cells['complex']}",
                     found=cells["mutations"])
        )  # fmt: skip
    return Measurement(
        row=number,
        complex=cells["complex"],
        mutations=mutations,
        pdb_mutations=parse_mutations(cells["pdb_mutations"], where),
        places=_names(cells["places"]),
        hold_out=_names(cells["hold_out"]),
        held_out_with=_names(cells["held_out_with"]),
        wild_type=parse_affinity(cells["wild_type"], where),
        mutant=parse_affinity(cells["mutant"], where),
        temperature=parse_temperature(cells["temperature"], where),
        method=cells["method"],
        reference=cells["reference"],
    )


def _names(text: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in text.split(",") if part.strip())


def _rows(path: Path) -> list[dict[str, str]]:
    if path.suffix == ".parquet":
        columns = {
            name: ["" if cell is None else str(cell) for cell in cells] for name, cells in read_table(path).items()
        }
        rows = [dict(zip(columns, cells, strict=True)) for cells in zip(*columns.values(), strict=True)]
    else:
        try:
            with path.open(newline="", encoding="utf-8", errors="strict") as file:
                rows = list(csv.DictReader(file, delimiter=";", restkey="", restval=""))
        except FileNotFoundError as error:
            raise InputError(describe("no such file", where=str(path), do="Check the path.")) from error
        except UnicodeDecodeError as error:
            raise FileFormatError(describe("not a text file", where=str(path), found=str(error))) from error
    missing = sorted(set(_COLUMNS.values()) - set(rows[0] if rows else ()))
    if missing:
        raise FileFormatError(describe(f"no column {missing}", where=str(path), do="Is it the table of SKEMPI 2.0?"))
    return rows


def complex_groups(measurements: Sequence[Measurement], by: Literal["complex", "hold_out"]) -> dict[str, str]:
    """Return the group of each complex, named by its first complex.

    `complex`: the entry alone (`1CSE_E_I` and `1CSE_I_E` are one). `hold_out`: complexes that any row names as
    homologous, directly or through others, are one group; so are all of one kind (`AB/AG`, ...).
    """
    names_of: dict[str, list[str]] = {}
    for one in measurements:
        held = [*one.hold_out, *one.held_out_with] if by == "hold_out" else []
        names_of.setdefault(one.complex, []).extend([f"entry {one.complex[:4]}", one.complex, *held])
    return groups_by_shared_names(names_of)


def skempi_split(
    measurements: Sequence[Measurement],
    *,
    seed: int,
    by: Literal["complex", "hold_out"] = "hold_out",
    fractions: tuple[float, float, float] = (0.8, 0.1, 0.1),
) -> Split:
    """Return a split of the measurements (by their ids) that keeps each group of complexes in one part."""
    group_of = complex_groups(measurements, by)
    found = split_by_group({one.id: group_of[one.complex] for one in measurements}, fractions=fractions, seed=seed)
    provenance = {**found.provenance, "method": f"group: {by}", "num_groups": len(set(group_of.values()))}
    return Split(f"skempi-{by}-{seed}", found.train, found.validation, found.test, provenance)
