"""What few labels are worth: models fitted to 10, 20, 50, 100 labels of a property, many draws, beside the control.

The parts are those of the property: labels are drawn from its training part, and the test is never looked at. Larger
sets of a draw hold the smaller ones, and all models of a draw learn from the same labels. Settings are chosen on folds
of the drawn labels. Columns are a sequence's cheap ones or its stored embedding, standardised over the inputs of the
training part, whose labels that needs not. Axes: example, column, draw.
"""

from collections.abc import Callable, Mapping, Sequence

import numpy as np
from jaxtyping import Float, Int
from pydantic import Field

from protea.applications.properties.cheap.columns import Columns, columns_for, columns_of, standard_columns
from protea.applications.properties.labels.examples import Example, Examples
from protea.applications.properties.labels.judging import judged, target_of
from protea.applications.properties.labels.partition import Partition
from protea.applications.properties.labels.property import Property
from protea.benchmark.calibration.order_statistic import least_units
from protea.benchmark.learners.few_labels import FewLabelsConfig
from protea.benchmark.learners.gaussian_process import GaussianProcessConfig
from protea.benchmark.learners.learner import LearnerConfig, used_columns
from protea.benchmark.learners.mean import MeanConfig
from protea.benchmark.learners.network import NetworkConfig
from protea.benchmark.learners.ridge import RidgeConfig
from protea.benchmark.learners.stated import LEAST_LABELS, fit_and_state
from protea.config import Config
from protea.datasets.stored_embeddings import Embeddings
from protea.errors import InputError, describe
from protea.metrics.rmse import rmse

__all__ = ["CONTROL", "FEW_SHOT_MODELS", "FewShotConfig", "FewShotRow", "embedded_columns", "run_few_shot"]

CONTROL = "trivial"
FEW_SHOT_MODELS: Mapping[str, LearnerConfig] = {
    CONTROL: MeanConfig(),
    "ridge": RidgeConfig(penalties=(1.0, 10.0, 100.0, 1000.0, 10000.0)),
    "bayesian_ridge": FewLabelsConfig(model="bayesian_ridge"),
    "gaussian_process": GaussianProcessConfig(),
    "head": NetworkConfig(hidden_dim=32, batch_size=16, weight_decay=0.1),
}
"""The models by name: the mean of the labels, three on frozen columns with a prior, and a head of one hidden layer."""


class FewShotConfig(Config):
    """Sizes, draws and models of a learning curve."""

    sizes: tuple[int, ...] = Field((10, 20, 50, 100), description="Numbers of labels.", min_length=1)
    num_draws: int = Field(5, ge=2, le=20, description="Draws of labels.")
    models: tuple[str, ...] = Field(
        tuple(FEW_SHOT_MODELS), description="Any of trivial, ridge, bayesian_ridge, gaussian_process, head."
    )
    level: float = Field(0.9, gt=0, lt=1, description="Nominal coverage of the intervals.")
    is_crossed: bool = Field(False, description="Intervals by cross-validation of models that state their own, too.")
    seed: int = Field(0, description="Seed of the draws.")


class FewShotRow(Config):
    """One model, fitted to so many labels of one draw, judged on one test."""

    property: str = Field(description="Name of the property.")
    test: str = Field(description="Name of the test.")
    model: str = Field(description="Name of the model.")
    num_labels: int = Field(description="Labels that it was fitted to.")
    draw: int = Field(description="Number of the draw.")
    num_test: int = Field(description="Examples of the test.")
    metrics: dict[str, float | None] = Field(description="Metrics of the property; none where undefined.")
    rmse: float = Field(description="Root mean square error, in the unit of the property.")
    coverage: float = Field(description="Share of test labels inside their interval.")
    mean_width: float = Field(description="Mean width of the intervals, in the unit of the property.")
    way: str = Field(description="How the interval was made: own or CV+.")


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


def run_few_shot(
    item: Property, examples: Examples, parts: Partition, config: FewShotConfig, found: Embeddings | None = None,
    say: Callable[[str], None] = lambda line: None,
) -> list[FewShotRow]:  # fmt: skip
    """Return a row per test, model, number of labels and draw.

    Args:
        item: a number of proteins, variants or pairs.
        examples: its examples.
        parts: their parts.
        config: sizes, draws and models.
        found: stored embeddings of all sequences; cheap columns without.
        say: told how far it is.

    Raises:
        InputError: classes or residues, no such model, or a size that the training part does not have.
    """
    _require_usable(item, config, len(parts.split.train))
    columns = (
        columns_of(columns_for(item.level, examples.examples), examples.examples)
        if found is None
        else embedded_columns(examples.examples, found)
    )
    row_of = {id: row for row, id in enumerate(examples.ids)}
    pool = np.array([row_of[id] for id in parts.split.train])
    columns = columns[:, used_columns(columns)]
    columns, _ = standard_columns(columns, columns[pool])
    tests = {name: np.array([row_of[id] for id in ids]) for name, ids in parts.tests.items()}
    label = target_of(examples.examples, "value")
    rows: list[FewShotRow] = []
    for draw in range(config.num_draws):
        order = np.random.default_rng([config.seed, draw]).permutation(pool)
        for size in config.sizes:
            for name in config.models:
                rows += _judged(item, examples.examples, columns, label, order[:size], tests, name, config, draw)
        say(f"{item.name}: draw {draw + 1} of {config.num_draws}")
    return rows


def _require_usable(item: Property, config: FewShotConfig, num_train: int) -> None:
    if item.kind != "value" or item.level == "residue":
        raise InputError(
            describe(f"few labels of {item.level}s that are {item.kind}", where=item.name,
                     expected="a number of proteins, variants or pairs")
        )  # fmt: skip
    unknown = sorted(set(config.models) - set(FEW_SHOT_MODELS))
    if unknown:
        raise InputError(describe(f"no such models: {unknown}", expected=f"some of {', '.join(FEW_SHOT_MODELS)}"))
    least = max(LEAST_LABELS, least_units(config.level))
    if not least <= min(config.sizes) <= max(config.sizes) <= num_train:
        raise InputError(
            describe(f"sizes {config.sizes}", where=item.name, expected=f"{least} labels (fewer give no finite "
                     f"interval of {config.level:.0%}) to {num_train}, as many as the training part has")
        )  # fmt: skip


def _judged(
    item: Property, examples: Sequence[Example], columns: Columns, label: Float[np.ndarray, " example"],
    known: Int[np.ndarray, " label"], tests: Mapping[str, Int[np.ndarray, " _"]], model: str, config: FewShotConfig,
    draw: int,
) -> list[FewShotRow]:  # fmt: skip
    """Return the rows of one model on all tests."""
    asked = np.concatenate([*tests.values()])
    transform = item.fitted_transform([examples[row] for row in known])
    # One fit answers all tests; what it says of one does not depend on the others.
    stated = fit_and_state(
        FEW_SHOT_MODELS[model],
        columns[known],
        transform.apply(label[known]),
        columns[asked],
        config.level,
        config.seed,
        is_crossed=config.is_crossed,
    )
    lower, upper = transform.invert_interval(stated.interval[:, 0], stated.interval[:, 1])
    value = transform.invert(stated.value)
    rows, start = [], 0
    for test, part in tests.items():
        here = slice(start, start + part.size)
        start += part.size
        truth, answer, low, high = label[part], value[here], lower[here], upper[here]
        rows.append(
            FewShotRow(
                property=item.name, test=test, model=model, num_labels=known.size, draw=draw, num_test=part.size,
                metrics=dict(judged(item, truth, answer)), rmse=rmse(truth, answer),
                coverage=float(np.mean((low <= truth) & (truth <= high))), mean_width=float(np.mean(high - low)),
                way=stated.way,
            )
        )  # fmt: skip
    return rows
