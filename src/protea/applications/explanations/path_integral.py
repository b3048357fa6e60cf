"""Integrated gradients along a straight path, refined until they are complete.

On each panel of the path the attributions must sum to the change of the function over that panel (the gradient
theorem), which is an error estimate that costs nothing: panels where it fails are halved. So steep places, such as a
normalisation near the baseline, get many steps and flat ones few, and errors of two panels cannot cancel. Axes: step,
and whatever axes the input has (residue, feature).

Source: Sundararajan, Taly and Yan, Axiomatic attribution for deep networks, 2017, equation 1.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import torch
from jaxtyping import Float
from torch import Tensor

from protea.errors import ContractError, describe

__all__ = ["PathIntegral", "ValueAndGradient", "integrate_path"]

ValueAndGradient = Callable[[Float[Tensor, " step"]], tuple[Float[Tensor, " step"], Float[Tensor, "step ..."]]]
"""The function and its gradient with respect to the input at places 0 (baseline) to 1 (input) of the path."""

_NODES, _FIRST_PANELS, _TOGETHER = 4, 4, 8
_NEGLIGIBLE = 0.01


@dataclass(frozen=True, eq=False)
class PathIntegral:
    """Attributions of the shape of the input; their sum is `end - start` but for at most `error`."""

    attribution: Float[Tensor, "..."]
    start: float
    end: float
    error: float
    """Sum over panels of the absolute difference between attributions and change."""
    num_steps: int
    """Places at which the gradient was taken."""


@dataclass(frozen=True)
class _Panel:
    low: float
    high: float
    low_value: float
    high_value: float
    attribution: Tensor

    @property
    def error(self) -> float:
        return abs(float(self.attribution.sum()) - (self.high_value - self.low_value))


def integrate_path(
    function: ValueAndGradient, displacement: Float[Tensor, "..."], *, tolerance: float = 1e-3, max_steps: int = 4096
) -> PathIntegral:
    """Return the integrated gradients from a baseline to an input that is `displacement` away from it.

    The errors of all panels together stay below `tolerance` times the change of the function, or times one percent of
    its larger end where it hardly changes.

    Raises:
        ContractError: if that is not reached with `max_steps` gradients, as with a function that jumps.
    """
    edges = np.linspace(0.0, 1.0, _FIRST_PANELS + 1).tolist()
    ends = _values(function, displacement, edges)
    panels = _panels(function, displacement, list(zip(edges[:-1], edges[1:], ends[:-1], ends[1:], strict=True)))
    num_steps = _FIRST_PANELS * _NODES
    allowed = tolerance * max(abs(ends[-1] - ends[0]), _NEGLIGIBLE * max(abs(ends[0]), abs(ends[-1])))
    # Asked so that a sum which is no number is not taken for complete.
    while not (error := sum(panel.error for panel in panels)) <= allowed:
        poor = [panel for panel in panels if not panel.error <= 0.5 * allowed / len(panels)]
        good = [panel for panel in panels if panel.error <= 0.5 * allowed / len(panels)]
        if num_steps + 2 * _NODES * len(poor) > max_steps:
            raise ContractError(
                describe("the attributions are not complete", where=f"after {num_steps} steps",
                         expected=f"a sum of {ends[-1] - ends[0]:.6g} within {allowed:.2g}",
                         found=f"an error of {error:.2g}", do="Raise the tolerance or the number of steps.")
            )  # fmt: skip
        num_steps += 2 * _NODES * len(poor)
        panels = good + _panels(function, displacement, _halves(function, displacement, poor))
    total = torch.stack([panel.attribution for panel in panels]).sum(0)
    return PathIntegral(total, ends[0], ends[-1], error, num_steps)


_Span = tuple[float, float, float, float]
"""A part of the path: where it begins and ends, and the function there."""


def _values(function: ValueAndGradient, displacement: Tensor, places: list[float]) -> list[float]:
    found: list[float] = function(displacement.new_tensor(places))[0].tolist()
    return found


def _panels(function: ValueAndGradient, displacement: Tensor, spans: list[_Span]) -> list[_Panel]:
    """Return the attributions of each part by Gauss-Legendre quadrature, some parts per call."""
    nodes, weights = np.polynomial.legendre.leggauss(_NODES)
    found = []
    for start in range(0, len(spans), _TOGETHER):
        some = spans[start : start + _TOGETHER]
        places = np.concatenate([low + (high - low) * (nodes + 1) / 2 for low, high, _, _ in some])
        _, gradients = function(displacement.new_tensor(places))
        for span, gradient in zip(some, gradients.split(_NODES), strict=True):
            weight = displacement.new_tensor(weights * (span[1] - span[0]) / 2)
            found.append(_Panel(*span, displacement * torch.tensordot(weight, gradient, dims=1)))
    return found


def _halves(function: ValueAndGradient, displacement: Tensor, panels: list[_Panel]) -> list[_Span]:
    middles = [(panel.low + panel.high) / 2 for panel in panels]
    spans = []
    for panel, middle, value in zip(panels, middles, _values(function, displacement, middles), strict=True):
        spans += [(panel.low, middle, panel.low_value, value), (middle, panel.high, value, panel.high_value)]
    return spans
