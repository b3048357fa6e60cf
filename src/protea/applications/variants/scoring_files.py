"""Files of variants to be scored: a CSV table in, the same table with columns of scores out, and how they were made.

Every column and the order of lines stay. Beside `scores.csv` stands `scores.json`: the model, the digests of its
weights, the methods, how a sequence that is too long for one reading was read, and the name of the table, by which it
is known as the table's own when the table is written anew.
"""

import csv
import io
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from jaxtyping import Float

from protea.applications.variants.mutations import Variant, parse_variant
from protea.datasets.opened_table import opened_table, require_once
from protea.errors import FileFormatError, InputError, describe

__all__ = [
    "VariantFile",
    "facts_file",
    "read_variants",
    "require_new_columns",
    "require_own_facts",
    "scores_csv",
    "write_scores",
    "write_with_facts",
]


@dataclass(frozen=True)
class VariantFile:
    """A table whose lines name variants of one wild type."""

    head: tuple[str, ...]
    lines: tuple[tuple[str, ...], ...]
    variants: tuple[Variant, ...]


def read_variants(path: Path, column: str, wild_type: str, first_number: int = 1) -> VariantFile:
    """Return the table with its variants, each checked against the wild type; blank lines are no lines.

    Args:
        path: a CSV file with a line of heads.
        column: the column of the variants' names (see `mutations`).
        wild_type: the residue letters.
        first_number: the number that names give to the first of them.

    Raises:
        FileFormatError: no such column or two of them, or a line of another length.
        InputError: no line, or a variant that is none of this wild type; the message names the line.
    """
    with opened_table(path) as handle:
        reader = csv.reader(handle, strict=True)
        head = next(reader, [])
        numbered = [(reader.line_num, line) for line in reader if line]
    require_once([column], head, path)
    if column not in head:
        raise FileFormatError(
            describe(f"no column {column!r}", where=str(path), found=", ".join(head),
                     do="Name the column of variants by --column.")
        )  # fmt: skip
    if not numbered:
        raise InputError(describe("no variant", where=str(path), expected="a line of heads and one per variant"))
    place = head.index(column)
    variants = []
    for number, line in numbered:
        where = f"{path}:{number}"
        if len(line) != len(head):
            raise FileFormatError(
                describe("a line of another length", where=where, expected=f"{len(head)} cells", found=str(len(line)))
            )
        variants.append(parse_variant(line[place], wild_type, first_number, where))
    return VariantFile(tuple(head), tuple(tuple(line) for _, line in numbered), tuple(variants))


def require_new_columns(file: VariantFile, names: Iterable[str]) -> None:
    """Raise InputError where the table has a column of one of these names already."""
    twice = [name for name in names if name in file.head]
    if twice:
        raise InputError(
            describe(f"the table has a column {twice[0]!r} already", expected="a new name",
                     do="Name the columns of scores by --prefix, or take the old one out.")
        )  # fmt: skip


def scores_csv(file: VariantFile, scores: Mapping[str, Float[np.ndarray, " variant"]]) -> str:
    """Return the table with a column per score, in full precision.

    Raises:
        InputError: if the table has a column of this name already.
    """
    require_new_columns(file, scores)
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow([*file.head, *scores])
    for number, line in enumerate(file.lines):
        writer.writerow([*line, *(repr(float(column[number])) for column in scores.values())])
    return text.getvalue()


def write_scores(
    file: VariantFile, scores: Mapping[str, Float[np.ndarray, " variant"]], facts: Mapping[str, Any], out: Path
) -> Path:
    """Write the table and, beside it, the facts as JSON; return where these are."""
    return write_with_facts(scores_csv(file, scores), facts, out)


def facts_file(out: Path) -> Path:
    """Return where it is written how a table was made; raise InputError where the table is not named as CSV."""
    if out.suffix.lower() != ".csv":
        raise InputError(
            describe("not the name of a CSV table", where=str(out), expected="NAME.csv, beside which NAME.json is put")
        )
    return out.with_suffix(".json")


def require_own_facts(out: Path) -> None:
    """Return if nothing stands where the facts of a table are written, or those of this table; InputError otherwise."""
    beside = facts_file(out)
    if not beside.exists():
        return
    try:
        found = json.loads(beside.read_text(encoding="utf-8"))
    except ValueError:  # no JSON, or no text
        found = None
    if not isinstance(found, dict) or found.get("table") != out.name:
        raise InputError(
            describe("another file would be written over", where=str(beside), expected=f"none, or that of {out.name}",
                     do="Name another table, or move the file away.")
        )  # fmt: skip


def write_with_facts(table: str, facts: Mapping[str, Any], out: Path) -> Path:
    """Write a CSV table and, beside it, how it was made as JSON with the table's name; return where that is.

    Raises:
        InputError: if the table is not named as CSV, or a file that is not this table's stands beside it.
    """
    beside = facts_file(out)
    require_own_facts(out)
    out.parent.mkdir(parents=True, exist_ok=True)
    out.write_text(table, encoding="utf-8")
    content = {"table": out.name, **facts}
    beside.write_text(json.dumps(content, indent=1, allow_nan=False) + "\n", encoding="utf-8")
    return beside
