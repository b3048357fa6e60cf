"""PDB chains with terms, published parts and identity bands, and their sequences gathered from several tables.

Label lists often hold ids alone. A sequence is taken from the first table that has the chain, and where two tables
disagree (observed residues against the whole construct, say) this is counted. Axes: chain, term, band.
"""

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import pyarrow.parquet as pq
from pydantic import Field, field_validator

from protea.config import Config
from protea.errors import FileFormatError, InputError, describe

__all__ = ["LabelledChain", "LabelledChains", "LabelledChainsConfig", "SequenceTableConfig", "read_labelled_chains"]

_CHAIN = r"(?P<pdb>\w{4})[-_](?P<chain>\w+)"


class SequenceTableConfig(Config):
    """A Parquet table with chains and their sequences."""

    file: str = Field(description="Path below the data folder.")
    id_columns: tuple[str, ...] = Field(
        ("chain",), min_length=1, description="Columns that name the chain, joined by -."
    )
    pattern: str = Field(
        _CHAIN, description="What an id looks like, with the groups pdb and chain; others are left out."
    )
    is_chain_upper: bool = Field(False, description="Whether chains are written in lower case and mean upper case.")
    sequence: str = Field("sequence", description="Column with the sequence.")

    @field_validator("pattern")
    @classmethod
    def _require_groups(cls, pattern: str) -> str:
        try:
            groups = re.compile(pattern).groupindex
        except re.error as error:
            raise ValueError(f"not a pattern: {error}") from error
        if not {"pdb", "chain"} <= set(groups):
            raise ValueError("the pattern has no groups named pdb and chain")
        return pattern


class LabelledChainsConfig(Config):
    """A Parquet table of chains with terms and parts, and the tables that hold their sequences."""

    file: str = Field(description="Path below the data folder.")
    id_column: str = Field("chain", description="Column with the chain, as 1ABC-A.")
    term_column: str = Field(description="Column with the terms.")
    separator: str = Field(",", min_length=1, description="Between terms.")
    part_column: str = Field("split", description="Column with the part.")
    parts: tuple[str, str, str] = Field(("train", "valid", "test"), description="Names of train, validation, test.")
    bands: Mapping[str, str] = Field(
        default_factory=dict, description="Name of each identity band and the column that is true for its test chains."
    )
    sequences: tuple[SequenceTableConfig, ...] = Field(
        min_length=1, description="Tables of sequences, the first counts."
    )


@dataclass(frozen=True)
class LabelledChain:
    """One chain with its sequence, the terms that are stated of it, its part (0, 1, 2) and its bands."""

    id: str
    sequence: str
    terms: tuple[str, ...]
    part: int
    bands: frozenset[str]


@dataclass(frozen=True)
class LabelledChains:
    """The chains with a sequence, and counts for the report."""

    chains: tuple[LabelledChain, ...]
    num_listed: tuple[int, int, int]
    """Chains of train, validation and test in the list."""
    num_from: Mapping[str, int]
    """Sequences that each table gave first."""
    num_disagreeing: int
    """Chains of which a later table has another sequence."""

    def part(self, number: int) -> tuple[LabelledChain, ...]:
        """Return the chains of train (0), validation (1) or test (2)."""
        return tuple(chain for chain in self.chains if chain.part == number)


def read_labelled_chains(config: LabelledChainsConfig, data: Path) -> LabelledChains:
    """Return the listed chains of which some table has the sequence.

    Raises:
        FileFormatError: a table lacks a column, or a part or id is none.
        InputError: no chain has a sequence.
    """
    columns = [config.id_column, config.term_column, config.part_column, *config.bands.values()]
    listed = {}
    for number, row in enumerate(_rows(data / config.file, columns)):
        if row[config.part_column] not in config.parts:
            raise FileFormatError(
                describe("unknown part", where=f"{config.file}, row {number}", expected=str(config.parts),
                         found=repr(row[config.part_column]))
            )  # fmt: skip
        listed[_chain_id(str(row[config.id_column]), _CHAIN, False) or str(row[config.id_column])] = row
    sequence_of, num_from, disagreeing = _sequences(config, data, frozenset(listed))
    found = []
    for id, row in listed.items():
        if id in sequence_of:
            terms = tuple(term.strip() for term in str(row[config.term_column]).split(config.separator) if term.strip())
            bands = frozenset(name for name, column in config.bands.items() if row[column])
            part = config.parts.index(row[config.part_column])
            found.append(LabelledChain(id, sequence_of[id], terms, part, bands))
    if not found:
        raise InputError(describe("no chain has a sequence", where=config.file, expected="some in the given tables"))
    counts = Counter(row[config.part_column] for row in listed.values())
    num_listed = (counts[config.parts[0]], counts[config.parts[1]], counts[config.parts[2]])
    return LabelledChains(tuple(found), num_listed, num_from, len(disagreeing))


def _sequences(
    config: LabelledChainsConfig, data: Path, wanted: frozenset[str]
) -> tuple[dict[str, str], dict[str, int], set[str]]:
    found: dict[str, str] = {}
    num_from: dict[str, int] = {}
    disagreeing: set[str] = set()
    for table in config.sequences:
        before = len(found)
        for row in _rows(data / table.file, [*table.id_columns, table.sequence]):
            text = "-".join(str(row[column]) for column in table.id_columns)
            id, sequence = _chain_id(text, table.pattern, table.is_chain_upper), row[table.sequence]
            if id is None or id not in wanted or not sequence:
                continue
            if found.setdefault(id, sequence) != sequence:
                disagreeing.add(id)
        num_from[table.file] = num_from.get(table.file, 0) + len(found) - before
    return found, num_from, disagreeing


def _chain_id(text: str, pattern: str, is_chain_upper: bool) -> str | None:
    match = re.fullmatch(pattern, text)
    if match is None:
        return None
    chain = match["chain"].upper() if is_chain_upper else match["chain"]
    return f"{match['pdb'].upper()}-{chain}"


def _rows(path: Path, columns: list[str]) -> list[dict]:
    if not path.exists():
        raise InputError(describe("no such table", where=str(path), do="Check --data."))
    names = pq.read_schema(path).names
    absent = [column for column in columns if column not in names]
    if absent:
        raise FileFormatError(
            describe(f"no column {absent[0]}", where=str(path), expected=f"one of {', '.join(names)}")
        )
    rows: list[dict] = pq.read_table(path, columns=list(dict.fromkeys(columns))).to_pylist()
    return rows
