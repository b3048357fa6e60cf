"""Tables of typed actions (STRING's `protein.actions` layout) and of sequences, and the network that they make.

The building rule is that of GNN-PPI (Lv et al. 2021), so that rows and pairs are numbered as in its split lists: the
proteins by first appearance, the first column before the second; the pairs by first appearance, the smaller id in the
order of strings first; the types of a pair are those of any of its rows, in either direction and at any score.
"""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np

from protea.datasets.interactions.network import InteractionNetwork
from protea.datasets.sources.interface import SourceReport, file_digest, refuse
from protea.datasets.sources.label_files import read_table
from protea.errors import FileFormatError, InputError, describe

__all__ = ["ACTION_TYPES", "Action", "action_network", "network_of_actions", "read_actions", "read_sequences"]

ACTION_TYPES = ("reaction", "binding", "ptmod", "activation", "inhibition", "catalysis", "expression")
"""The seven types in the order of the published labels."""

_COLUMNS = ("item_id_a", "item_id_b", "mode")


class Action(NamedTuple):
    """One row: two proteins and the type of their interaction."""

    first: str
    second: str
    type: str


def read_actions(path: Path) -> list[Action]:
    """Return the rows of a table of actions, tab-separated with a header (any other suffix) or .parquet.

    Raises:
        InputError: if there is no such file.
        FileFormatError: if a column is missing, or a row has another number of cells or an unknown type.
    """
    if path.suffix == ".parquet":
        columns = read_table(path)
        _require(path, columns)
        rows = [Action(*row) for row in zip(*(columns[name] for name in _COLUMNS), strict=True)]
        first_line = 1
    else:
        head, *lines = _lines(path)
        names = head.split("\t")
        _require(path, names)
        places = [names.index(name) for name in _COLUMNS]
        # By tab alone: a cell (`action`) is often empty, and splitting at white space would shift the rest.
        cells = [line.split("\t") for line in lines]
        for number, row in enumerate(cells, start=2):
            if len(row) != len(names):
                raise FileFormatError(
                    describe("a row of another length", where=f"{path}, line {number}",
                             expected=f"{len(names)} cells between tabs", found=str(len(row)))
                )  # fmt: skip
        rows = [Action(*(row[place] for place in places)) for row in cells]
        first_line = 2
    for number, action in enumerate(rows, start=first_line):
        if action.type not in ACTION_TYPES:
            raise FileFormatError(
                describe("an unknown type of interaction", where=f"{path}, row {number}",
                         expected=f"one of {', '.join(ACTION_TYPES)}", found=repr(action.type))
            )  # fmt: skip
    return rows


def read_sequences(path: Path) -> dict[str, str]:
    """Return sequences by id, from id, tab, sequence without a header, or from the columns of a .parquet file.

    Raises FileFormatError where a line is something else, or an id has two sequences.
    """
    if path.suffix == ".parquet":
        columns = read_table(path)
        missing = sorted({"protein", "sequence"} - set(columns))
        if missing:
            raise FileFormatError(describe(f"no column {missing}", where=str(path), found=str(sorted(columns))))
        rows = list(zip(columns["protein"], columns["sequence"], strict=True))
    else:
        rows = []
        for number, line in enumerate(_lines(path), start=1):
            id, tab, sequence = line.partition("\t")
            if not (id and tab and sequence.isalpha()):
                raise FileFormatError(
                    describe("not a sequence", where=f"{path}, line {number}", expected="id, tab, letters",
                             found=line[:60])
                )  # fmt: skip
            rows.append((id, sequence))
    found: dict[str, str] = {}
    for id, sequence in rows:
        if found.setdefault(id, sequence) != sequence:
            raise FileFormatError(describe("two sequences of one protein", where=str(path), found=id))
    return found


def action_network(
    actions: Path, sequences: Path | None = None, report: SourceReport | None = None
) -> InteractionNetwork:
    """Return the network of a table of actions; see `network_of_actions` for proteins without a sequence."""
    found = network_of_actions(
        read_actions(actions), None if sequences is None else read_sequences(sequences), report, where=str(actions)
    )
    files = {"actions": file_digest(actions), "sequences": None if sequences is None else file_digest(sequences)}
    return InteractionNetwork(
        found.ids, found.pairs, found.labels, found.types, found.species, found.sequences, found.score,
        {**found.provenance, "sha256": files},
    )  # fmt: skip


def network_of_actions(
    actions: Sequence[Action],
    sequence_of: Mapping[str, str] | None = None,
    report: SourceReport | None = None,
    *,
    where: str = "actions",
) -> InteractionNetwork:
    """Return the network of these rows. The species of a protein is what stands before the first dot of its id.

    A protein without a sequence (where sequences are given) is refused by name: in the report, and its pairs are left
    out and counted, or by an error where there is no report. A protein paired with itself likewise.
    """
    lacking = _without_sequence(actions, sequence_of, report, where)
    row_of: dict[str, int] = {}
    place_of: dict[tuple[str, str], int] = {}
    labels: list[list[bool]] = []
    left_out: set[tuple[str, str]] = set()
    for action in actions:
        key = (min(action.first, action.second), max(action.first, action.second))
        if key[0] == key[1]:
            if report is None:
                raise FileFormatError(describe("a protein paired with itself", where=where, found=key[0]))
            report.count("rows_of_a_protein_with_itself")
            continue
        if lacking and (key[0] in lacking or key[1] in lacking):
            left_out.add(key)
            continue
        for id in (action.first, action.second):
            row_of.setdefault(id, len(row_of))
        place = place_of.setdefault(key, len(place_of))
        if place == len(labels):
            labels.append([False] * len(ACTION_TYPES))
        labels[place][ACTION_TYPES.index(action.type)] = True
    if report is not None:
        report.count("rows", len(actions))
        report.count("pairs", len(place_of))
        report.count("pairs_without_sequence", len(left_out))
    ids = tuple(row_of)
    pairs = np.array([[row_of[one], row_of[other]] for one, other in place_of], np.int64).reshape(-1, 2)
    return InteractionNetwork(
        ids, pairs, np.array(labels, bool).reshape(-1, len(ACTION_TYPES)), ACTION_TYPES,
        tuple(id.partition(".")[0] for id in ids),
        None if sequence_of is None else tuple(sequence_of[id] for id in ids),
        provenance={"method": "actions", "num_rows": len(actions), "num_pairs_without_sequence": len(left_out)},
    )  # fmt: skip


def _without_sequence(
    actions: Sequence[Action], sequence_of: Mapping[str, str] | None, report: SourceReport | None, where: str
) -> set[str]:
    if sequence_of is None:
        return set()
    found = {id for action in actions for id in (action.first, action.second) if id not in sequence_of}
    for id in sorted(found):
        do = "Complete the table of sequences, or read with a report."
        refuse(report, id, InputError(describe("no sequence", where=f"{where}: {id}", do=do)))
    return found


def _lines(path: Path) -> list[str]:
    try:
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError as error:
        raise InputError(describe("no such file", where=str(path), do="Check the path.")) from error
    except UnicodeDecodeError as error:
        raise FileFormatError(describe("not a text file", where=str(path), found=str(error))) from error
    lines = text.splitlines()
    if not lines:
        raise FileFormatError(describe("an empty table", where=str(path)))
    return lines


def _require(path: Path, names: Mapping[str, list[object]] | Sequence[str]) -> None:
    missing = [name for name in _COLUMNS if name not in names]
    if missing:
        raise FileFormatError(describe(f"no column {missing}", where=str(path), found=str(list(names)[:8])))
