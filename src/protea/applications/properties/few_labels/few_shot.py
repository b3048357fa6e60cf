"""What few labels of a number are worth: models fitted to 10, 20, 50, 100 of them, many draws, beside their mean.

Settings are chosen on folds of the drawn labels (`drawn_labels.py` says how these are drawn). Axes: example, column.
"""

from collections.abc import Callable, Mapping, Sequence
from functools import partial

import numpy as np
from jaxtyping import Int
from pydantic import Field

from protea.applications.properties.few_labels.drawn_labels import (
    CONTROL,
    CurveRow,
    FewShotConfig,
    LabelPool,
    learning_curve,
)
from protea.applications.properties.labels.examples import Example, Examples
from protea.applications.properties.labels.judging import judged
from protea.applications.properties.labels.partition import Partition
from protea.applications.properties.labels.property import Property
from protea.benchmark.learners.few_labels import FewLabelsConfig
from protea.benchmark.learners.gaussian_process import GaussianProcessConfig
from protea.benchmark.learners.learner import LearnerConfig
from protea.benchmark.learners.mean import MeanConfig
from protea.benchmark.learners.network import NetworkConfig
from protea.benchmark.learners.ridge import RidgeConfig
from protea.benchmark.learners.stated import fit_and_state
from protea.datasets.stored_embeddings import Embeddings
from protea.errors import InputError, describe
from protea.metrics.rmse import rmse

__all__ = ["FEW_SHOT_MODELS", "FewShotRow", "run_few_shot"]

FEW_SHOT_MODELS: Mapping[str, LearnerConfig] = {
    CONTROL: MeanConfig(),
    "ridge": RidgeConfig(penalties=(1.0, 10.0, 100.0, 1000.0, 10000.0)),
    "bayesian_ridge": FewLabelsConfig(model="bayesian_ridge"),
    "gaussian_process": GaussianProcessConfig(),
    "head": NetworkConfig(hidden_dim=32, batch_size=16, weight_decay=0.1),
}
"""The models by name: the mean of the labels, three on frozen columns with a prior, and a head of one hidden layer."""


class FewShotRow(CurveRow):
    """One model on one test of a number."""

    rmse: float = Field(description="Root mean square error, in the unit of the property.")
    mean_width: float = Field(description="Mean width of the intervals, in the unit of the property.")
    way: str = Field(description="How the interval was made: own or CV+.")

    def error(self) -> float:
        """Return the root mean square error."""
        return self.rmse

    def size(self) -> float:
        """Return the mean width."""
        return self.mean_width


def run_few_shot(
    item: Property, examples: Examples, parts: Partition, config: FewShotConfig, found: Embeddings | None = None,
    say: Callable[[str], None] = lambda line: None,
) -> list[FewShotRow]:  # fmt: skip
    """Return a row per test, model, number of labels and draw of a number; see `learning_curve`.

    Raises:
        InputError: no number, or as `learning_curve`.
    """
    if item.kind != "value":
        raise InputError(describe(f"not a number but {item.kind}", where=item.name, expected="kind value"))
    judge = partial(_judged, item, examples.examples, config)
    return learning_curve(item, examples, parts, config, found, FEW_SHOT_MODELS, judge, say)


def _judged(
    item: Property, examples: Sequence[Example], config: FewShotConfig, pool: LabelPool,
    known: Int[np.ndarray, " label"], model: str, draw: int,
) -> list[FewShotRow]:  # fmt: skip
    """Return the rows of one model on all tests."""
    columns, label = pool.columns, pool.label
    transform = item.fitted_transform([examples[row] for row in known])
    # One fit answers all tests; what it says of one does not depend on the others.
    stated = fit_and_state(
        FEW_SHOT_MODELS[model],
        columns[known],
        transform.apply(label[known]),
        columns[pool.asked()],
        config.level,
        config.seed,
        is_crossed=config.is_crossed,
    )
    lower, upper = transform.invert_interval(stated.interval[:, 0], stated.interval[:, 1])
    value = transform.invert(stated.value)
    rows, start = [], 0
    for test, part in pool.tests.items():
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
