"""Several properties as one set of proteins: labels meet on the sequence, and what one task tests no other trains on.

A protein of the test or validation part of one property, and every relative of it, leaves the training parts of all
others: the shared encoder would have seen it. Labels are in transformed units, fitted to the training part. Axes:
protein, task.
"""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Literal

import numpy as np
from jaxtyping import Int

from protea.applications.properties.labels.examples import Example
from protea.applications.properties.labels.partition import SplitConfig, families, partition
from protea.applications.properties.labels.property import Property, known_letters
from protea.applications.properties.labels.transforms import FittedTransform
from protea.datasets.labels import LabelTable
from protea.errors import InputError, describe
from protea.protein.batch import ProteinBatch, pack
from protea.protein.record import Label, Protein, protein_from_sequence
from protea.training.data import Rows

__all__ = ["JointData", "LoadProteins", "joint_data", "transformed_label"]


@dataclass(frozen=True, eq=False)
class LoadProteins:
    """Loads rows of proteins in memory with the labels of all tasks, unknown where a protein has none."""

    proteins: tuple[Protein, ...]
    tables: tuple[LabelTable, ...]

    def __call__(self, rows: Sequence[int]) -> ProteinBatch:
        """Return the batch of these rows."""
        chosen = [self.proteins[row] for row in rows]
        ids, lengths = [item.id for item in chosen], np.array([len(item) for item in chosen])
        extras = {name: extra for table in self.tables for name, extra in table.packed(ids, lengths).items()}
        return pack(chosen).with_extra(**extras)


@dataclass(frozen=True, eq=False)
class JointData:
    """Proteins of all tasks, their labels, and the rows of each part of each task."""

    proteins: tuple[Protein, ...]
    tables: Mapping[str, LabelTable]
    transforms: Mapping[str, FittedTransform]
    train: Mapping[str, Int[np.ndarray, "_"]]
    validation: Mapping[str, Int[np.ndarray, "_"]]
    tests: Mapping[str, Mapping[str, Int[np.ndarray, "_"]]]
    family_of: Mapping[str, str]
    num_left_out: Mapping[str, Mapping[str, int]]

    @cached_property
    def fingerprint(self) -> str:
        """A digest of sequences and labels."""
        digest = hashlib.sha256("\n".join(one.sequence for one in self.proteins).encode())
        for name in sorted(self.tables):
            for id, label in self.tables[name].of.items():
                digest.update(f"{name} {id} {label.value.dtype}".encode())
                digest.update(label.value.tobytes() + label.is_known.tobytes())
        return digest.hexdigest()

    def rows(self, rows: Int[np.ndarray, " row"], tasks: Sequence[str]) -> Rows:
        """Return rows with the labels of some tasks."""
        lengths = np.array([len(self.proteins[row]) for row in rows.tolist()], dtype=np.int64)
        return Rows(rows, lengths, LoadProteins(self.proteins, tuple(self.tables[name] for name in tasks)))

    def labelled_rows(self, part: Mapping[str, Int[np.ndarray, "_"]], tasks: Sequence[str]) -> Rows:
        """Return the rows of a part with the labels of that part alone.

        A protein may be in the validation of one task and in the test of another, whose label must not be seen here.
        """
        rows = self.rows_of(part, tasks)
        lengths = np.array([len(self.proteins[row]) for row in rows.tolist()], dtype=np.int64)
        tables = []
        for name in tasks:
            table, ids = self.tables[name], [self.proteins[row].id for row in part[name].tolist()]
            tables.append(LabelTable(name, table.level, {id: table.of[id] for id in ids}))
        return Rows(rows, lengths, LoadProteins(self.proteins, tuple(tables)))

    def rows_of(self, part: Mapping[str, Int[np.ndarray, "_"]], tasks: Sequence[str]) -> Int[np.ndarray, " row"]:
        """Return the rows that have a label of any of the tasks in a part, each once."""
        return np.unique(np.concatenate([part[name] for name in tasks]))


def joint_data(
    properties: Sequence[Property], folder: Path, cache: Path, seed: int, *, longest: int,
    most_train: int | None = None, most_test: int | None = None,
) -> JointData:  # fmt: skip
    """Return the joint set.

    Args:
        properties: of proteins or residues.
        folder: of the tables.
        cache: where families are kept.
        seed: of the splits and of what is drawn.
        longest: residues of the longest protein that is kept; longer ones are counted.
        most_train: examples of a task that are trained on at most, drawn.
        most_test: the same of each test, and of validation.

    Raises:
        InputError: a property of another level, or a task that is left without a part.
    """
    given, tests_of, left_out = _parts(properties, folder, cache, seed, longest, most_train, most_test)
    every = [item for parts in given.values() for examples in parts.values() for item in examples]
    place_of = {sequence: row for row, sequence in enumerate(dict.fromkeys(item.sequence for item in every))}
    unique = [Example(f"protein_{row}", sequence, np.array(0), np.array(True)) for sequence, row in place_of.items()]
    family_of = families(unique, SplitConfig().search, cache)
    held: dict[str, set[str]] = {}
    for name, parts in given.items():
        for one in (one for part, examples in parts.items() if part != "train" for one in examples):
            held.setdefault(family_of[f"protein_{place_of[one.sequence]}"], set()).add(name)
    transforms = {}
    for item in properties:
        parts = given[item.name]
        kept = [
            one for one in parts["train"]
            if held.get(family_of[f"protein_{place_of[one.sequence]}"], set()) <= {item.name}
        ]  # fmt: skip
        left_out[item.name]["a relative is tested by another task"] = len(parts["train"]) - len(kept)
        parts["train"] = kept
        empty = [part for part, examples in parts.items() if not examples]
        if empty:
            raise InputError(describe(f"{item.name} has no example in {', '.join(empty)}", where="joint training"))
        transforms[item.name] = item.fitted_transform(kept) if item.kind == "value" else FittedTransform()
    proteins = tuple(protein_from_sequence(item.id, item.sequence) for item in unique)

    def rows(examples: Sequence[Example]) -> Int[np.ndarray, " row"]:
        return np.array([place_of[one.sequence] for one in examples], dtype=np.int64)

    tables = {}
    for item in properties:
        of = {
            f"protein_{place_of[one.sequence]}": transformed_label(item, one, transforms[item.name])
            for examples in given[item.name].values() for one in examples
        }  # fmt: skip
        tables[item.name] = LabelTable(item.name, _level(item), of)
    return JointData(
        proteins, tables, transforms,
        {name: rows(parts["train"]) for name, parts in given.items()},
        {name: rows(parts["validation"]) for name, parts in given.items()},
        {name: {test: rows(parts[test]) for test in tests_of[name]} for name, parts in given.items()},
        family_of, left_out,
    )  # fmt: skip


def transformed_label(item: Property, example: Example, transform: FittedTransform) -> Label:
    """Return the label of an example as a model learns it; what is unknown is 0 and marked so, never a NaN."""
    if item.kind != "value":
        return Label(_level(item), example.value.astype(np.int64), example.is_known)
    value = np.zeros(example.value.shape)
    known = np.atleast_1d(example.value)[np.atleast_1d(example.is_known)].astype(np.float64)
    letters = known_letters(example) if item.level == "residue" else None
    applied = transform.apply(known, letters)
    if value.ndim:
        value[example.is_known] = applied
    else:
        value = np.array(applied[0])
    return Label(_level(item), value.astype(np.float32), example.is_known)


def _level(item: Property) -> Literal["protein", "residue"]:
    if item.level == "protein" or item.level == "residue":
        return item.level
    raise InputError(
        describe("an encoder of whole sequences has no head for this level", where=item.name,
                 expected="protein or residue", found=item.level)
    )  # fmt: skip


def _parts(
    properties: Sequence[Property], folder: Path, cache: Path, seed: int, longest: int, most_train: int | None,
    most_test: int | None,
) -> tuple[dict[str, dict[str, list[Example]]], dict[str, tuple[str, ...]], dict[str, dict[str, int]]]:  # fmt: skip
    """Return the examples by property and part, the names of its tests, and what was left out."""
    given, tests_of, left_out = {}, {}, {}
    for place, item in enumerate(properties):
        _level(item)
        examples = item.examples(folder)
        parts = partition(examples, item.split, seed, cache)
        ids = {"train": parts.split.train, "validation": parts.split.validation, **parts.tests}
        reasons = dict(examples.num_left_out)
        found: dict[str, list[Example]] = {}
        for number, (part, of_part) in enumerate(ids.items()):
            short = [one for one in examples.chosen(of_part) if len(one.sequence) <= longest]
            reasons["longer than is trained on"] = (
                reasons.get("longer than is trained on", 0) + len(of_part) - len(short)
            )
            most = most_train if part == "train" else most_test
            found[part] = _drawn(short, most, np.random.default_rng([seed, place, number]))
            reasons["not drawn"] = reasons.get("not drawn", 0) + len(short) - len(found[part])
        given[item.name], tests_of[item.name], left_out[item.name] = found, tuple(parts.tests), reasons
    return given, tests_of, left_out


def _drawn(examples: list[Example], most: int | None, rng: np.random.Generator) -> list[Example]:
    if most is None or len(examples) <= most:
        return examples
    return [examples[place] for place in np.sort(rng.permutation(len(examples))[:most]).tolist()]
