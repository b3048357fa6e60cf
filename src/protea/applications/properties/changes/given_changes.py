"""Changes that another tool predicted in both directions, from a CSV file: id, direct, reverse.

The id is that of the example, such as `1PGA:M1A`: entry and mutation, numbered from 1 in the sequence of the table.
"""

from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
from jaxtyping import Float

from protea.applications.properties.labels.cells import number_in
from protea.datasets.opened_table import TableRows, opened_table
from protea.errors import FileFormatError, InputError, describe

__all__ = ["GivenChanges", "read_given_changes"]

_COLUMNS = ("id", "direct", "reverse")


class GivenChanges:
    """Predictions by the id of their example."""

    def __init__(self, name: str, of: Mapping[str, tuple[float, float]]) -> None:
        """Keep the predictions of a tool of this name."""
        self.name = name
        self._of = dict(of)

    def directions(self, ids: Sequence[str]) -> tuple[Float[np.ndarray, " example"], Float[np.ndarray, " example"]]:
        """Return the direct and the reverse prediction of each example.

        Raises:
            InputError: an example without a prediction: a mean over the others would be of another test.
        """
        absent = [id for id in ids if id not in self._of]
        if absent:
            raise InputError(
                describe(f"{self.name} has no prediction for {len(absent)} of {len(ids)} test examples",
                         found=f"no line of {absent[0]!r}", expected="a line for every example of the property")
            )  # fmt: skip
        direct, reverse = np.array([self._of[id] for id in ids], dtype=np.float64).T
        return direct, reverse


def read_given_changes(path: Path) -> GivenChanges:
    """Return the predictions in a CSV file, named after it.

    Raises:
        FileFormatError: a column that is not there, a cell that is no finite number, or an id that stands twice.
    """
    with opened_table(path) as handle:
        reader = TableRows(handle, path)
        if not set(_COLUMNS) <= set(reader.fieldnames or ()):
            raise FileFormatError(
                describe("not a file of changes in both directions", where=str(path), expected=", ".join(_COLUMNS),
                         found=", ".join(reader.fieldnames or ()))
            )  # fmt: skip
        found: dict[str, tuple[float, float]] = {}
        for row in reader:
            where = f"{path}:{reader.line_num}"
            direct, reverse = (number_in(row[name], where) for name in _COLUMNS[1:])
            if direct is None or reverse is None or row["id"] in found:
                raise FileFormatError(
                    describe("not a prediction in both directions", where=where, found=str(list(row.values())),
                             expected="an id that has no other line, and two numbers")
                )  # fmt: skip
            found[row["id"]] = direct, reverse
    return GivenChanges(path.stem, found)
