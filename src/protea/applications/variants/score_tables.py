"""CSV tables of measured and scored variants: one file per assay, read with every refusal placed on its line."""

import csv
import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from jaxtyping import Bool, Float

from protea.applications.variants.evaluation import AssayOrigin
from protea.datasets.opened_table import TableRows, opened_table, require_once
from protea.errors import FileFormatError, InputError, describe

__all__ = ["ScoreTable", "ScoreTableColumns", "finite_number", "read_origins", "read_score_table"]

# Columns of a scores file that are no scores unless named as such; the last is the measurement itself, cut in two.
_NO_SCORES = frozenset({"mutated_sequence", "sequence", "DMS_score_bin"})
# How ProteinGym's reference file and our own call the columns of an origin.
_ORIGIN_COLUMNS = (("assay", "DMS_id"), ("protein", "UniProt_ID"), ("function", "coarse_selection_type"))


@dataclass(frozen=True)
class ScoreTableColumns:
    """Which columns of a table hold what; the defaults are ProteinGym's names."""

    variant: str = "mutant"
    measured: str = "DMS_score"
    is_fit: str | None = None
    """1 (fit) or 0; without it the median measurement is the cut."""
    scores: tuple[str, ...] = ()
    """Columns with scores; every other one if empty, but for sequences and ProteinGym's `DMS_score_bin`."""


@dataclass(frozen=True, eq=False)
class ScoreTable:
    """The measured variants of one assay and what each model gave them, in the order of the file."""

    name: str
    variants: tuple[str, ...]
    measured: Float[np.ndarray, " variant"]
    is_fit: Bool[np.ndarray, " variant"] | None
    score_of: dict[str, Float[np.ndarray, "..."]]
    num_unmeasured: int
    """Lines left out because their measurement is empty."""


def read_score_table(path: Path, columns: ScoreTableColumns) -> ScoreTable:
    """Return the table in a CSV file with a line of heads; lines without a measurement are left out and counted.

    Raises:
        FileFormatError: a column that is not there or there twice, a line of another length, or a cell that is no
            finite number.
        InputError: no measured variant, or one that stands twice.
    """
    with opened_table(path) as handle:
        head, *lines = list(csv.reader(handle, strict=True)) or [[]]
    named = [columns.variant, columns.measured, *([columns.is_fit] if columns.is_fit is not None else [])]
    scores = columns.scores or tuple(name for name in head if name not in {*named, *_NO_SCORES})
    absent = [name for name in [*named, *scores] if name not in head]
    if absent or not scores:
        raise FileFormatError(
            describe(f"no column {', '.join(absent) or 'with a score'}", where=str(path), found=", ".join(head),
                     do="Name the columns by --variant, --measured, --fit and --score.")
        )  # fmt: skip
    require_once([*named, *scores], head, path)
    numbered = [(number, line) for number, line in enumerate(lines, start=2) if line]
    for number, line in numbered:
        if len(line) != len(head):
            raise FileFormatError(
                describe("a line of another length", where=f"{path}:{number}", expected=f"{len(head)} cells",
                         found=str(len(line)))
            )  # fmt: skip
    place_of = {name: head.index(name) for name in [*named, *scores]}
    measured = [(number, line) for number, line in numbered if line[place_of[columns.measured]].strip()]

    def column(name: str) -> Float[np.ndarray, " variant"]:
        return np.array([finite_number(line[place_of[name]], name, f"{path}:{number}") for number, line in measured])

    variants = tuple(line[place_of[columns.variant]] for _, line in measured)
    if not variants or len(set(variants)) != len(variants):
        twice = [name for name, number in Counter(variants).most_common(3) if number > 1]
        raise InputError(
            describe("no measured variant" if not variants else f"variants stand twice: {', '.join(twice)}",
                     where=str(path), expected="each measured variant once")
        )  # fmt: skip
    is_fit = None if columns.is_fit is None else _flags(column(columns.is_fit), columns.is_fit, path)
    score_of = {name: column(name) for name in scores}
    unmeasured = len(numbered) - len(measured)
    return ScoreTable(path.stem, variants, column(columns.measured), is_fit, score_of, unmeasured)


def finite_number(text: str, name: str, where: str) -> float:
    """Return the number in a cell of a column; raise FileFormatError for anything that is no finite number."""
    try:
        value = float(text)
    except ValueError as error:
        raise FileFormatError(
            describe(f"column {name!r} holds no number", where=where, found=repr(text),
                     do="Fill the cell, or name other columns.")
        ) from error  # fmt: skip
    if not math.isfinite(value):
        raise FileFormatError(describe(f"column {name!r} holds no finite number", where=where, found=repr(text)))
    return value


def _flags(value: Float[np.ndarray, " variant"], name: str, path: Path) -> Bool[np.ndarray, " variant"]:
    if not np.isin(value, (0.0, 1.0)).all():
        raise FileFormatError(describe(f"column {name!r} is no flag", where=str(path), expected="1 (fit) or 0"))
    return value == 1.0


def read_origins(path: Path | None, names: Sequence[str]) -> tuple[AssayOrigin, ...]:
    """Return where each assay belongs, from a CSV file with the columns assay, protein and function.

    ProteinGym's reference file is read as it is (`DMS_id`, `UniProt_ID`, `coarse_selection_type`). Without a file,
    every assay is a protein of its own and all are of one class.

    Raises:
        FileFormatError: a column that is not there.
        InputError: an assay that the file does not have.
    """
    if path is None:
        return tuple(AssayOrigin(name, name, "all") for name in names)
    with opened_table(path) as handle:
        reader = TableRows(handle, path)
        head = list(reader.fieldnames or [])
        chosen = [next((name for name in pair if name in head), None) for pair in _ORIGIN_COLUMNS]
        if None in chosen:
            raise FileFormatError(
                describe("no such columns", where=str(path), found=", ".join(head),
                         expected=" and ".join(" or ".join(pair) for pair in _ORIGIN_COLUMNS))
            )  # fmt: skip
        origins = [AssayOrigin(*(line[str(name)] for name in chosen)) for line in reader]
    found = {origin.name: origin for origin in origins}
    absent = [name for name in names if name not in found]
    if absent:
        raise InputError(describe(f"no line for {', '.join(absent)}", where=str(path), expected="one per assay"))
    return tuple(found[name] for name in names)
