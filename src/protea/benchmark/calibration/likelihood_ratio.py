"""How much likelier an input is among new items than among known ones, from a classifier that tells the two apart.

Axes: item, feature.
"""

from typing import Literal

import numpy as np
from jaxtyping import Float
from pydantic import Field
from sklearn.linear_model import LogisticRegression

from protea.benchmark.calibration.calibrator import Calibrator
from protea.datasets.column_scale import column_scale
from protea.errors import InputError, describe
from protea.metrics.samples import require_finite

__all__ = ["LikelihoodRatio", "fit_likelihood_ratio"]

_MOST = 50.0
"""Logits beyond are cut: a weight of e^50 already leaves one calibration item."""


class LikelihoodRatio(Calibrator):
    """A linear logit on standardised features; its exponential, corrected for the sizes of both sets, is the ratio."""

    kind: Literal["likelihood_ratio"] = "likelihood_ratio"
    mean: tuple[float, ...] = Field(description="Mean of each feature over both sets.")
    scale: tuple[float, ...] = Field(description="Deviation of each feature over both sets; 1 where it is constant.")
    coefficient: tuple[float, ...] = Field(description="Coefficient of each standardised feature.")
    intercept: float = Field(description="Intercept, less the logarithm of (new items / known items).")

    def weight(self, features: Float[np.ndarray, "..."]) -> Float[np.ndarray, " item"]:
        """Return the ratio of each item.

        Raises:
            InputError: another number of features, NaN or infinity.
        """
        if features.ndim != 2 or features.shape[1] != len(self.mean):
            raise InputError(describe(f"features of shape {features.shape}", expected=f"[item, {len(self.mean)}]"))
        standardised = (require_finite(features, "features") - np.array(self.mean)) / np.array(self.scale)
        return np.exp(np.clip(standardised @ np.array(self.coefficient) + self.intercept, -_MOST, _MOST))


def fit_likelihood_ratio(
    known: Float[np.ndarray, "..."], new: Float[np.ndarray, "..."], penalty: float = 1.0
) -> LikelihoodRatio:
    """Return the ratio of the distribution of `new` inputs to that of `known` ones; labels are not needed.

    Args:
        known: features of the calibration items, such as embeddings or distances to the training set.
        new: features of the items to predict.
        penalty: of the squared coefficients (the inverse of scikit-learn's C); a strong one gives equal weights.

    Raises:
        InputError: features that differ in number, or an empty set.
    """
    if known.ndim != 2 or new.ndim != 2 or known.shape[1] != new.shape[1] or min(len(known), len(new)) < 1:
        raise InputError(
            describe(f"features of shapes {known.shape} and {new.shape}", expected="[item, feature], alike")
        )
    both = require_finite(np.concatenate([known, new]), "features")
    mean, scale = both.mean(axis=0), column_scale(both)
    is_new = np.repeat([0, 1], [len(known), len(new)])
    model = LogisticRegression(C=1.0 / penalty, max_iter=2000).fit((both - mean) / scale, is_new)
    return LikelihoodRatio(
        mean=tuple(mean.tolist()),
        scale=tuple(scale.tolist()),
        coefficient=tuple(model.coef_[0].tolist()),
        intercept=float(model.intercept_[0] - np.log(len(new) / len(known))),
    )
