"""One factor on every predicted sigma, so that errors are as large as it says on average."""

from typing import Literal

import numpy as np
from jaxtyping import Float, Shaped
from pydantic import Field

from protea.benchmark.calibration.calibrator import Calibrator
from protea.benchmark.calibration.order_statistic import unit_index
from protea.benchmark.calibration.split_conformal import conformal_score
from protea.errors import InputError, describe

__all__ = ["SigmaScaling", "fit_sigma_scaling"]


class SigmaScaling(Calibrator):
    """sigma times one factor: the order of the items by sigma stays, and so does every rank metric."""

    kind: Literal["sigma_scaling"] = "sigma_scaling"
    factor: float = Field(gt=0, description="What sigma is multiplied by.")

    def sigma(self, sigma: Shaped[np.ndarray, "..."]) -> Float[np.ndarray, " item"]:
        """Return the scaled deviations."""
        return np.asarray(sigma, dtype=np.float64) * self.factor


def fit_sigma_scaling(
    target: Shaped[np.ndarray, "..."],
    value: Shaped[np.ndarray, "..."],
    sigma: Shaped[np.ndarray, "..."],
    unit: Shaped[np.ndarray, "..."] | None = None,
) -> SigmaScaling:
    """Return the factor of least Gaussian negative log likelihood: the root mean square of error / sigma.

    Units count equally, whatever their number of items.

    Raises:
        InputError: shapes differ, NaN or infinity, a sigma that is not positive, or no error at all.
    """
    squared = conformal_score(target, value, sigma) ** 2
    unit_of = unit_index(unit, squared.size)
    factor = float(np.sqrt((np.bincount(unit_of, weights=squared) / np.bincount(unit_of)).mean()))
    if factor == 0.0:
        raise InputError(describe("every calibration error is 0", expected="errors", do="Were these items trained on?"))
    return SigmaScaling(factor=factor)
