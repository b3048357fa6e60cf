"""Parts to calibrate on and to judge: values with a sigma that is too small, yes/no labels and classes too sure."""

import numpy as np

from protea.benchmark.calibration.held import Held
from tests.benchmark.calibration.test_temperature import labelled


def values(num: int, seed: int, *, scale: float = 2.0, per_unit: int = 1, with_quantiles: bool = False) -> Held:
    """Errors are `scale` times as large as sigma says; items of a unit share most of their error."""
    rng = np.random.default_rng(seed)
    unit = np.arange(num) // per_unit
    sigma, value = rng.uniform(0.5, 2.0, size=num), rng.normal(size=num)
    noise = rng.normal(size=num) if per_unit == 1 else 0.9 * rng.normal(size=num)[unit] + 0.3 * rng.normal(size=num)
    group = np.array(["near", "far"])[unit % 2]
    low, high = (value - 0.5, value + 0.5) if with_quantiles else (None, None)
    target = value + scale * sigma * noise
    return Held("value", target, unit, value=value, sigma=sigma, low=low, high=high, group=group)


def yes_no(num: int, seed: int) -> Held:
    """Probabilities that are too sure."""
    rng = np.random.default_rng(seed)
    logit = rng.normal(size=num)
    target = (rng.random(num) < 1 / (1 + np.exp(-logit))).astype(np.int64)
    return Held("yes_no", target, np.arange(num), value=1 / (1 + np.exp(-3 * logit)))


def classes(num: int, seed: int) -> Held:
    """Four classes with logits three times too large."""
    target, logits = labelled(num, 3.0, seed)
    return Held("classes", target, np.arange(num), logits=logits)
