"""A deep mutational scan read from a table: variants checked against the wild type, values, published splits."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow.parquet as pq
from jaxtyping import Float
from pydantic import Field

from protea.applications.variants.mutations import Mutation, Variant, parse_variant
from protea.applications.variants.splits import SplitSource
from protea.config import Config
from protea.datasets.opened_table import TableRows, opened_table
from protea.errors import FileFormatError, InputError, describe

__all__ = ["MeasuredScan", "ScanConfig", "read_scan", "read_wild_types"]


class ScanConfig(Config):
    """One scan: a Parquet table with a line per variant, and what its columns are."""

    name: str = Field(description="Name of the scan in tables.")
    file: str = Field(description="Table, below the folder of the data.")
    wild_type: str = Field(description="Name of the wild type in the file of wild types.")
    variant_column: str = Field("variant", description="Column of the variants' names.")
    value_column: str = Field("score", description="Column of the measurement, higher is fitter.")
    sites: tuple[int, ...] = Field(
        (), description="Numbers of the sites whose letters the name spells, where names are such letters (VDGV)."
    )
    keep: dict[str, bool | int | str] = Field(
        default_factory=dict, description="Lines that are read: those with this value in this column."
    )
    most_mutations: int | None = Field(None, description="Variants with more mutations are left out.")
    has_stops: bool = Field(False, description="Whether variants with a stop are kept.")
    split_columns: tuple[str, ...] = Field((), description="Columns of published splits: train, test or neither.")


@dataclass(frozen=True, eq=False)
class MeasuredScan:
    """Variants with their measurements, in the order of the table."""

    name: str
    wild_type: str
    names: tuple[str, ...]
    variants: tuple[Variant, ...]
    value: Float[np.ndarray, " variant"]
    column_of: Mapping[str, tuple[str | None, ...]]
    num_left_out: Mapping[str, int]
    """Lines left out, by the reason."""
    sha256: str
    """Of the table."""

    @property
    def source(self) -> SplitSource:
        """What splits look at."""
        return SplitSource(self.variants, self.value, self.column_of)


def read_wild_types(path: Path) -> dict[str, tuple[str, int]]:
    """Return sequence and number of the first residue by name, from a CSV file with the columns of those names."""
    with opened_table(path) as handle:
        reader = TableRows(handle, path)
        expected = ("set", "sequence", "number_of_first_residue")
        if not set(expected) <= set(reader.fieldnames or ()):
            raise FileFormatError(
                describe("not a file of wild types", where=str(path), expected=", ".join(expected),
                         found=", ".join(reader.fieldnames or ()))
            )  # fmt: skip
        return {row["set"]: (row["sequence"], int(row["number_of_first_residue"])) for row in reader}


def read_scan(config: ScanConfig, folder: Path, wild_types: Mapping[str, tuple[str, int]]) -> MeasuredScan:
    """Return the scan that a table holds; what is left out is counted by its reason.

    Raises:
        InputError: no such wild type, a variant that does not fit it, or one that stands twice.
        FileFormatError: a column that is not there.
    """
    if config.wild_type not in wild_types:
        raise InputError(f"no wild type {config.wild_type!r}; expected one of {', '.join(wild_types)}.")
    wild_type, first_number = wild_types[config.wild_type]
    path = folder / config.file
    rows = _rows(config, path)
    left_out = {"not kept": 0, "unmeasured": 0, "stop": 0, "more mutations": 0}
    names, variants, values, chosen = [], [], [], []
    for place, row in enumerate(rows):
        value = row[config.value_column]
        if any(row[column] != wanted for column, wanted in config.keep.items()):
            left_out["not kept"] += 1
            continue
        if value is None or np.isnan(value):
            left_out["unmeasured"] += 1
            continue
        variant = _variant(row[config.variant_column], config, wild_type, first_number, f"{path.name}:{place}")
        if variant.has_stop and not config.has_stops:
            left_out["stop"] += 1
        elif config.most_mutations is not None and len(variant) > config.most_mutations:
            left_out["more mutations"] += 1
        else:
            names.append(row[config.variant_column])
            variants.append(variant)
            values.append(float(value))
            chosen.append(row)
    if len(set(variants)) != len(variants):
        raise InputError(
            describe("variants stand twice", where=str(path), expected="each once", do="Choose lines by `keep`.")
        )
    columns = {column: tuple(row[column] for row in chosen) for column in config.split_columns}
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    counted = {reason: number for reason, number in left_out.items() if number}
    return MeasuredScan(
        config.name, wild_type, tuple(names), tuple(variants), np.array(values), columns, counted, digest
    )


def _rows(config: ScanConfig, path: Path) -> Sequence[Mapping[str, Any]]:
    wanted = [config.variant_column, config.value_column, *config.keep, *config.split_columns]
    absent = [name for name in wanted if name not in pq.read_schema(path).names]
    if absent:
        raise FileFormatError(
            describe(f"no column {', '.join(absent)}", where=str(path), found=", ".join(pq.read_schema(path).names))
        )
    table: list[dict[str, Any]] = pq.read_table(path, columns=list(dict.fromkeys(wanted))).to_pylist()
    return table


def _variant(text: str, config: ScanConfig, wild_type: str, first_number: int, where: str) -> Variant:
    """Return the variant of a name, or of the letters at the sites."""
    if not config.sites:
        return parse_variant(text, wild_type, first_number, where)
    if len(text) != len(config.sites):
        raise InputError(
            describe(f"variant {text!r} does not spell the sites", where=where, expected=f"{len(config.sites)} letters")
        )
    places = [number - first_number for number in config.sites]
    found = [
        Mutation(i, wild_type[i], letter) for i, letter in zip(places, text, strict=True) if wild_type[i] != letter
    ]
    return Variant(tuple(sorted(found)))
