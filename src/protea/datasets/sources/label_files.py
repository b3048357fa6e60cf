"""Labels in a CSV or Parquet file: per protein by id, or per residue by id, chain and author number."""

from collections.abc import Collection, Mapping
from pathlib import Path
from typing import Any, Literal

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv
import pyarrow.parquet as pq
from pydantic import Field

from protea.config import Config
from protea.datasets.opened_table import require_once
from protea.errors import FileFormatError, InputError, describe
from protea.protein.record import Label, Protein

__all__ = ["LabelFile", "LabelFileConfig", "ResidueKey", "read_table"]

ResidueKey = tuple[str, int, str]
"""Chain, author number, insertion code ("" where none)."""

_NOTHING = ("", "NA", "NaN", "nan")
"""Cells of a CSV that say nothing."""


class LabelFileConfig(Config):
    """A table of labels. Numbers only; an empty cell is an unknown label. Several columns are several labels."""

    path: Path = Field(description="CSV or Parquet file")
    level: Literal["protein", "residue"] = Field(description="One row per protein, or per residue")
    labels: tuple[str, ...] = Field(min_length=1, description="Columns that hold labels")
    id_column: str = Field(default="id", description="Column with the protein's id")
    chain_column: str = Field(default="chain", description="Column with the chain (residue level)")
    number_column: str = Field(default="author_number", description="Column with the residue number (residue level)")
    insertion_column: str | None = Field(default=None, description="Column with the insertion code, where there is one")
    classes: tuple[str, ...] = Field(
        default=(), description="Names of classes, if the columns hold names: label = place"
    )
    allow_unmatched: bool = Field(default=False, description="Count rows that match nothing instead of refusing them")


class LabelFile:
    """A label table that was read, joined to proteins one by one, which remembers what it did not match."""

    def __init__(self, config: LabelFileConfig) -> None:
        self.config = config
        ids_and_places = {config.id_column, config.chain_column, *filter(None, [config.insertion_column])}
        names = set(config.labels) if config.classes else set()
        columns = read_table(
            config.path, text=names, names=ids_and_places | (names if set(_NOTHING) & set(config.classes) else set())
        )
        keys = [config.id_column, *config.labels]
        if config.level == "residue":
            keys += [
                config.chain_column,
                config.number_column,
                *([config.insertion_column] if config.insertion_column else []),
            ]
        missing = [name for name in keys if name not in columns]
        if missing:
            raise FileFormatError(describe(f"no column {missing}", where=str(config.path), found=str(sorted(columns))))
        ids = [str(id) for id in columns[config.id_column]]
        self._values = {name: self._parse(name, columns[name]) for name in config.labels}
        self._row_of: dict[str, dict[ResidueKey, int]] = {}
        for row, id in enumerate(ids):
            rows = self._row_of.setdefault(id, {})
            key = self._key(columns, row)
            if key in rows:
                raise FileFormatError(
                    describe("two rows for one label", where=f"{config.path}, row {row + 1}", found=f"{id} {key}")
                )
            rows[key] = row
        self.unmatched = {(id, key) for id, rows in self._row_of.items() for key in rows}

    def _key(self, columns: Mapping[str, list[Any]], row: int) -> ResidueKey:
        config = self.config
        if config.level == "protein":
            return ("", 0, "")
        code = columns[config.insertion_column][row] if config.insertion_column else ""
        number = columns[config.number_column][row]
        try:
            return (str(columns[config.chain_column][row]), int(number), str(code or "").strip())
        except (TypeError, ValueError) as error:
            raise FileFormatError(
                describe("not a residue number", where=f"{config.path}, row {row + 1}", found=repr(number))
            ) from error

    def _parse(self, name: str, cells: list[Any]) -> tuple[np.ndarray, np.ndarray]:
        """Return the values of a column (0 where unknown) and which are known."""
        is_known = np.array([cell is not None and cell != "" for cell in cells], dtype=bool)
        classes = {label: index for index, label in enumerate(self.config.classes)}
        values: list[Any] = []
        for row, (cell, known) in enumerate(zip(cells, is_known, strict=True)):
            value = classes.get(str(cell)) if classes and known else cell
            if known and (not isinstance(value, bool | int | float) or not np.isfinite(value)):
                raise FileFormatError(
                    describe(f"column {name!r} holds no label", where=f"{self.config.path}, row {row + 1}",
                             expected=f"one of {self.config.classes}" if classes else "a finite number",
                             found=repr(cell), do="Name the classes, or leave the cell empty where it is unknown.")
                )  # fmt: skip
            values.append(value if known else 0)
        is_integer = all(isinstance(value, bool | int) for value in values)
        return np.array(values, dtype=np.int64 if is_integer else np.float32), is_known

    def join(self, protein: Protein) -> Protein:
        """Return the record with this file's labels; what the file does not list is unknown."""
        rows = self._row_of.get(protein.id, {})
        if self.config.level == "protein":
            keys: list[ResidueKey] = [("", 0, "")]
        else:
            chains = [protein.chain_ids[index] for index in protein.chain_of]
            codes = [code.strip() for code in protein.insertion_code.tolist()]
            keys = list(zip(chains, protein.author_number.tolist(), codes, strict=True))
        row = np.array([rows.get(key, -1) for key in keys], dtype=np.int64)
        self.unmatched.difference_update((protein.id, key) for key in keys if key in rows)
        labels = dict(protein.labels)
        for name, (values, is_known) in self._values.items():
            value = (
                np.where(row >= 0, values[row], 0).astype(values.dtype) if len(values) else np.zeros(len(row), np.int64)
            )
            known = (row >= 0) & (is_known[row] if len(values) else False)
            shape = () if self.config.level == "protein" else (len(row),)
            labels[name] = Label(self.config.level, value.reshape(shape), known.reshape(shape))
        return protein.replace(labels=labels)

    def drop(self, id: str) -> int:
        """Forget the rows of a protein that was refused; return how many there were."""
        gone = {item for item in self.unmatched if item[0] == id}
        self.unmatched -= gone
        return len(gone)

    def finish(self) -> int:
        """Return how many rows matched nothing; raise InputError where there are some and that is not allowed."""
        if self.unmatched and not self.config.allow_unmatched:
            first = ", ".join(
                " ".join(str(part) for part in (id, *key) if part != "") for id, key in sorted(self.unmatched)[:5]
            )
            raise InputError(
                describe(f"{len(self.unmatched)} label rows match nothing", where=str(self.config.path), found=first,
                         do="Correct the ids and numbers, or set allow_unmatched to count them.")
            )  # fmt: skip
        return len(self.unmatched)


def read_table(path: Path, text: Collection[str] = (), names: Collection[str] = ()) -> dict[str, list[Any]]:
    """Return the columns of a CSV or Parquet file as lists; an empty cell is None, and so is NA or nan in a CSV.

    The cells of a CSV have no types: those of the columns in `text` stay as they are written (an id 007 or 1E10, a
    label 0011 of four residues), and others become numbers where all of a column are. In those of `names`, NA and nan
    are names, too: of a chain, say.

    Raises:
        InputError: if there is no such file, or it is called otherwise.
        FileFormatError: if it cannot be read, two columns have one name, or a cell of a CSV holds a line end: after a
            quote that is not closed, all lines that follow are in one cell.
    """
    suffix = path.suffix.lower()
    try:
        if suffix == ".parquet":
            heads = pq.read_schema(path).names
            require_once(heads, heads, path)
            table = pq.read_table(path)
        elif suffix == ".csv":
            options = pyarrow.csv.ConvertOptions(
                strings_can_be_null=False, null_values=list(_NOTHING),
                column_types=dict.fromkeys((*text, *names), pa.string()),
            )  # fmt: skip
            table = pyarrow.csv.read_csv(path, convert_options=options)
            require_once(table.column_names, table.column_names, path)
            return {name: _cells(path, name, table.column(name), names) for name in table.column_names}
        else:
            raise InputError(
                describe("not a label file", where=str(path), expected="a name that ends in .csv or .parquet")
            )
    except FileNotFoundError as error:
        raise InputError(describe("no such file", where=str(path), do="Check the path.")) from error
    except (pa.ArrowInvalid, OSError) as error:
        raise FileFormatError(describe("cannot be read", where=str(path), found=str(error))) from error
    return {name: table.column(name).to_pylist() for name in table.column_names}


def _cells(path: Path, name: str, column: pa.ChunkedArray, names: Collection[str]) -> list[Any]:
    """Return the cells of a column of a CSV; None where they say nothing."""
    if column.type != pa.string():
        return column.to_pylist()
    if pc.any(pc.match_substring(column, "\n")).as_py():
        cell = next(cell for cell in column.to_pylist() if "\n" in cell)
        raise FileFormatError(
            describe("a cell holds a line end", where=f"{path}, column {name!r}", expected="a row per line",
                     found=repr(cell)[:80], do="Close the quote with which the cell begins, or take it out.")
        )  # fmt: skip
    nothing = ("",) if name in names else _NOTHING
    return [None if cell in nothing else cell for cell in column.to_pylist()]
