"""Properties of proteins that a linear map of cheap columns answers, inside a predictor of many.

With few thousand labels of whole proteins and no pretrained model, composition and pieces of the sequence say more than
a head on an encoder that has to learn all from scratch (`results/properties`). The map is fitted to the property's own
training part, for it shares nothing with the others.
"""

import json
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from jaxtyping import Int
from pydantic import Field

from protea.applications.properties.cheap.columns import ColumnSet, columns_for, columns_of
from protea.applications.properties.cheap.learners import fit_linear, trivial_answer
from protea.applications.properties.fitted.fitted_doubt import Parts, halved
from protea.applications.properties.fitted.predictor import PropertyPredictor
from protea.applications.properties.joint.task_results import NUM_RESAMPLES
from protea.applications.properties.labels.examples import Example
from protea.applications.properties.labels.joint_data import JointData, joint_data
from protea.applications.properties.labels.judging import interval, judged
from protea.applications.properties.labels.property import Property
from protea.config import Config, parse_config
from protea.datasets.column_scale import column_scale
from protea.datasets.sequence_digest import sequence_digest
from protea.errors import ConfigError, describe

__all__ = ["ColumnResult", "column_results", "load_column_results", "save_column_results", "with_column_answer"]

_FILE = "columns.json"


class ColumnResult(Config):
    """A property that columns answer, on one of its tests."""

    name: str = Field(description="Name of the property.")
    test: str = Field(description="Name of the test.")
    num_train: int = Field(description="Proteins that the map was fitted to.")
    num_test: int = Field(description="Proteins of the test.")
    trivial: dict[str, float | None] = Field(description="Metrics of the answer that looks at nothing.")
    columns: dict[str, float | None] = Field(description="Metrics of the map.")
    interval: tuple[float, float] | None = Field(
        None, description="95 % interval over families of the metric that the property is judged by, of the map."
    )


def with_column_answer(
    predictor: PropertyPredictor, name: str, folder: Path, cache: Path, seed: int, *, longest: int,
    most_test: int | None = None,
) -> tuple[PropertyPredictor, JointData, Parts]:  # fmt: skip
    """Return the predictor with one property answered by columns, that property's data, and its calibration rows.

    Half of the validation families chooses the penalty, the other half is left to calibrate on.

    Args:
        predictor: has the property already.
        name: of the property.
        folder: of the tables.
        cache: where families are kept.
        seed: of the split.
        longest: residues of the longest protein that is kept.
        most_test: proteins of each test, and of validation, at most.

    Raises:
        ConfigError: a property of residues.
    """
    item = predictor.property(name)
    if item.level != "protein":
        raise ConfigError(describe("columns answer properties of whole proteins", where=name, found=item.level))
    data = joint_data([item], folder, cache, seed, longest=longest, most_test=most_test)
    stopping, calibration = halved(data, seed)
    sets = columns_for("protein", [])
    train, held = (_columns(sets, data, rows) for rows in (data.train[name], stopping[name]))
    mean, spread = train.mean(axis=0), column_scale(train)
    target, of_held = (_labels(item, data, rows) for rows in (data.train[name], stopping[name]))
    answer = fit_linear(item.kind, (train - mean) / spread, target, (held - mean) / spread, of_held, len(item.classes))
    trivial = trivial_answer(item.kind, target, len(item.classes))
    digests = {sequence_digest(data.proteins[row].sequence) for row in data.train[name].tolist()}
    file = predictor.file.model_copy(
        update={
            "columns": {**predictor.file.columns, name: sets},
            "transforms": {**predictor.file.transforms, name: data.transforms[name]},
            "trivial": {
                **predictor.file.trivial, name: float(trivial) if trivial.ndim == 0 else tuple(trivial.tolist())
            },
            "trained_on": tuple(sorted({*predictor.file.trained_on, *digests})),
        }
    )  # fmt: skip
    linear = {**predictor.linear, name: answer.before_standardising(mean, spread)}
    return PropertyPredictor(file, predictor.model, linear), data, calibration


def column_results(predictor: PropertyPredictor, data: JointData, name: str) -> list[ColumnResult]:
    """Return what the answers to one property of proteins are worth on each of its tests."""
    item, found = predictor.property(name), []
    for test, rows in data.tests[name].items():
        sequences = [data.proteins[row].sequence for row in rows.tolist()]
        target = _labels(item, data, rows)
        if item.kind == "value":
            target = data.transforms[name].invert(target)
        trivial, own = (
            np.stack(each) for each in (predictor.trivial(name, sequences), predictor.predict(name, sequences))
        )  # fmt: skip
        bounds = interval(item, target, own, _families(data, rows), NUM_RESAMPLES)
        found.append(
            ColumnResult(name=name, test=test, num_train=len(data.train[name]), num_test=len(rows),
                         trivial=dict(judged(item, target, trivial)), columns=dict(judged(item, target, own)),
                         interval=None if bounds is None else (bounds.low, bounds.high))
        )  # fmt: skip
    return found


def save_column_results(results: Sequence[ColumnResult], folder: Path) -> None:
    """Write what answers by columns are worth into a folder of a fit."""
    tree = [one.model_dump(mode="json") for one in results]
    (folder / _FILE).write_text(json.dumps(tree, indent=1) + "\n", encoding="utf-8")


def load_column_results(folder: Path) -> list[ColumnResult]:
    """Return what `save_column_results` wrote into a folder."""
    path = folder / _FILE
    return [parse_config(ColumnResult, tree, where=str(path)) for tree in json.loads(path.read_text(encoding="utf-8"))]


def _columns(sets: tuple[ColumnSet, ...], data: JointData, rows: Int[np.ndarray, " row"]) -> np.ndarray:
    examples = [Example(str(row), data.proteins[row].sequence, np.array(0), np.array(True)) for row in rows.tolist()]
    found = columns_of(sets, examples)
    assert isinstance(found, np.ndarray)
    return found


def _families(data: JointData, rows: Int[np.ndarray, " row"]) -> Int[np.ndarray, " row"]:
    """Return the number of the family of each protein."""
    names = [data.family_of[data.proteins[row].id] for row in rows.tolist()]
    return np.unique(names, return_inverse=True)[1]


def _labels(item: Property, data: JointData, rows: Int[np.ndarray, " row"]) -> np.ndarray:
    """Return labels of proteins, numbers in transformed units."""
    return np.stack([data.tables[item.name].of[data.proteins[row].id].value for row in rows.tolist()])
