"""Predicted changes judged in both directions: A -> B as it was measured, and B -> A with the sign turned.

Four ways to come by a model. `direct`: learned from A -> B. `both`: from each example and its reverse. `odd part`: of
the direct one, (f(A -> B) - f(B -> A)) / 2. `by construction`: G(B) - G(A) (see `change_function`). The measured value
of a reverse is minus that of its example, so that a figure of the reverse tests nothing but the sign.
"""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Literal, NamedTuple

import numpy as np
from jaxtyping import Float
from pydantic import Field

from protea.applications.properties.changes.change_function import (
    Burial,
    ChangeFunction,
    LinearChange,
    SmoothChange,
    SubstitutionChange,
    group_folds,
)
from protea.applications.properties.changes.given_changes import GivenChanges
from protea.applications.properties.changes.reversal import both_directions, reversed_example
from protea.applications.properties.changes.site_burial import burial_of_examples
from protea.applications.properties.cheap.columns import ColumnSet, columns_of, standard_columns
from protea.applications.properties.labels.examples import Example, Examples
from protea.applications.properties.labels.partition import Leakage, Partition, partition
from protea.applications.properties.labels.property import Property
from protea.benchmark.learners.gaussian_process import GaussianProcessConfig
from protea.benchmark.learners.learner import LearnerConfig
from protea.benchmark.learners.network import NetworkConfig
from protea.benchmark.learners.ridge import RidgeConfig
from protea.config import Config
from protea.errors import InputError, describe
from protea.metrics.antisymmetry import antisymmetry_bias, antisymmetry_correlation
from protea.metrics.pearson import pearson
from protea.metrics.rmse import rmse
from protea.metrics.spearman import spearman
from protea.metrics.undefined import UndefinedMetric

__all__ = ["AntisymmetryRow", "Way", "judged_both_ways", "num_shared_windows", "run_antisymmetry"]

Way = Literal["control", "direct", "both", "odd part", "by construction", "given"]

_PAIR_COLUMNS: tuple[ColumnSet, ...] = ("letters", "surroundings")
_WINDOW = 5
_LEARNERS: Mapping[str, LearnerConfig] = {
    "ridge": RidgeConfig(penalties=(1.0, 10.0, 100.0, 1000.0)),
    "Gaussian process": GaussianProcessConfig(most_variants=1500, most_for_scales=300),
    "network": NetworkConfig(hidden_dim=32, most_epochs=30),
}


class AntisymmetryRow(Config):
    """One model on one seed of the split."""

    model: str = Field(description="What was learned.")
    way: Way = Field(description="How directions were treated.")
    seed: int = Field(description="Seed of the split and of the model.")
    num_train: int = Field(description="Examples that were learned from, those that chose settings included.")
    num_test: int = Field(description="Test examples, each judged in both directions.")
    num_families: int = Field(description="Families of the test.")
    leakage: Leakage | None = Field(description="What the split gives away.")
    num_windows: int = Field(description="Test mutations whose eleven residues also surround a trained one.")
    metrics: dict[str, float | None] = Field(description="By name; none where undefined.")
    largest_sum: float = Field(description="Largest |direct + reverse|, in the unit of the label.")


class _Part(NamedTuple):
    """Examples with what is known of their structures."""

    examples: list[Example]
    burial: list[Float[np.ndarray, "..."] | None]

    @property
    def value(self) -> Float[np.ndarray, " example"]:
        return np.array([float(item.value) for item in self.examples])


def judged_both_ways(
    target: Float[np.ndarray, " example"], direct: Float[np.ndarray, " example"], reverse: Float[np.ndarray, " example"]
) -> dict[str, float | None]:
    """Return the metrics of both directions; one that a constant does not have is None.

    `rmse_of_reverse` holds the reverse against minus the target; the two of antisymmetry need no target.
    """
    metrics: dict[str, Callable[[], float]] = {
        "spearman": lambda: spearman(target, direct),
        "pearson": lambda: pearson(target, direct),
        "rmse": lambda: rmse(target, direct),
        "rmse_of_reverse": lambda: rmse(-target, reverse),
        "antisymmetry_correlation": lambda: antisymmetry_correlation(direct, reverse),
        "antisymmetry_bias": lambda: antisymmetry_bias(direct, reverse),
    }
    return {name: _value(metric) for name, metric in metrics.items()}


def _value(metric: Callable[[], float]) -> float | None:
    try:
        return metric()
    except UndefinedMetric:
        return None  # the report prints a dash


def run_antisymmetry(
    item: Property, folder: Path, structures: Sequence[Path], cache: Path, seeds: Sequence[int] = (0, 1, 2),
    say: Callable[[str], None] = lambda line: None, given: Sequence[GivenChanges] = (),
) -> list[AntisymmetryRow]:  # fmt: skip
    """Return a row per model, way and seed; whole families are tested, so no protein is on both sides.

    Args:
        item: a property of variants whose label is a change against the wild type.
        folder: below which its tables lie.
        structures: folders or archives of structures for burial; models that see it are left out if there is none.
        cache: where families are kept.
        seeds: of the split and of the models.
        say: told each row.
        given: predictions of other tools, judged on the same tests.

    Raises:
        InputError: a property of another level or kind, or a tool without a prediction for a test example.
    """
    if item.level != "variant" or item.kind != "value":
        raise InputError(
            describe("no change to turn round", where=item.name, expected="a number of variants",
                     found=f"{item.kind} of {item.level}")
        )  # fmt: skip
    examples = item.examples(folder)
    burial_of = dict(zip(examples.ids, burial_of_examples(examples.examples, structures), strict=True))
    rows: list[AntisymmetryRow] = []
    for seed in seeds:
        parts = partition(examples, item.split, seed, cache)
        train = _part(examples, (*parts.split.train, *parts.split.validation), burial_of)
        test = _part(examples, parts.split.test, burial_of)
        group = [parts.family_of[one.id] for one in train.examples]
        found = _answers(train, test, group, seed)
        found |= {(tool.name, "given"): tool.directions(parts.split.test) for tool in given}
        for (model, way), (direct, reverse) in found.items():
            rows.append(_row(model, way, seed, train, test, parts, direct, reverse))
            say(f"{item.name}, seed {seed}, {model} ({way}): {rows[-1].metrics}")
    return rows


def _part(examples: Examples, ids: Sequence[str], burial_of: Mapping[str, np.ndarray | None]) -> _Part:
    return _Part(list(examples.chosen(ids)), [burial_of[id] for id in ids])


def _answers(
    train: _Part, test: _Part, group: Sequence[str], seed: int
) -> dict[tuple[str, Way], tuple[np.ndarray, np.ndarray]]:
    """Return the answers of each model for the test and for its reverse."""
    found: dict[tuple[str, Way], tuple[np.ndarray, np.ndarray]] = {}
    mean = np.full(len(test.examples), train.value.mean())
    found["mean of training", "control"] = mean, mean
    found["substitution term", "control"] = _constructed(SubstitutionChange(), train, test, group, seed)
    for name, learner in _LEARNERS.items():
        direct = _learned(learner, train.examples, group, test.examples, seed)
        found[name, "direct"] = direct
        both = both_directions(train.examples)
        found[name, "both"] = _learned(learner, both, [*group, *group], test.examples, seed)
        odd = (direct[0] - direct[1]) / 2
        found[name, "odd part"] = odd, -odd
    functions: dict[str, ChangeFunction] = {"linear": LinearChange(), "smooth": SmoothChange()}
    for name, function in functions.items():
        found[name, "by construction"] = _constructed(function, train, test, group, seed)
        if any(own is not None for own in train.burial):
            buried = _constructed(function, train, test, group, seed, is_buried=True)
            found[f"{name} with burial", "by construction"] = buried
    return found


def _learned(
    learner: LearnerConfig, train: Sequence[Example], group: Sequence[str], test: Sequence[Example], seed: int
) -> tuple[np.ndarray, np.ndarray]:
    """Return the answers of a learner over columns of pairs; A -> B and B -> A are two rows to it."""
    known = columns_of(_PAIR_COLUMNS, train)
    value = np.array([float(item.value) for item in train])
    fitted = learner.fit(standard_columns(known, known)[1], value, group_folds(group), seed)
    direct, reverse = (
        fitted.predict(standard_columns(columns_of(_PAIR_COLUMNS, part), known)[0]).mean
        for part in (test, [reversed_example(item) for item in test])
    )
    return direct, reverse


def _constructed(
    function: ChangeFunction, train: _Part, test: _Part, group: Sequence[str], seed: int, is_buried: bool = False
) -> tuple[np.ndarray, np.ndarray]:
    burial: Burial = train.burial if is_buried else None
    asked: Burial = test.burial if is_buried else None
    fitted = function.fit(train.examples, group, seed, burial)
    back = [reversed_example(item) for item in test.examples]
    return fitted.predict(test.examples, asked), fitted.predict(back, asked)


def num_shared_windows(train: Sequence[Example], test: Sequence[Example]) -> int:
    """Return how many test examples have a mutation whose eleven residues also surround a trained mutation."""
    trained = {window for item in train for window in _windows(item)}
    return sum(not trained.isdisjoint(_windows(item)) for item in test)


def _windows(item: Example) -> list[str]:
    return [item.sequence[max(one.position - _WINDOW, 0) : one.position + _WINDOW + 1] for one in item.mutations]


def _row(
    model: str, way: Way, seed: int, train: _Part, test: _Part, parts: Partition, direct: np.ndarray,
    reverse: np.ndarray,
) -> AntisymmetryRow:  # fmt: skip
    return AntisymmetryRow(
        model=model, way=way, seed=seed, num_train=len(train.examples), num_test=len(test.examples),
        num_families=len({parts.family_of[item.id] for item in test.examples}), leakage=parts.leakage,
        num_windows=num_shared_windows(train.examples, test.examples),
        metrics=judged_both_ways(test.value, direct, reverse),
        largest_sum=float(np.abs(direct + reverse).max()),
    )  # fmt: skip
