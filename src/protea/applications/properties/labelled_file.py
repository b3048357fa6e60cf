"""A fitted predictor judged on somebody's labelled file, so that anyone can test it on data that it never saw.

Columns of the CSV or Parquet file: `sequence` and `target`, and `id` if there is one. The target is a number in the
property's unit and sign, the name of a class (or 0 and 1), labels joined by commas, or, for residues, a letter per
residue: the number of the class from 0, or `-` where it is unknown.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from protea.applications.properties.cells import Cells, ClassCells, LabelCells, LetterCells, NumberCells
from protea.applications.properties.examples import Example
from protea.applications.properties.judging import judged
from protea.applications.properties.predictor import PropertyPredictor, sequence_digest
from protea.applications.properties.property import Property
from protea.datasets.sources.label_files import read_table
from protea.errors import FileFormatError, InputError, describe

__all__ = ["evaluate_file", "read_labelled", "table_with"]

_COLUMNS = ("sequence", "target")


def table_with(path: Path, names: Sequence[str]) -> Mapping[str, Sequence[Any]]:
    """Return the columns of a CSV or Parquet file; raise FileFormatError where one of the names is not there."""
    columns = read_table(path, text={*names, "id"})
    missing = sorted(set(names) - set(columns))
    if missing:
        raise FileFormatError(
            describe(f"no column {missing}", where=str(path), expected=", ".join(names), found=", ".join(columns))
        )
    return columns


def read_labelled(path: Path, item: Property) -> tuple[list[Example], Counter[str]]:
    """Return the examples of a file, and what was left out by its reason.

    Raises:
        FileFormatError: a column is missing, or a cell is not a label of the property.
        InputError: no row has a label.
    """
    columns = table_with(path, _COLUMNS)
    cells, classes = _cells(item), item.classes or ("0", "1")
    left_out: Counter[str] = Counter()
    found = []
    for row, (sequence, target) in enumerate(zip(columns["sequence"], columns["target"], strict=True)):
        if not sequence:
            left_out["no sequence"] += 1
            continue
        label = cells.decode({"target": target}, str(sequence).upper(), classes, f"{path}, row {row + 1}")
        if isinstance(label, str):
            left_out[label] += 1
        else:
            name = str(columns["id"][row]) if "id" in columns else f"row_{row}"
            found.append(Example(name, str(sequence).upper(), label.value, label.is_known))
    if not found:
        raise InputError(describe("no labelled row", where=str(path), found=f"left out: {dict(left_out)}"))
    return found, left_out


def evaluate_file(predictor: PropertyPredictor, name: str, path: Path) -> dict[str, Any]:
    """Return the metrics of the predictor and of the trivial answer, and how many sequences were trained on."""
    item = predictor.property(name)
    examples, left_out = read_labelled(path, item)
    sequences = [one.sequence for one in examples]
    trained = set(predictor.file.trained_on)
    is_seen = [sequence_digest(sequence) in trained for sequence in sequences]
    target, answer = _flat(examples, predictor.predict(name, sequences))
    _, trivial = _flat(examples, predictor.trivial(name, sequences))
    if np.isnan(answer).any():
        raise InputError(describe(f"{name} is asked of residues that do not have it", where=str(path)))
    target = target.astype(np.float64 if item.kind == "value" else np.int64)
    return {
        "property": name, "level": item.level, "unit": item.unit, "direction": item.direction,
        "num_examples": len(examples), "num_labels": len(target), "left_out": dict(left_out),
        "num_sequences_trained_on": sum(is_seen),
        "metrics": dict(judged(item, target, answer)), "trivial": dict(judged(item, target, trivial)),
    }  # fmt: skip


def _flat(examples: Sequence[Example], answers: Sequence[np.ndarray]) -> tuple[np.ndarray, np.ndarray]:
    """Return the known labels and their answers, a row each."""
    if examples[0].is_known.ndim == 0:
        return np.stack([one.value for one in examples]), np.stack(list(answers))
    pairs = list(zip(examples, answers, strict=True))
    return (
        np.concatenate([one.value[one.is_known] for one, _ in pairs]),
        np.concatenate([answer[one.is_known] for one, answer in pairs]),
    )


def _cells(item: Property) -> Cells:
    if item.level == "residue" and item.kind != "value":
        number = max(len(item.classes), 2)
        return LetterCells(column="target", letters=tuple(str(place) for place in range(number)), unknown="-")
    if item.level == "residue":
        raise InputError(
            describe("numbers of residues cannot be written in one cell", where=item.name,
                     do="Make the file a property of its own (a YAML block) and fit it.")
        )  # fmt: skip
    if item.kind == "value":
        return NumberCells(column="target")
    if item.kind == "multilabel":
        return LabelCells(column="target", depth=max(name.count(".") + 1 for name in item.classes))
    if item.kind != "binary":
        return ClassCells(column="target")
    # A column of 0 and 1 with gaps is often written as 0.0 and 1.0.
    pairs = [(spelled, name) for place, name in enumerate(item.classes) for spelled in (str(place), f"{place}.0")]
    return ClassCells(column="target", other=dict(pairs))
