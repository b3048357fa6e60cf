"""Measured variants of one wild type from a CSV file of the user's, each refusal placed on its line.

Columns: the variant's name (`mutant`, see `mutations`) and the measurement (`DMS_score`), as `protea variants evaluate`
reads them; others are passed over, but for `mutated_sequence`, which must be the sequence that the name leads to.
"""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from jaxtyping import Float

from protea.applications.variants.mutations import Variant
from protea.applications.variants.score_tables import finite_number
from protea.applications.variants.scoring_files import VariantFile, read_variants
from protea.datasets.opened_table import require_once
from protea.errors import FileFormatError, InputError, describe

__all__ = ["MeasuredTable", "read_measured", "require_sequences"]

_SEQUENCE = "mutated_sequence"


@dataclass(frozen=True, eq=False)
class MeasuredTable:
    """Variants with a measurement, in the order of the file."""

    names: tuple[str, ...]
    variants: tuple[Variant, ...]
    value: Float[np.ndarray, " variant"]
    num_unmeasured: int
    """Lines left out because their measurement is empty."""


def read_measured(path: Path, variant: str, measured: str, wild_type: str, first_number: int = 1) -> MeasuredTable:
    """Return the measured variants of a CSV file with a line of heads.

    Args:
        path: the file.
        variant: column of the variants' names.
        measured: column of the measurement.
        wild_type: its residues.
        first_number: the number that names give to the first of them.

    Raises:
        FileFormatError: a column that is not there or there twice, a line of another length, or a cell that is
            no finite number.
        InputError: a variant that does not fit the wild type or stands twice, a sequence that is another, or nothing
            measured.
    """
    file = read_variants(path, variant, wild_type, first_number)
    if measured not in file.head:
        raise FileFormatError(
            describe(f"no column {measured!r}", where=str(path), found=", ".join(file.head),
                     do="Name the column of the measurement by --measured.")
        )  # fmt: skip
    require_once([measured, _SEQUENCE], file.head, path)
    require_sequences(file, wild_type, str(path))
    name_at, value_at = file.head.index(variant), file.head.index(measured)
    rows = [row for row, line in enumerate(file.lines) if line[value_at].strip()]
    if not rows:
        raise InputError(describe("no measured variant", where=str(path)))
    line_of: dict[Variant, int] = {}
    for row in rows:
        first = line_of.setdefault(file.variants[row], row)
        if first != row:
            raise InputError(
                describe(f"{file.lines[row][name_at]!r} stands twice", where=str(path), expected="each variant once",
                         found=f"also as {file.lines[first][name_at]!r}", do="Keep one line, or their mean.")
            )  # fmt: skip
    value = np.array([finite_number(file.lines[row][value_at], measured, f"{path}, variant {row + 1}") for row in rows])
    names = tuple(file.lines[row][name_at] for row in rows)
    return MeasuredTable(names, tuple(file.variants[row] for row in rows), value, len(file.lines) - len(rows))


def require_sequences(file: VariantFile, wild_type: str, where: str) -> None:
    """Raise InputError where the table has a column `mutated_sequence` that is not what a name leads to."""
    if _SEQUENCE not in file.head:
        return
    place = file.head.index(_SEQUENCE)
    for row, (line, variant) in enumerate(zip(file.lines, file.variants, strict=True)):
        if line[place] and line[place].upper() != variant.apply(wild_type):
            raise InputError(
                describe(f"{_SEQUENCE} is not what {variant.name(wild_type)} makes of the wild type",
                         where=f"{where}, variant {row + 1}", do="Check the wild type and the first number.")
            )  # fmt: skip
