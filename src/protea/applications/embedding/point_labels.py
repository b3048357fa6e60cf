"""A label per protein from a CSV table: the first column (or the one called `id`) names the protein."""

import csv
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from protea.datasets.opened_table import opened_table
from protea.errors import FileFormatError, InputError, describe

__all__ = ["PointLabels", "read_point_labels"]


@dataclass(frozen=True)
class PointLabels:
    """The label of each protein, in their order; None where the table has none."""

    name: str
    value: tuple[str | None, ...]
    unmatched: tuple[str, ...]
    """Ids of the table that no protein has."""

    @property
    def num_missing(self) -> int:
        """Number of proteins without a label."""
        return sum(value is None for value in self.value)


def read_point_labels(path: Path, ids: Sequence[str], column: str | None = None) -> PointLabels:
    """Return a column of the table (default: the first one besides the ids), joined by id. An empty cell is no label.

    Raises:
        FileFormatError: if the table has no such columns, a short line, or two values for one id.
        InputError: if no id of the table is one of the proteins'.
    """
    with opened_table(path) as handle:
        lines = list(csv.reader(handle, strict=True))
    head = lines[0] if lines else []
    id_place = head.index("id") if "id" in head else 0
    others = [name for place, name in enumerate(head) if place != id_place]
    name = column if column is not None else next(iter(others), None)
    if name is None or name not in others:
        raise FileFormatError(
            describe("no such label", where=str(path), expected=f"one of the columns {others}", found=str(column))
        )
    place = head.index(name)
    found: dict[str, str] = {}
    for number, line in enumerate(lines[1:], start=2):
        if not line:
            continue
        if len(line) != len(head):
            raise FileFormatError(
                describe("a line of another length", where=f"{path}:{number}", expected=f"{len(head)} cells",
                         found=str(len(line)))
            )  # fmt: skip
        id, value = line[id_place], line[place].strip()
        if found.setdefault(id, value) != value:
            raise FileFormatError(
                describe(f"two labels of {id!r}", where=f"{path}:{number}", found=f"{found[id]!r} and {value!r}")
            )
    unmatched = tuple(sorted(set(found) - set(ids)))
    if len(unmatched) == len(found):
        raise InputError(
            describe("no label belongs to any protein", where=str(path), expected=f"ids such as {ids[0]!r}",
                     found=f"ids such as {unmatched[0]!r}" if unmatched else "an empty table")
        )  # fmt: skip
    return PointLabels(name, tuple(found.get(id) or None for id in ids), unmatched)
