"""A predictor of changes judged on somebody's labelled file of variants.

Columns of the CSV or Parquet file: `sequence` (of the wild type), `mutation` (A24V, or several joined by one of
``: , ; /``, numbered from 1 in this sequence) and `target`, and `id` if there is one. The target is in the unit and
sign of the property.
"""

import re
from collections import Counter
from pathlib import Path
from typing import Any

import numpy as np

from protea.applications.properties.changes.antisymmetry import judged_both_ways
from protea.applications.properties.changes.change_predictor import ChangePredictor
from protea.applications.properties.changes.reversal import reversed_example
from protea.applications.properties.fitted.labelled_file import table_with
from protea.applications.properties.labels.cells import letters_in, number_in
from protea.applications.properties.labels.examples import Example, Mutation
from protea.applications.properties.labels.judging import judged
from protea.applications.properties.labels.property import require_in_range
from protea.datasets.sequence_digest import sequence_digest
from protea.errors import FileFormatError, InputError, describe
from protea.protein.alphabets import STANDARD_LETTERS

__all__ = ["evaluate_changes", "read_labelled_changes"]

_COLUMNS = ("sequence", "mutation", "target")
_MUTATION = re.compile(rf"([A-Z])(\d+)([{STANDARD_LETTERS}])")


def read_labelled_changes(path: Path) -> tuple[list[Example], Counter[str]]:
    """Return the variants of a file, and what was left out by its reason.

    Raises:
        FileFormatError: a column is missing, or a cell is no number or no mutation of the sequence.
        InputError: no row has a label.
    """
    columns = table_with(path, _COLUMNS)
    left_out: Counter[str] = Counter()
    found = []
    for row, (sequence, mutation, target) in enumerate(zip(*(columns[name] for name in _COLUMNS), strict=True)):
        where = f"{path}, row {row + 1}"
        value = number_in(target, where)
        if not sequence or not mutation or value is None:
            left_out["no sequence" if not sequence else "no mutation" if not mutation else "no value"] += 1
            continue
        letters = letters_in(str(sequence), where)
        name = str(columns["id"][row]) if "id" in columns else f"row_{row}"
        mutations = _mutations(str(mutation), letters, where)
        found.append(Example(name, letters, np.array(value), np.array(True), mutations))
    if not found:
        raise InputError(describe("no labelled row", where=str(path), found=f"left out: {dict(left_out)}"))
    return found, left_out


def _mutations(text: str, sequence: str, where: str) -> tuple[Mutation, ...]:
    found = []
    for name in re.split(r"[:,;/]", text):
        match = _MUTATION.fullmatch(name.strip())
        if match is None:
            raise FileFormatError(
                describe(f"no substitution is named {name!r}", where=where, expected="such as A24V, numbered from 1")
            )
        place = int(match[2]) - 1
        letter = sequence[place] if 0 <= place < len(sequence) else "no residue"
        if letter != match[1]:
            raise FileFormatError(
                describe("the mutation does not fit the sequence", where=where, found=letter,
                         expected=f"{match[1]} at {match[2]}", do="Numbers count from 1 in the sequence of the row.")
            )  # fmt: skip
        found.append(Mutation(place, match[1], match[3]))
    if len({one.position for one in found}) < len(found):
        raise FileFormatError(describe(f"{text!r} mutates one position twice", where=where, expected="each once"))
    return tuple(sorted(found))


def evaluate_changes(predictor: ChangePredictor, name: str, path: Path) -> dict[str, Any]:
    """Return the metrics of the predictor and of the trivial answer, in both directions, and what its interval covers.

    Raises:
        InputError: the predictor has no property of this name, or a number is outside the range of the property.
    """
    item = predictor.file.property
    if name != item.name:
        raise InputError(f"the predictor has no property {name!r}; expected {item.name}.")
    examples, left_out = read_labelled_changes(path)
    require_in_range(item, examples)
    target = np.array([float(one.value) for one in examples])
    answer = predictor.predict(examples)
    reverse = predictor.predict([reversed_example(one) for one in examples])
    trivial = np.full(len(examples), predictor.file.trivial)
    trained = set(predictor.file.trained_on)
    interval = predictor.file.interval
    covered = None
    if interval is not None:
        bounds = interval.intervals(answer)
        covered = float(((bounds[:, 0] <= target) & (target <= bounds[:, 1])).mean())
    return {
        "property": name, "level": item.level, "unit": item.unit, "direction": item.direction,
        "num_examples": len(examples), "num_labels": len(examples), "left_out": dict(left_out),
        "num_sequences_trained_on": sum(sequence_digest(one.sequence) in trained for one in examples),
        "metrics": {**judged(item, target, answer), **judged_both_ways(target, answer, reverse)},
        "trivial": {**judged(item, target, trivial), **judged_both_ways(target, trivial, trivial)},
        "interval_level": None if interval is None else interval.level, "interval_coverage": covered,
    }  # fmt: skip
