"""Few labels drawn from the training part of a property, many times, and the columns that models read.

The parts are those of the property: the test is never looked at. Larger sets of a draw hold the smaller ones, and all
models of a draw learn from the same labels. Columns are a sequence's cheap ones or its stored embedding, standardised
over the inputs of the training part, whose labels that needs not. Axes: example, column, label.
"""

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import NamedTuple, TypeVar

import numpy as np
from jaxtyping import Float, Int, Shaped
from pydantic import Field

from protea.applications.properties.cheap.columns import Columns, columns_for, columns_of, standard_columns
from protea.applications.properties.labels.examples import Example, Examples
from protea.applications.properties.labels.judging import target_of
from protea.applications.properties.labels.partition import Partition
from protea.applications.properties.labels.property import Property
from protea.benchmark.calibration.order_statistic import least_units
from protea.benchmark.learners.learner import used_columns
from protea.benchmark.learners.stated import LEAST_LABELS
from protea.config import Config
from protea.datasets.stored_embeddings import Embeddings
from protea.errors import InputError, describe

__all__ = [
    "CONTROL",
    "CurveRow",
    "FewShotConfig",
    "LabelPool",
    "embedded_columns",
    "label_pool",
    "learning_curve",
]

CONTROL = "trivial"
"""The model that looks at no column."""


class FewShotConfig(Config):
    """Sizes, draws and models of a learning curve."""

    sizes: tuple[int, ...] = Field((10, 20, 50, 100), description="Numbers of labels.", min_length=1)
    num_draws: int = Field(5, ge=2, le=20, description="Draws of labels.")
    models: tuple[str, ...] = Field(
        (),
        description="Of numbers any of trivial, ridge, bayesian_ridge, gaussian_process, head; of classes trivial, "
        "logistic, gaussian_process; none: all.",
    )
    level: float = Field(0.9, gt=0, lt=1, description="Nominal coverage of the intervals or sets.")
    is_crossed: bool = Field(False, description="Intervals by cross-validation of models that state their own, too.")
    seed: int = Field(0, description="Seed of the draws.")


class CurveRow(Config, ABC):
    """One model, fitted to so many labels of one draw, judged on one test: what numbers and classes share."""

    property: str = Field(description="Name of the property.")
    test: str = Field(description="Name of the test.")
    model: str = Field(description="Name of the model.")
    num_labels: int = Field(description="Labels that it was fitted to.")
    draw: int = Field(description="Number of the draw.")
    num_test: int = Field(description="Examples of the test.")
    metrics: dict[str, float | None] = Field(description="Metrics of the property; none where undefined.")
    coverage: float = Field(description="Share of the test whose label is inside its interval or set.")

    @abstractmethod
    def error(self) -> float:
        """Return the error that gains are of: the lower the better."""

    @abstractmethod
    def size(self) -> float:
        """Return the mean size of the intervals or sets."""


_Row = TypeVar("_Row", bound=CurveRow)


class LabelPool(NamedTuple):
    """What labels are drawn from, and what is asked: columns and labels of all examples, and rows of the parts."""

    columns: Columns
    label: Shaped[np.ndarray, " example"]
    train: Int[np.ndarray, " train"]
    tests: Mapping[str, Int[np.ndarray, " _"]]

    def asked(self) -> Int[np.ndarray, " asked"]:
        """Return the rows of all tests end to end."""
        return np.concatenate([*self.tests.values()])

    def draws(self, config: FewShotConfig) -> Iterator[Int[np.ndarray, " train"]]:
        """Yield the training rows in the order of each draw: the first so many are its labels."""
        for draw in range(config.num_draws):
            yield np.random.default_rng([config.seed, draw]).permutation(self.train)


def _chosen_models(config: FewShotConfig, there: Mapping[str, object], item: Property) -> tuple[str, ...]:
    """Return the names of the models that are asked for."""
    unknown = sorted(set(config.models) - set(there))
    if unknown:
        raise InputError(
            describe(f"no such models: {unknown}", where=f"{item.name}, which is {item.kind}",
                     expected=f"some of {', '.join(there)}")
        )  # fmt: skip
    return config.models or tuple(there)


def label_pool(
    item: Property, examples: Examples, parts: Partition, config: FewShotConfig, found: Embeddings | None
) -> LabelPool:
    """Return what labels are drawn from; cheap columns without embeddings.

    Raises:
        InputError: residues, or a size that the training part does not have.
    """
    _require_sizes(item, config, len(parts.split.train))
    columns = (
        columns_of(columns_for(item.level, examples.examples), examples.examples)
        if found is None
        else embedded_columns(examples.examples, found)
    )
    row_of = {id: row for row, id in enumerate(examples.ids)}
    train = np.array([row_of[id] for id in parts.split.train])
    columns = columns[:, used_columns(columns)]
    columns, _ = standard_columns(columns, columns[train])
    tests = {name: np.array([row_of[id] for id in ids]) for name, ids in parts.tests.items()}
    return LabelPool(columns, target_of(examples.examples, item.kind), train, tests)


def learning_curve(
    item: Property, examples: Examples, parts: Partition, config: FewShotConfig, found: Embeddings | None,
    there: Mapping[str, object],
    judge: Callable[[LabelPool, Int[np.ndarray, " label"], str, int], Sequence[_Row]],
    say: Callable[[str], None],
) -> list[_Row]:  # fmt: skip
    """Return what is said of each draw, size and model.

    Args:
        item: a property of proteins, variants or pairs.
        examples: its examples.
        parts: their parts.
        config: sizes, draws and models.
        found: stored embeddings of all sequences; cheap columns without.
        there: the models of this kind of property, by name.
        judge: from the pool, the rows of the labels, the name of the model and the number of the draw.
        say: told how far it is.

    Raises:
        InputError: residues, no such model, or a size that the training part does not have.
    """
    models, pool = _chosen_models(config, there, item), label_pool(item, examples, parts, config, found)
    rows: list[_Row] = []
    for draw, order in enumerate(pool.draws(config)):
        for size in config.sizes:
            for name in models:
                rows += judge(pool, order[:size], name, draw)
        say(f"{item.name}: draw {draw + 1} of {config.num_draws}")
    return rows


def _require_sizes(item: Property, config: FewShotConfig, num_train: int) -> None:
    if item.level == "residue":
        raise InputError(
            describe("few labels of residues", where=item.name, expected="a property of proteins, variants or pairs")
        )
    least = max(LEAST_LABELS, least_units(config.level))
    if not least <= min(config.sizes) <= max(config.sizes) <= num_train:
        raise InputError(
            describe(f"sizes {config.sizes}", where=item.name, expected=f"{least} labels (fewer give no finite "
                     f"interval of {config.level:.0%}) to {num_train}, as many as the training part has")
        )  # fmt: skip


def embedded_columns(examples: Sequence[Example], found: Embeddings) -> Float[np.ndarray, "example channel"]:
    """Return the stored embedding of each example's own sequence, the mean over its residues; found by sequence.

    Raises:
        InputError: an example whose sequence the folder does not have, or a folder without embeddings of proteins.
    """
    table = found.protein
    if table is None:
        raise InputError(describe("no embeddings of proteins", do="Embed again with --level protein."))
    row_of = {sequence: row for row, sequence in enumerate(found.sequences)}
    absent = [item.id for item in examples if item.mutant_sequence not in row_of]
    if absent:
        raise InputError(
            describe(f"{len(absent)} of {len(examples)} sequences have no embedding", found=f"none of {absent[0]!r}",
                     do="Embed a FASTA file of all of them (`protea embed`).")
        )  # fmt: skip
    return table[[row_of[item.mutant_sequence] for item in examples]].astype(np.float64)
