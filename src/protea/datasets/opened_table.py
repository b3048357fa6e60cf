"""CSV files of a user, opened so that what is no text in UTF-8, or no CSV, is told with the name of the file."""

import csv
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TextIO

from protea.errors import FileFormatError, describe

__all__ = ["opened_table"]


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
            describe("no text in UTF-8, or no CSV", where=str(path), found=str(error), do="Save it as UTF-8.")
        ) from error
