"""Rounds of measuring on a measured set: a model picks what is looked up next, and what it found is counted.

The pool is drawn from all examples of a property, once per draw. All strategies of a draw share pool and first
measurements, so that their differences are paired. What is reported after each round: the best value found, the regret
(the best of the pool minus that), the share of the pool's top 1 % that was found. Axes: candidate, round, draw.
"""

from collections.abc import Callable, Sequence

import numpy as np
from jaxtyping import Float, Int
from pydantic import Field, model_validator

from protea.applications.properties.cheap.columns import Columns, columns_for, columns_of, standard_columns
from protea.applications.properties.few_labels.acquisition import STRATEGIES, Strategy, acquisition_score, chosen_batch
from protea.applications.properties.labels.examples import Examples
from protea.applications.properties.labels.judging import target_of
from protea.applications.properties.labels.property import Property
from protea.benchmark.learners.gaussian_process import GaussianProcessConfig
from protea.benchmark.learners.learner import LearnerConfig, Prediction, used_columns
from protea.benchmark.learners.row_split import random_folds
from protea.config import Config
from protea.errors import InputError, describe
from protea.metrics.spearman import spearman
from protea.metrics.undefined import UndefinedMetric

__all__ = ["AcquisitionConfig", "AcquisitionRow", "acquire", "run_acquisition"]

_TOP_SHARE = 0.01
_INNER_FOLDS = 5


class AcquisitionConfig(Config):
    """How much is measured, how often, by which strategies."""

    strategies: tuple[Strategy, ...] = Field(STRATEGIES, description="Strategies, in the order of tables.")
    learner: GaussianProcessConfig = Field(
        GaussianProcessConfig(most_variants=500, most_for_scales=60), description="The model."
    )
    num_pool: int = Field(1500, ge=20, description="Candidates, drawn anew in each draw.")
    num_first: int = Field(20, ge=_INNER_FOLDS, description="Measured before the first round, drawn at random.")
    num_rounds: int = Field(5, ge=1, description="Rounds.")
    batch_size: int = Field(20, ge=1, description="Measured per round.")
    num_draws: int = Field(5, ge=2, le=20, description="Draws of pool and first measurements.")
    lower_is_better: bool = Field(False, description="Whether the least value is looked for.")
    seed: int = Field(0, description="Seed of all that is drawn.")

    @model_validator(mode="after")
    def _check(self) -> "AcquisitionConfig":
        if self.num_measured > self.num_pool:
            raise ValueError(f"{self.num_measured} would be measured of a pool of {self.num_pool}")
        return self

    @property
    def num_measured(self) -> int:
        """Measured in the end."""
        return self.num_first + self.num_rounds * self.batch_size


class AcquisitionRow(Config):
    """What one strategy has after one round of one draw."""

    property: str = Field(description="Name of the property.")
    strategy: str = Field(description="Name of the strategy.")
    draw: int = Field(description="Number of the draw.")
    round: int = Field(description="Rounds done; 0 has the first measurements alone.")
    num_measured: int = Field(description="Candidates measured.")
    best_found: float = Field(description="Best value among them, in the unit of the property.")
    regret: float = Field(ge=0, description="How far that is from the best of the pool, in the unit of the property.")
    recall_of_top: float = Field(description="Share of the pool's top 1 % that was measured.")
    spearman_of_rest: float | None = Field(
        description="Rank correlation of the rest with the model's mean; none where undefined or not asked."
    )


def acquire(
    columns: Columns, value: Float[np.ndarray, " candidate"], first: Int[np.ndarray, " first"], strategy: Strategy,
    learner: LearnerConfig, num_rounds: int, batch_size: int, seed: int,
) -> list[tuple[Int[np.ndarray, " _"], float | None]]:  # fmt: skip
    """Return, after each number of rounds from 0 on, what is measured and how well the model ranks the rest.

    The model sees the values of measured candidates only. It is fitted before each round and after the last; `random`
    asks it after the last alone. Where all are measured there is nothing to ask it.
    """
    rng = np.random.default_rng([seed, STRATEGIES.index(strategy)])
    measured, found = first, []
    for done in range(num_rounds + 1):
        rest = np.setdiff1d(np.arange(value.size), measured)
        is_last = done == num_rounds
        is_asked = rest.size > 0 and (strategy != "random" or is_last)
        said = Prediction(np.zeros(rest.size))
        if is_asked:
            folds = random_folds(measured.size, _INNER_FOLDS, seed)
            said = learner.fit(columns[measured], value[measured], folds, seed).predict(columns[rest])
        found.append((measured, _ranking(value[rest], said.mean) if is_asked else None))
        if not is_last:
            score = acquisition_score(strategy, said, float(value[measured].max()), rng)
            measured = np.concatenate([measured, rest[chosen_batch(score, batch_size, rng)]])
    return found


def _ranking(truth: Float[np.ndarray, " rest"], mean: Float[np.ndarray, " rest"]) -> float | None:
    try:
        return float(spearman(truth, mean))
    except UndefinedMetric:
        return None  # a constant answer ranks nothing


def run_acquisition(
    item: Property, examples: Examples, config: AcquisitionConfig, say: Callable[[str], None] = lambda line: None
) -> list[AcquisitionRow]:
    """Return a row per strategy, draw and round; columns are the cheap ones of the property's level.

    Raises:
        InputError: classes or residues, or fewer examples than the pool.
    """
    if item.kind != "value" or item.level == "residue" or len(examples) < config.num_pool:
        raise InputError(
            describe(f"{len(examples)} {item.level}s, {item.kind}", where=item.name,
                     expected=f"numbers of {config.num_pool} proteins, variants or pairs",
                     do="Take a smaller pool (--pool).")
        )  # fmt: skip
    label = target_of(examples.examples, "value")
    rows: list[AcquisitionRow] = []
    for draw in range(config.num_draws):
        rng = np.random.default_rng([config.seed, draw])
        pool = rng.permutation(len(examples))[: config.num_pool]
        chosen = [examples.examples[row] for row in pool]
        columns = columns_of(columns_for(item.level, chosen), chosen)
        columns = columns[:, used_columns(columns)]
        # The inputs of a pool are known before anything is measured.
        columns, _ = standard_columns(columns, columns)
        truth = -label[pool] if config.lower_is_better else label[pool]
        first = rng.permutation(config.num_pool)[: config.num_first]
        for strategy in config.strategies:
            found = acquire(
                columns,
                truth,
                first,
                strategy,
                config.learner,
                config.num_rounds,
                config.batch_size,
                config.seed + draw,
            )
            rows += _rows(item, strategy, draw, truth, found, config.lower_is_better)
        say(f"{item.name}: draw {draw + 1} of {config.num_draws}")
    return rows


def _rows(
    item: Property, strategy: Strategy, draw: int, truth: Float[np.ndarray, " candidate"],
    found: Sequence[tuple[Int[np.ndarray, " _"], float | None]], lower_is_better: bool,
) -> list[AcquisitionRow]:  # fmt: skip
    top = np.argsort(-truth, kind="stable")[: max(1, round(_TOP_SHARE * truth.size))]
    rows = []
    for done, (measured, ranking) in enumerate(found):
        best = float(truth[measured].max())
        rows.append(
            AcquisitionRow(
                property=item.name, strategy=strategy, draw=draw, round=done, num_measured=measured.size,
                best_found=-best if lower_is_better else best, regret=float(truth.max()) - best,
                recall_of_top=float(np.isin(top, measured).mean()), spearman_of_rest=ranking,
            )
        )  # fmt: skip
    return rows
