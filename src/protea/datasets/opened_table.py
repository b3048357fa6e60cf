"""CSV files of a user, opened so that what is no text in UTF-8, or no CSV, is told with the name of the file.

Read with `strict=True` (as `TableRows` does): else a quote that is not closed, as in a file that was cut, takes all
lines that follow into its cell without an error.
"""

import csv
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TextIO, final

from protea.errors import FileFormatError, describe

__all__ = ["TableRows", "opened_table", "require_once"]


@contextmanager
def opened_table(path: Path) -> Iterator[TextIO]:
    """Yield the open file, for `csv`; a byte order mark is passed over.

    Raises:
        FileFormatError: if what is read of it is no UTF-8, or no CSV.
    """
    try:
        with path.open(newline="", encoding="utf-8-sig") as file:
            yield file
    except (UnicodeDecodeError, csv.Error) as error:
        raise FileFormatError(
            describe(
                "no text in UTF-8, or no CSV",
                where=str(path),
                found=str(error),
                do="Save it as UTF-8, every quote closed.",
            )
        ) from error


def require_once(names: Iterable[str], heads: Sequence[str], where: Path | str) -> None:
    """Raise FileFormatError where one of these columns stands twice: one of the two would be passed over."""
    if any(heads.count(name) > 1 for name in names):
        raise FileFormatError(
            describe("two columns of one name", where=str(where), expected="each once", found=", ".join(heads),
                     do="Rename or remove one of the two.")
        )  # fmt: skip


@final
class TableRows:
    """The rows of a table with a line of heads, each as cells by column; goes over them once.

    A row of another length is refused: what is beyond the last column would be lost, and what lacks be taken for empty.

    Raises:
        FileFormatError: if a row is of another length, or two columns have one name; with the line.
        csv.Error: if it is no CSV (`opened_table` tells the file).
    """

    def __init__(self, lines: Iterable[str], where: Path | str, *, delimiter: str = ",") -> None:
        self._reader = csv.DictReader(lines, delimiter=delimiter, strict=True)
        self._where = where
        heads = self.fieldnames or ()
        require_once(heads, heads, where)

    @property
    def fieldnames(self) -> Sequence[str] | None:
        """The heads; None where the table is empty."""
        return self._reader.fieldnames

    @property
    def line_num(self) -> int:
        """The line of the file in which the last row ended."""
        return self._reader.line_num

    def __iter__(self) -> Iterator[dict[str, str]]:
        for row in self._reader:
            # What is beyond the last column stands under None, and None in what lacks.
            if None in row or None in row.values():
                cells = [cell for key, cell in row.items() if key is not None and cell is not None]
                raise FileFormatError(
                    describe("a line of another length", where=f"{self._where}, line {self.line_num}",
                             expected=f"{len(self.fieldnames or ())} cells",
                             found=f"{'more' if None in row else len(cells)}: {', '.join(cells)[:80]}",
                             do="Write every cell, and one that holds the separator in quotes.")
                )  # fmt: skip
            yield row
