"""Which candidates to measure next, from what a model says of them: five strategies, more is better.

Axes: candidate.
"""

from typing import Literal, get_args

import numpy as np
from jaxtyping import Float, Int
from scipy import stats

from protea.benchmark.learners.learner import Prediction
from protea.errors import InputError, describe

__all__ = ["STRATEGIES", "Strategy", "acquisition_score", "chosen_batch"]

Strategy = Literal["random", "greedy", "uncertainty", "expected_improvement", "thompson"]
STRATEGIES: tuple[Strategy, ...] = get_args(Strategy)
"""In the order of tables.

- random: whatever comes
- greedy: the highest mean
- uncertainty: the largest standard deviation
- expected_improvement: the mean gain over the best that is known, where there is one (Mockus 1978; Jones et al. 1998)
- thompson: the highest of a draw from each candidate's own distribution (they are drawn independently)
"""


def acquisition_score(
    strategy: Strategy, found: Prediction, best: float, rng: np.random.Generator
) -> Float[np.ndarray, " candidate"]:
    """Return how much each candidate is wanted; `best` is the highest value that is known.

    Raises:
        InputError: a strategy that needs standard deviations, of a model without.
    """
    mean, std = found.mean, found.std
    if strategy == "random":
        return rng.random(mean.size)
    if strategy == "greedy":
        return mean
    if std is None:
        raise InputError(
            describe(f"{strategy} needs a standard deviation", do="Take a Gaussian process, or greedy or random.")
        )
    if strategy == "uncertainty":
        return std
    if strategy == "thompson":
        return rng.normal(mean, std)
    gain = mean - best
    # Where the model is certain, the gain itself is left.
    score = np.divide(gain, std, out=np.zeros_like(gain), where=std > 0)
    uncertain: np.ndarray = gain * stats.norm.cdf(score) + std * stats.norm.pdf(score)
    return np.where(std > 0, uncertain, gain.clip(min=0.0))


def chosen_batch(
    score: Float[np.ndarray, " candidate"], num: int, rng: np.random.Generator
) -> Int[np.ndarray, " batch"]:
    """Return the candidates with the highest scores; ties are drawn."""
    order = rng.permutation(score.size)
    return order[np.argsort(-score[order], kind="stable")[:num]]
