"""Several models as one prediction: their mean, and a variance that adds what they do not agree on.

Axes: model, item, class.
"""

from dataclasses import dataclass

import numpy as np
from jaxtyping import Float

from protea.errors import InputError, describe
from protea.metrics.samples import require_finite
from protea.metrics.stated_uncertainty import require_probability

__all__ = ["ClassEnsemble", "ValueEnsemble", "combine_probabilities", "combine_values"]


@dataclass(frozen=True, eq=False)
class ValueEnsemble:
    """Mean and deviations per item, in the unit of the values; sigma^2 = aleatoric^2 + epistemic^2."""

    value: Float[np.ndarray, " item"]
    sigma: Float[np.ndarray, " item"]
    aleatoric: Float[np.ndarray, " item"]
    """Root of the mean variance that the models state: noise."""
    epistemic: Float[np.ndarray, " item"]
    """Deviation of their means: what they do not agree on."""


@dataclass(frozen=True, eq=False)
class ClassEnsemble:
    """Mean probabilities, and the two parts of their entropy, natural logarithm."""

    probability: Float[np.ndarray, "item class"]
    entropy: Float[np.ndarray, " item"]
    disagreement: Float[np.ndarray, " item"]
    """Entropy of the mean less the mean entropy: 0 where all models say the same (mutual information)."""


def combine_values(
    value: Float[np.ndarray, "model item"], sigma: Float[np.ndarray, "model item"] | None = None
) -> ValueEnsemble:
    """Return the mixture of the models' Gaussians by its first two moments: var = mean(sigma^2) + var(value).

    The variance of the means divides by the number of models: it is that of the mixture. Without `sigma` only what the
    models do not agree on is known, which is usually far too small; calibrate it.

    Raises:
        InputError: not ``[model, item]``, fewer than two models, NaN or infinity, or a negative sigma.
    """
    if value.ndim != 2 or len(value) < 2 or (sigma is not None and sigma.shape != value.shape):
        shapes = value.shape if sigma is None else (value.shape, sigma.shape)
        raise InputError(describe(f"arrays of shape {shapes}", expected="[model, item], two models or more"))
    means = require_finite(value, "value")
    spread = means.var(axis=0)
    noise = np.zeros(spread.shape)
    if sigma is not None:
        if (sigma < 0).any():
            raise InputError(describe(f"a sigma of {sigma.min():g}", expected="deviations, not logarithms"))
        noise = (require_finite(sigma, "sigma") ** 2).mean(axis=0)
    return ValueEnsemble(means.mean(axis=0), np.sqrt(noise + spread), np.sqrt(noise), np.sqrt(spread))


def combine_probabilities(probability: Float[np.ndarray, "model item class"]) -> ClassEnsemble:
    """Return mean probabilities with their entropy and disagreement.

    Probabilities are averaged, not logits: the mean is the mixture's own.

    Raises:
        InputError: not ``[model, item, class]``, fewer than two models, or rows that are no distributions.
    """
    if probability.ndim != 3 or len(probability) < 2:
        raise InputError(describe(f"an array of shape {probability.shape}", expected="[model, item, class], 2 models"))
    given = require_probability(probability)
    if np.abs(given.sum(axis=-1) - 1.0).max() > 1e-3:
        raise InputError(describe("probabilities that do not add up to 1", do="Exponentiate log-probabilities first."))
    mean = given.mean(axis=0)
    entropy = _entropy(mean)
    return ClassEnsemble(mean, entropy, np.maximum(entropy - _entropy(given).mean(axis=0), 0.0))


def _entropy(probability: Float[np.ndarray, "*rows class"]) -> Float[np.ndarray, "*rows"]:
    # 0 ln 0 is 0.
    logarithm = np.log(probability, out=np.zeros_like(probability), where=probability > 0)
    return -(probability * logarithm).sum(axis=-1)
