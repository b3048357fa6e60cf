"""Cheap models beside their controls: for each property, test and seed of the split, what columns alone reach.

The controls are the trivial answer (mean or shares of training) and the nearest example (most triples of letters, or
mutations, in common). A figure that is no better than both is worth nothing, whoever reaches it.
"""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from pydantic import Field

from protea.applications.properties.cheap.columns import columns_for, columns_of, shared_pieces, standard_columns
from protea.applications.properties.cheap.learners import fit_linear, nearest_answers, trivial_answer
from protea.applications.properties.labels.examples import Examples
from protea.applications.properties.labels.judging import judged, target_of
from protea.applications.properties.labels.partition import Leakage, Partition, partition
from protea.applications.properties.labels.property import Property
from protea.config import Config
from protea.errors import InputError, describe

__all__ = ["CHEAP", "NEAREST", "TRIVIAL", "BaselineRow", "run_baselines"]

TRIVIAL, NEAREST, CHEAP = "trivial", "nearest", "cheap"


class BaselineRow(Config):
    """One property, test and seed: sizes, what leaks, and the metrics of each model by name."""

    property: str = Field(description="Name of the property.")
    test: str = Field(description="Name of the test.")
    seed: int = Field(description="Seed of the split.")
    num_train: int = Field(description="Examples that are trained on.")
    num_validation: int = Field(description="Examples that choose the penalty.")
    num_test: int = Field(description="Examples of this test.")
    num_left_out: dict[str, int] = Field(description="Rows left out, by the reason.")
    leakage: Leakage | None = Field(description="What the split gives away, of all its tests.")
    note: str = Field(description="A word on the split.")
    metrics: dict[str, dict[str, float | None]] = Field(description="Metrics by model; none where undefined.")


def run_baselines(
    properties: Sequence[Property], folder: Path, cache: Path, seeds: Sequence[int] = (0, 1, 2),
    say: Callable[[str], None] = lambda line: None,
) -> list[BaselineRow]:  # fmt: skip
    """Return a row per property, test and seed.

    Raises:
        InputError: a property of residues, which these columns do not describe.
    """
    rows: list[BaselineRow] = []
    for item in properties:
        if item.level == "residue":
            raise InputError(
                describe("no cheap columns for residues", where=item.name, do="Use `protea properties fit`.")
            )
        examples = item.examples(folder)
        inputs = _Inputs(item, examples)
        for seed in seeds:
            parts = partition(examples, item.split, seed, cache)
            rows += _of_split(item, examples, inputs, parts, seed)
            say(f"{item.name}, seed {seed}: {rows[-1].metrics[CHEAP][item.metric]}")
    return rows


class _Inputs:
    """Columns and shared pieces of all examples, computed once."""

    def __init__(self, item: Property, examples: Examples) -> None:
        self.columns = columns_of(columns_for(item.level, examples.examples), examples.examples)
        self.pieces = shared_pieces(examples.examples)
        self.row_of = {id: row for row, id in enumerate(examples.ids)}

    def rows(self, ids: Sequence[str]) -> np.ndarray:
        """Return the rows of ids."""
        return np.array([self.row_of[id] for id in ids])


def _of_split(item: Property, examples: Examples, inputs: _Inputs, parts: Partition, seed: int) -> list[BaselineRow]:
    train, held = inputs.rows(parts.split.train), inputs.rows(parts.split.validation)
    trained = examples.chosen(parts.split.train)
    known, of_held = (target_of(part, item.kind) for part in (trained, examples.chosen(parts.split.validation)))
    transform = item.fitted_transform(trained) if item.kind == "value" else None
    own = (lambda value: value) if transform is None else transform.apply
    asked, seen = standard_columns(inputs.columns, inputs.columns[train])
    predict = fit_linear(item.kind, seen, own(known), asked[held], own(of_held), len(item.classes))
    constant = trivial_answer(item.kind, known, len(item.classes))
    found = []
    for test, ids in parts.tests.items():
        rows = inputs.rows(ids)
        target = target_of(examples.chosen(ids), item.kind)
        answer = predict(asked[rows])
        answers = {
            TRIVIAL: np.broadcast_to(constant, (len(ids), *constant.shape)).astype(np.float64),
            NEAREST: _nearest(item, inputs, train, known, rows, constant),
            CHEAP: answer if transform is None else transform.invert(answer),
        }
        metrics = {name: dict(judged(item, target, value)) for name, value in answers.items()}
        found.append(_row(item, test, seed, parts, examples.num_left_out, len(ids), metrics))
    return found


def _nearest(
    item: Property, inputs: _Inputs, train: np.ndarray, known: np.ndarray, rows: np.ndarray, constant: np.ndarray
) -> np.ndarray:
    target = np.eye(len(item.classes))[known] if item.kind == "classes" else known
    return nearest_answers(inputs.pieces[train], target, inputs.pieces[rows], constant)


def _row(
    item: Property, test: str, seed: int, parts: Partition, left_out: Mapping[str, int], num_test: int,
    metrics: dict[str, Any],
) -> BaselineRow:  # fmt: skip
    return BaselineRow(
        property=item.name, test=test, seed=seed, num_train=len(parts.split.train),
        num_validation=len(parts.split.validation), num_test=num_test, num_left_out=dict(left_out),
        leakage=parts.leakage, note=parts.note, metrics=metrics,
    )  # fmt: skip
