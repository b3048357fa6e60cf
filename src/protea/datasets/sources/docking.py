"""Docking complexes: each partner alone, with a label for every residue that touches the other in the complex.

A complex `<id>` is four files `<id>/<id>_{r,l}_{u,b}.pdb`: receptor and ligand, unbound and bound. The label is
computed in the bound complex and carried to the unbound form by chain, residue number and insertion code.
"""

import hashlib
import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Literal

import numpy as np
from jaxtyping import Bool, UInt8
from pydantic import Field

from protea.datasets.opened_table import TableRows, opened_table
from protea.datasets.sources.contact_labels import LEAST_AGREEMENT, Match, interface_residues, matched_residues
from protea.datasets.sources.interface import SourceConfig, SourceReport, file_digest, refuse
from protea.datasets.sources.members import members
from protea.errors import FileFormatError, InputError, describe
from protea.protein.readers.read import read_structure_bytes
from protea.protein.record import Label, Protein

__all__ = ["DockingConfig", "has_variable_domain", "read_categories"]

_MEMBER = re.compile(r"^(?P<complex>[A-Za-z0-9-]+)_(?P<role>[rl])_(?P<state>[ub])\.(pdb|ent)(\.gz)?$")
# First cysteine, tryptophan, second cysteine, and the J segment's [FW]G.GT of an immunoglobulin variable domain.
_VARIABLE_DOMAIN = re.compile(r"C.{8,20}W.{35,90}C.{2,40}?[FW]G.GT")
_ROLE = {"r": "receptor", "l": "ligand"}


class DockingConfig(SourceConfig):
    """Partners of docking complexes with the residue label `interface`.

    Residues of the unbound form without a counterpart in the bound one are unknown (`is_known` False). So are matched
    residues of another type (point mutants: their contacts are another residue's), and a whole chain of which less than
    `LEAST_AGREEMENT` of the matched residues agree, because its two forms are then numbered differently. All three are
    counted in the report. Protein labels: `is_antibody_complex` and `is_antibody`, from the table's category (A...), or
    for complexes that the table does not list from the sequence motif of a variable domain. The notes of the provenance
    hold `complex=`, `role=`, `state=` and `category=`.
    """

    kind: Literal["docking"] = "docking"
    path: Path = Field(description="Folder, .zip, .tar or .tar.zst laid out as <id>/<id>_{r|l}_{u|b}.pdb")
    state: Literal["unbound", "bound"] = Field("unbound", description="Which form of each partner is yielded")
    contact_cutoff: float = Field(3.5, gt=0, description="Heavy atoms at most this far apart touch, in angstrom")
    table: Path | None = Field(None, description="CSV with columns complex and category (antibody complexes: A...)")

    def proteins(self, report: SourceReport | None = None) -> Iterator[Protein]:
        """Yield receptor, then ligand, of each complex as soon as its files were met; ids are `<id>_r`, `<id>_l`."""
        categories = {} if self.table is None else read_categories(self.table)
        for complex_id, files in self.complexes(report):
            try:
                structures = {key: read_structure_bytes(name, data) for key, (name, data) in files.items()}
                pair = [self._partner(complex_id, role, structures, categories, report) for role in "rl"]
            except InputError as error:
                refuse(report, complex_id, error)
                continue
            if report is not None:
                report.num_proteins += len(pair)
            yield from pair

    def fingerprint(self) -> str:
        """Return a digest of the archive, the table and the settings."""
        parts = ["docking-1", file_digest(self.path), self.state, repr(self.contact_cutoff), str(LEAST_AGREEMENT)]
        parts.append("" if self.table is None else file_digest(self.table))
        return hashlib.sha256("\n".join(parts).encode()).hexdigest()

    def _needed(self) -> frozenset[str]:
        return frozenset({"rb", "lb"} if self.state == "bound" else {"ru", "lu", "rb", "lb"})

    def complexes(self, report: SourceReport | None) -> Iterator[tuple[str, dict[str, tuple[str, bytes]]]]:
        """Yield each complex with its needed files (`ru` to `lb`: name, bytes), once all of them were met."""
        waiting: dict[str, dict[str, tuple[str, bytes]]] = {}
        finished: set[str] = set()
        needed = self._needed()
        for name, data, _ in members(self.path):
            match = _MEMBER.match(name.rpartition("/")[2])
            if match is None:
                if report is not None:
                    report.ignored.append(name)
                continue
            complex_id, key = match["complex"], match["role"] + match["state"]
            if key not in needed:
                continue
            files = waiting.setdefault(complex_id, {})
            if key in files or complex_id in finished:
                raise FileFormatError(
                    describe("two files for one partner", where=f"{self.path}:{name}", expected="one")
                )
            files[key] = (name, data)
            if len(files) == len(needed):
                finished.add(complex_id)
                yield complex_id, waiting.pop(complex_id)
        if not finished and not waiting:
            raise InputError(
                describe("no docking complex found", where=str(self.path), expected="<id>/<id>_{r|l}_{u|b}.pdb")
            )
        for complex_id, files in waiting.items():
            missing = sorted(f"{complex_id}_{key[0]}_{key[1]}.pdb" for key in needed - set(files))
            refuse(
                report, complex_id, FileFormatError(describe(f"incomplete: no {', '.join(missing)}", where=complex_id))
            )

    def _partner(
        self,
        complex_id: str,
        role: str,
        structures: dict[str, Protein],
        categories: dict[str, str],
        report: SourceReport | None,
    ) -> Protein:
        bound, other = structures[f"{role}b"], structures[("l" if role == "r" else "r") + "b"]
        touches = interface_residues(bound, other, self.contact_cutoff)
        protein = structures[f"{role}{self.state[0]}"]
        match = matched_residues(protein, bound)
        value = np.zeros(len(protein), np.uint8)
        value[match.is_matched] = touches[match.row[match.is_matched]]
        category = categories.get(complex_id)
        is_antibody_complex, is_antibody = _antibody(structures, role, category)
        if report is not None:
            _count(report, complex_id + "_" + role, match, value, touches)
        notes = (
            f"complex={complex_id}",
            f"role={_ROLE[role]}",
            f"state={self.state}",
            f"category={category or 'unlisted'}",
        )
        return protein.replace(
            id=f"{complex_id}_{role}",
            labels={
                **protein.labels,
                "interface": Label("residue", value * match.is_matched, match.is_matched),
                "is_antibody_complex": _flag(is_antibody_complex),
                "is_antibody": _flag(is_antibody),
            },
            provenance=replace(protein.provenance, entry_id=complex_id, notes=(*protein.provenance.notes, *notes)),
        )


def _count(
    report: SourceReport,
    name: str,
    match: Match,
    value: UInt8[np.ndarray, " residue"],
    touches: Bool[np.ndarray, " bound_residue"],
) -> None:
    report.count("residues", len(value))
    report.count("residues_known", int(match.is_matched.sum()))
    report.count("residues_unmatched", match.num_unmatched)
    report.count("residues_of_another_type", match.num_other_type)
    report.count("residues_at_interface", int(value[match.is_matched].sum()))
    report.count("residues_at_interface_lost", int(touches.sum()) - int(value[match.is_matched].sum()))
    if match.misnumbered:
        report.count(f"misnumbered_chains: {name} {' '.join(match.misnumbered)}", len(match.misnumbered))


def _flag(value: bool) -> Label:
    return Label("protein", np.array(value, np.uint8), np.array(True))


def has_variable_domain(protein: Protein) -> bool:
    """Return whether the sequence holds the motif of an antibody's (or T-cell receptor's) variable domain."""
    return _VARIABLE_DOMAIN.search(protein.sequence) is not None


def _antibody(structures: dict[str, Protein], role: str, category: str | None) -> tuple[bool, bool]:
    """Return whether the complex is one of antibody and antigen, and whether this partner is the antibody."""
    hits = [key for key in "rl" if has_variable_domain(structures[f"{key}b"])]
    is_complex = category.startswith("A") if category is not None else bool(hits)
    # The benchmark lists the antibody as receptor; the motif decides where it is clear (single domains may lack it).
    side = hits[0] if len(hits) == 1 else "r"
    return is_complex, is_complex and side == role


def read_categories(path: Path) -> dict[str, str]:
    """Return the category per complex (the first four characters of the column `complex`) of a benchmark table."""
    with opened_table(path) as file:
        rows = list(TableRows(file, path))
    if not rows or not {"complex", "category"} <= set(rows[0]):
        raise FileFormatError(
            describe("not a table of complexes", where=str(path), expected="columns complex and category",
                     found=str(sorted(rows[0])) if rows else "no row")
        )  # fmt: skip
    return {row["complex"][:4]: row["category"].strip() for row in rows}
