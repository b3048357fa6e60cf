"""Predictions of any tool, from a CSV table: a line per item, the part it belongs to, and what the tool states.

Columns: `split` (`calibration` or `validation`, `test`; other lines are counted, not read) and `target`; then `value`
with, if stated, `sigma`, or `low` and `high`; or `probability` of a yes/no label (target 0 or 1); or `probability_0`,
`probability_1`, ... of classes (target a class id). `unit` names what is exchangeable, `group` a group.
"""

import re
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np

from protea.benchmark.calibration.held import Held
from protea.datasets.opened_table import TableRows, opened_table
from protea.errors import FileFormatError, InputError, describe

__all__ = ["read_outside_table"]

_CALIBRATION, _TEST = ("calibration", "validation"), ("test",)
_LEAST_PROBABILITY = 1e-12


def read_outside_table(path: Path) -> tuple[Held, Held, int]:
    """Return what to calibrate on, what to judge, and how many lines belong to neither.

    Raises:
        FileFormatError: columns that are missing, or a cell that is no number; the message names the line.
        InputError: no line of one of the two parts.
    """
    with opened_table(path) as handle:
        reader = TableRows(handle, path)
        names = tuple(reader.fieldnames or ())
        rows = list(reader)
    # A class whose column lacks would give its number to the next one.
    numbered = sum(re.fullmatch(r"probability_\d+", name) is not None for name in names)
    classes = [f"probability_{i}" for i in range(numbered)]
    forms = [bool(classes), "probability" in names, "value" in names]
    if not {"split", "target", *classes} <= set(names) or sum(forms) != 1:
        raise FileFormatError(
            describe("not a table of predictions", where=str(path), found=", ".join(names) or "no head line",
                     expected="split, target, and either value (with sigma, or low and high), probability, or "
                     "probability_0, probability_1, ... without a gap")
        )  # fmt: skip
    lines = [(number, row) for number, row in enumerate(rows, start=2)]
    parts = [[item for item in lines if item[1]["split"] in part] for part in (_CALIBRATION, _TEST)]
    for part, wanted in zip(parts, ("calibration", "test"), strict=True):
        if not part:
            raise InputError(describe(f"no line of the part {wanted}", where=str(path), do="Fill the column `split`."))
    known, judged = (_held(part, names, classes, path) for part in parts)
    return known, judged, len(rows) - len(parts[0]) - len(parts[1])


def _held(
    lines: Sequence[tuple[int, Mapping[str, str]]], names: Sequence[str], classes: Sequence[str], path: Path
) -> Held:
    def numbers(name: str) -> np.ndarray:
        return np.array([_number(row[name], f"{path}:{line}, {name}") for line, row in lines])

    def texts(name: str) -> np.ndarray | None:
        return np.array([row[name] for _, row in lines]) if name in names else None

    target, unit, group = numbers("target"), texts("unit"), texts("group")
    if unit is not None and (unit == "").any():
        line = lines[int(np.flatnonzero(unit == "")[0])][0]
        raise FileFormatError(
            describe("an empty unit", where=f"{path}:{line}", expected="a name in every line, or no such column",
                     do="Name each item by itself: items without a name are not one unit.")
        )  # fmt: skip
    own = np.array([str(line) for line, _ in lines]) if unit is None else unit
    if classes or "probability" in names:
        if (target != np.round(target)).any():
            raise FileFormatError(describe("a target that is no class", where=str(path), expected="0, 1, ..."))
        target = target.astype(np.int64)
    if classes:
        probability = np.stack([numbers(name) for name in classes], axis=1)
        if (probability < 0).any():
            raise FileFormatError(describe("a negative probability", where=str(path)))
        logits = np.log(np.maximum(probability, _LEAST_PROBABILITY))
        return Held("classes", target, own, logits=logits, group=group)
    if "probability" in names:
        return Held("yes_no", target, own, value=numbers("probability"), group=group)
    stated = {name: numbers(name) if name in names else None for name in ("sigma", "low", "high")}
    return Held(
        "value", target, own, value=numbers("value"), sigma=stated["sigma"], low=stated["low"], high=stated["high"],
        group=group,
    )  # fmt: skip


def _number(text: str | None, where: str) -> float:
    try:
        found = float(text or "")
    except ValueError as error:
        raise FileFormatError(describe(f"{text!r} is no number", where=where)) from error
    if not np.isfinite(found):
        raise FileFormatError(describe(f"{text!r} is not finite", where=where, do="Leave the line out."))
    return found
