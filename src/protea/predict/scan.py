"""Every substitution of every residue, through the predictor: what each changes of one answer.

Where residues have the property, its mean over the protein is followed; of classes, the probability of those that are
predicted for the wild type. Axes: residue, letter (`STANDARD_LETTERS`).
"""

import csv
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from jaxtyping import Float

from protea.applications.properties.fitted.doubt import PropertyDoubt
from protea.applications.properties.labels.property import Property
from protea.predict.answer import ProteinAnswers, SubstitutionScan
from protea.predict.answering import answers_of, track_of
from protea.predict.chains import author_numbers
from protea.predict.predictor import Predictor
from protea.protein.alphabets import STANDARD_LETTERS

__all__ = ["MOST_SCANNED", "SCAN_COLUMNS", "scan_property", "scan_rows", "with_scans", "write_scans"]

MOST_SCANNED = 20
"""Proteins that are scanned at most: each is as much work as 19 times its length of proteins."""
SCAN_COLUMNS = (
    "id", "property", "position", "author_number", "wild_type", "mutant", "value", "change", "interval_width",
)  # fmt: skip
_POSITIONS = 20


class _Followed(NamedTuple):
    """The number that is followed: in words, and its change to each mutant with the width of the interval there."""

    asked: str
    unit: str
    value: float
    change_of: Callable[[Sequence[np.ndarray]], list[tuple[float, float]]]


def scan_property(
    predictor: Predictor, protein: ProteinAnswers, name: str, say: Callable[[str], None] = lambda line: None
) -> SubstitutionScan:
    """Return what every substitution changes of a property; raise InputError where the predictor has no such one."""
    item, doubt = predictor.properties.property(name), predictor.doubt.properties[name]
    sequence = protein.sequence
    followed = _followed(item, doubt, predictor.properties.predict(name, [sequence])[0])
    change = np.zeros((len(sequence), len(STANDARD_LETTERS)))
    width = np.full(change.shape, np.nan)
    for start in range(0, len(sequence), _POSITIONS):
        asked = [
            (row, column)
            for row in range(start, min(start + _POSITIONS, len(sequence)))
            for column, letter in enumerate(STANDARD_LETTERS)
            if letter != sequence[row]
        ]
        mutants = [sequence[:row] + STANDARD_LETTERS[column] + sequence[row + 1 :] for row, column in asked]
        for place, told in zip(asked, followed.change_of(predictor.properties.predict(name, mutants)), strict=True):
            change[place], width[place] = told
        say(f"{name} of {protein.id}: {min(start + _POSITIONS, len(sequence))} of {len(sequence)} positions")
    return SubstitutionScan(
        name, item.title, followed.asked, followed.unit, sequence, followed.value, change, width
    )  # fmt: skip


def with_scans(
    predictor: Predictor, proteins: Sequence[ProteinAnswers], names: Sequence[str], say: Callable[[str], None]
) -> list[ProteinAnswers]:
    """Return answers with the scans of these properties, of the first `MOST_SCANNED` proteins; others are named."""
    if len(proteins) > MOST_SCANNED:
        say(f"scanned: the first {MOST_SCANNED} of {len(proteins)} proteins")
    found = [
        replace(one, scans=tuple(scan_property(predictor, one, name, say) for name in names))
        for one in proteins[:MOST_SCANNED]
    ]
    return [*found, *proteins[MOST_SCANNED:]]


def _followed(item: Property, doubt: PropertyDoubt, wild_type: Float[np.ndarray, "..."]) -> _Followed:
    return _of_residues(item, doubt, wild_type) if item.level == "residue" else _of_protein(item, doubt, wild_type)


def _of_protein(item: Property, doubt: PropertyDoubt, wild_type: Float[np.ndarray, "..."]) -> _Followed:
    chosen = "" if item.kind in ("value", "binary") else item.classes[int(np.argmax(wild_type))]

    def numbers(found: Sequence[np.ndarray]) -> list[tuple[float, float]]:
        said = answers_of(item, np.stack(list(found)), doubt, [None] * len(found))
        return [
            (
                one.probability[chosen] if chosen else one.value,
                np.nan if one.interval is None else one.interval.high - one.interval.low,
            )
            for one in said
        ]

    ((value, _),) = numbers([wild_type])
    yes = item.direction.removeprefix("1 = ") if item.kind == "binary" else chosen
    asked = f"probability of {yes}" if yes else item.title
    return _Followed(asked, item.unit if item.kind == "value" else "", value,
                     lambda found: [(number - value, width) for number, width in numbers(found)])  # fmt: skip


def _of_residues(item: Property, doubt: PropertyDoubt, wild_type: Float[np.ndarray, "..."]) -> _Followed:
    largest = None if item.kind in ("value", "binary") else wild_type.argmax(1)

    def along(found: Float[np.ndarray, "..."]) -> Float[np.ndarray, " residue"]:
        if largest is None:
            return track_of(item, found, doubt).value
        return np.take_along_axis(found, largest[:, None], axis=1)[:, 0]

    own = along(wild_type)

    def changes(found: Sequence[np.ndarray]) -> list[tuple[float, float]]:
        differences = [along(one) - own for one in found]
        # A residue that is replaced may lose the property: what both have is compared.
        both = [one[np.isfinite(one)] for one in differences]
        return [(float(one.mean()) if one.size else 0.0, np.nan) for one in both]

    has = own[np.isfinite(own)]
    words = item.title if largest is None else "probability of the classes predicted for the wild type"
    return _Followed(f"mean over residues of {words}", item.unit if item.kind == "value" else "",
                     float(has.mean()) if has.size else np.nan, changes)  # fmt: skip


def scan_rows(proteins: Iterable[ProteinAnswers]) -> list[dict[str, Any]]:
    """Return a row per protein, property and substitution; no width where there is no interval."""
    rows = []
    for protein in proteins:
        numbers = [""] * len(protein.sequence) if protein.structure is None else author_numbers(protein.structure)
        for scan in protein.scans:
            for row, own in enumerate(scan.letters):
                for column, letter in enumerate(STANDARD_LETTERS):
                    if letter == own:
                        continue
                    change, width = float(scan.score[row, column]), float(scan.width[row, column])
                    values = (protein.id, scan.name, row + 1, numbers[row], own, letter, scan.value + change, change,
                              width if np.isfinite(width) else "")  # fmt: skip
                    rows.append(dict(zip(SCAN_COLUMNS, values, strict=True)))
    return rows


def write_scans(proteins: Iterable[ProteinAnswers], path: Path) -> None:
    """Write the rows as CSV."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", encoding="utf-8", newline="") as file:
        table = csv.DictWriter(file, SCAN_COLUMNS, lineterminator="\n")
        table.writeheader()
        table.writerows(scan_rows(proteins))
