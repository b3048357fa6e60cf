"""Who carries which term: annotation files of GO (GAF 2.x), plain tables, evidence, NOT, and their propagation.

A line with NOT says that a protein does not have a function: it never counts as having it, and what is stated at that
term or below it contradicts it and is left out, counted. Axes: protein, class.
"""

import csv
import io
from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType
from typing import Literal, NamedTuple

import numpy as np
from jaxtyping import Bool

from protea.datasets.ontology.hierarchy import Hierarchy
from protea.datasets.ontology.obo import Ontology
from protea.datasets.ontology.packed_text import read_text
from protea.datasets.opened_table import TableRows
from protea.errors import FileFormatError, InputError, describe

__all__ = [
    "EVIDENCE_CODES",
    "EXPERIMENTAL",
    "Annotations",
    "Propagated",
    "current_annotations",
    "propagate",
    "read_annotation_table",
    "read_gaf",
]

EXPERIMENTAL = frozenset({"EXP", "IDA", "IPI", "IMP", "IGI", "IEP", "TAS", "IC", "HTP", "HDA", "HMP", "HGI", "HEP"})
"""The evidence that DeepGO counts as experimental (with TAS and IC, which a curator states)."""

EVIDENCE_CODES = EXPERIMENTAL | {
    "ISS", "ISO", "ISA", "ISM", "IGC", "IBA", "IBD", "IKR", "IRD", "RCA", "NAS", "ND", "IEA",
}  # fmt: skip
"""Every evidence code of GO."""

_NUM_COLUMNS = 15  # of GAF 1; later versions add two that may be empty


@dataclass(frozen=True, eq=False)
class Annotations:
    """The terms stated of each protein, those denied, and what was left out, counted by its reason."""

    of: Mapping[str, tuple[str, ...]]
    denied_of: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    left_out: Mapping[str, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for name in ("of", "denied_of", "left_out"):
            object.__setattr__(self, name, MappingProxyType(dict(getattr(self, name))))


class Propagated(NamedTuple):
    """Labels closed under a hierarchy, and what was left out of them, counted by its reason."""

    label: Bool[np.ndarray, "protein class"]
    left_out: Mapping[str, int]


class _Line(NamedTuple):
    protein: str
    term: str
    is_denied: bool


def read_gaf(
    path: Path, *, evidence: Collection[str] | None = EXPERIMENTAL, aspect: Literal["F", "P", "C"] | None = None
) -> Annotations:
    """Return the annotations of a GAF file: plain, gzip or zstd.

    Args:
        path: the file.
        evidence: the codes that count; None: all but ND, which says that nothing is known.
        aspect: F, P or C: only this ontology.

    Raises:
        InputError: an unknown code is asked for.
        FileFormatError: another version, too few columns, an unknown evidence code or aspect; with the line.
    """
    wanted = EVIDENCE_CODES - {"ND"} if evidence is None else frozenset(evidence)
    if wanted - EVIDENCE_CODES:
        raise InputError(
            describe(f"no evidence code {min(wanted - EVIDENCE_CODES)!r}", expected=", ".join(sorted(EVIDENCE_CODES)))
        )
    left_out: Counter[str] = Counter()
    return _gathered(_gaf_lines(read_text(path), str(path), wanted, aspect, left_out), left_out)


def _gaf_lines(
    text: str, where: str, wanted: Collection[str], aspect: str | None, left_out: Counter[str]
) -> Iterator[_Line]:
    for number, line in enumerate(text.splitlines(), start=1):
        if line.startswith("!gaf-version:") and not line.partition(":")[2].strip().startswith("2."):
            raise FileFormatError(
                describe("another version", where=f"{where}, line {number}", expected="GAF 2.x", found=line)
            )
        if not line.strip() or line.startswith("!"):
            continue
        cells = line.split("\t")
        if len(cells) < _NUM_COLUMNS:
            raise FileFormatError(
                describe("not a line of GAF", where=f"{where}, line {number}",
                         expected=f"at least {_NUM_COLUMNS} columns", found=str(len(cells)))
            )  # fmt: skip
        code, of_aspect = cells[6].strip(), cells[8].strip()
        if code not in EVIDENCE_CODES or of_aspect not in ("F", "P", "C"):
            raise FileFormatError(
                describe("unknown evidence code or aspect", where=f"{where}, line {number}",
                         found=f"{code!r}, {of_aspect!r}")
            )  # fmt: skip
        if aspect is not None and of_aspect != aspect:
            left_out["another aspect"] += 1
        elif code not in wanted:
            left_out[f"evidence {code}"] += 1
        else:
            yield _Line(cells[1].strip(), cells[4].strip(), "NOT" in cells[3].split("|"))


def read_annotation_table(path: Path) -> Annotations:
    """Return the annotations of a CSV or TSV table with the columns `protein` and `term`, one line per term.

    A cell of `term` may hold several, separated by `;`. A column `is_not` with 1 marks what is denied.

    Raises:
        FileFormatError: a column is missing, a cell is empty, or a line is of another length; with the line.
    """
    text = read_text(path)
    head = text.partition("\n")[0]
    delimiter = "\t" if "\t" in head else ","
    try:
        return _gathered(_table_lines(_rows_of_table(text, delimiter, path), str(path)), Counter())
    except csv.Error as error:
        raise FileFormatError(describe("no CSV", where=str(path), found=str(error))) from error


def _rows_of_table(text: str, delimiter: str, path: Path) -> TableRows:
    rows = TableRows(io.StringIO(text, newline=""), path, delimiter=delimiter)
    if rows.fieldnames is None or not {"protein", "term"} <= set(rows.fieldnames):
        raise FileFormatError(
            describe("not a table of annotations", where=str(path), expected="the columns protein and term",
                     found=str(rows.fieldnames))
        )  # fmt: skip
    return rows


def _table_lines(rows: TableRows, where: str) -> Iterator[_Line]:
    for row in rows:
        protein, terms = row["protein"].strip(), row["term"].split(";")
        mark = (row.get("is_not") or "0").strip()
        if not protein or not all(term.strip() for term in terms) or mark not in ("0", "1"):
            raise FileFormatError(
                describe("an empty or wrong cell", where=f"{where}, line {rows.line_num}",
                         expected="protein, term, and is_not 0 or 1 if it is there", found=str(row))
            )  # fmt: skip
        for term in terms:
            yield _Line(protein, term.strip(), mark == "1")


def _gathered(lines: Iterator[_Line], left_out: Counter[str]) -> Annotations:
    stated: dict[str, dict[str, None]] = {}
    denied: dict[str, dict[str, None]] = {}
    for line in lines:
        of = denied if line.is_denied else stated
        if line.term in of.setdefault(line.protein, {}):
            left_out["repeated"] += 1
        of[line.protein][line.term] = None
    return Annotations(
        {protein: tuple(terms) for protein, terms in stated.items()},
        {protein: tuple(terms) for protein, terms in denied.items()},
        left_out,
    )


def current_annotations(annotations: Annotations, ontology: Ontology) -> Annotations:
    """Return the annotations under today's ids (alt_id, replaced_by); terms without one are left out, counted."""
    left_out: Counter[str] = Counter(annotations.left_out)

    def renamed(of: Mapping[str, tuple[str, ...]]) -> dict[str, tuple[str, ...]]:
        found = {}
        for protein, terms in of.items():
            current = {term: ontology.current_id(term) for term in terms}
            left_out["obsolete or unknown term"] += sum(name is None for name in current.values())
            kept = dict.fromkeys(name for name in current.values() if name is not None)
            if kept:
                found[protein] = tuple(kept)
        return found

    stated, denied = renamed(annotations.of), renamed(annotations.denied_of)
    return Annotations(stated, denied, {reason: count for reason, count in left_out.items() if count})


def propagate(annotations: Annotations, hierarchy: Hierarchy, proteins: Sequence[str]) -> Propagated:
    """Return the labels of proteins with those of every ancestor; a protein that is not annotated has none.

    Terms outside the hierarchy are left out and counted, as are those that a NOT contradicts.
    """
    label = np.zeros((len(proteins), len(hierarchy)), dtype=bool)
    below: dict[int, frozenset[int]] = {}
    left_out: Counter[str] = Counter()
    for row, protein in enumerate(proteins):
        denied: set[int] = set()
        for term in annotations.denied_of.get(protein, ()):
            index = hierarchy.index_of.get(term)
            if index is None:
                left_out["NOT of a term outside the hierarchy"] += 1
                continue
            if index not in below:
                below[index] = frozenset(hierarchy.descendants(index).tolist()) | {index}
            denied |= below[index]
        for term in annotations.of.get(protein, ()):
            index = hierarchy.index_of.get(term)
            if index is None:
                left_out["term outside the hierarchy"] += 1
            elif index in denied:
                left_out["contradicted by NOT"] += 1
            else:
                label[row, index] = True
    return Propagated(hierarchy.closed_labels(label), MappingProxyType(dict(left_out)))
