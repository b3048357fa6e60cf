"""A fitted predictor judged on somebody's labelled file, so that anyone can test it on data that it never saw.

Columns of the CSV or Parquet file: `sequence` and `target`, and `id` if there is one. The target is a number in the
property's unit and sign, the name of a class (or 0 and 1), labels joined by commas, or, for residues, a letter per
residue: that of its class (H, E, C; 1 to 9 where classes are called so), the number of its class from 0 where no class
is called by a digit, or `-` where it is unknown. Yes and no are 1 and 0.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from protea.applications.properties.fitted.doubt import PropertyDoubt
from protea.applications.properties.fitted.predictor import PropertyPredictor
from protea.applications.properties.fitted.structure_column import sequences_of_structures
from protea.applications.properties.labels.cells import (
    Cells,
    ClassCells,
    LabelCells,
    LetterCells,
    NumberCells,
    letters_in,
)
from protea.applications.properties.labels.examples import Example
from protea.applications.properties.labels.judging import judged
from protea.applications.properties.labels.property import Property, require_in_range
from protea.benchmark.calibration.platt_band import PlattBand
from protea.datasets.sequence_digest import sequence_digest
from protea.datasets.sources.label_files import read_table
from protea.errors import FileFormatError, InputError, describe

__all__ = ["evaluate_file", "read_labelled", "table_with"]

_COLUMNS = ("sequence", "target")


def table_with(path: Path, names: Sequence[str]) -> Mapping[str, Sequence[Any]]:
    """Return the columns of a CSV or Parquet file; raise FileFormatError where one of the names is not there.

    Where there is no `sequence`, it is that of the file in the column `structure` (see `structure_column`).
    """
    columns = read_table(path, text=names, names={"id", "structure", "chain"})
    if "sequence" not in columns and "structure" in columns:
        columns["sequence"] = sequences_of_structures(columns, path)
    missing = sorted(set(names) - set(columns))
    if missing:
        raise FileFormatError(
            describe(f"no column {missing}", where=str(path), expected=", ".join(names), found=", ".join(columns))
        )
    return columns


def read_labelled(path: Path, item: Property) -> tuple[list[Example], Counter[str]]:
    """Return the examples of a file, and what was left out by its reason.

    Raises:
        FileFormatError: a column is missing, or a cell is no sequence, or not a label of the property.
        InputError: no row has a label, or a number is outside the range of the property.
    """
    columns = table_with(path, _COLUMNS)
    cells, classes = _cells(item), item.classes or ("0", "1")
    left_out: Counter[str] = Counter()
    found = []
    for row, (sequence, target) in enumerate(zip(columns["sequence"], columns["target"], strict=True)):
        if not sequence:
            left_out["no sequence"] += 1
            continue
        where = f"{path}, row {row + 1}"
        letters = letters_in(str(sequence), where)
        label = cells.decode({"target": target}, letters, classes, where)
        if isinstance(label, str):
            left_out[label] += 1
        else:
            name = str(columns["id"][row]) if "id" in columns else f"row_{row + 1}"
            found.append(Example(name, letters, label.value, label.is_known))
    if not found:
        raise InputError(describe("no labelled row", where=str(path), found=f"left out: {dict(left_out)}"))
    if item.kind == "value":
        require_in_range(item, found)
    return found, left_out


def evaluate_file(
    predictor: PropertyPredictor, name: str, path: Path, doubt: PropertyDoubt | None = None
) -> dict[str, Any]:  # fmt: skip
    """Return the metrics of the predictor and of the trivial answer, and how many sequences were trained on.

    Judged is what is handed out: with its doubt, the calibrated probability of yes, for it decides which answers are a
    yes at 0.5.
    """
    item = predictor.property(name)
    examples, left_out = read_labelled(path, item)
    sequences = [one.sequence for one in examples]
    trained = set(predictor.file.trained_on)
    is_seen = [sequence_digest(sequence) in trained for sequence in sequences]
    target, answer = _flat(examples, predictor.predict(name, sequences))
    _, trivial = _flat(examples, predictor.trivial(name, sequences))
    if np.isnan(answer).any():
        raise InputError(describe(f"{name} is asked of residues that do not have it", where=str(path)))
    if doubt is not None and isinstance(doubt.calibrator, PlattBand):
        answer = doubt.calibrator.probability(answer)
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


def _letter_cells(item: Property) -> LetterCells:
    if item.kind == "binary":  # letters of tables are not taken: a 1 of a mask of resolved residues is a no to disorder
        return LetterCells(column="target", letters=("0", "1"), unknown="-")
    own = next((table.target for table in item.tables if isinstance(table.target, LetterCells)), None)
    is_numbered = not any(name.isdigit() for name in item.classes)
    found = []
    for place, name in enumerate(item.classes):
        letters = str(place) * is_numbered + (name if len(name) == 1 else "")
        found.append(letters + "".join(one for one in (own.letters[place] if own else "") if not one.isdigit()))
    unknown = "-" + "".join(one for one in (own.unknown if own else "") if not any(one in letters for letters in found))
    return LetterCells(column="target", letters=tuple(found), unknown=unknown)


def _cells(item: Property) -> Cells:
    if item.level == "residue" and item.kind != "value":
        return _letter_cells(item)
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
    # A column of 0 and 1 with gaps is often written as 0.0 and 1.0. A class that is called so is meant by its name.
    classes = item.classes or ("0", "1")
    meant = {str(place): str(place) if str(place) in classes else name for place, name in enumerate(classes)}
    return ClassCells(column="target", other=meant | {f"{number}.0": name for number, name in meant.items()})
