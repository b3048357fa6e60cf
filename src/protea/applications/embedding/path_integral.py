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

_NODES, _FIRST_PANELS = 4, 4
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
    edges = np.linspace(0.0, 1.0, _FIRST_PANELS + 1)
    values, _ = function(torch.as_tensor(edges, dtype=displacement.dtype, device=displacement.device))
    ends = values.tolist()
    spans = [(edges[i], edges[i + 1], ends[i], ends[i + 1]) for i in range(_FIRST_PANELS)]
    panels = [_panel(function, displacement, *span) for span in spans]
    num_steps = _FIRST_PANELS * _NODES
    allowed = tolerance * max(abs(ends[-1] - ends[0]), _NEGLIGIBLE * max(abs(ends[0]), abs(ends[-1])))
    while (error := sum(panel.error for panel in panels)) > allowed:
        poor = {id(panel) for panel in panels if panel.error > 0.5 * allowed / len(panels)}
        num_steps += 2 * _NODES * len(poor)
        if num_steps > max_steps:
            raise ContractError(
                describe("the attributions are not complete", where=f"after {num_steps - 2 * _NODES * len(poor)} steps",
                         expected=f"a sum of {ends[-1] - ends[0]:.6g} within {allowed:.2g}",
                         found=f"an error of {error:.2g}", do="Raise the tolerance or the number of steps.")
            )  # fmt: skip
        panels = [
            half
            for panel in panels
            for half in (_halves(function, displacement, panel) if id(panel) in poor else (panel,))
        ]
    total = torch.stack([panel.attribution for panel in panels]).sum(0)
    return PathIntegral(total, ends[0], ends[-1], error, num_steps)


def _panel(
    function: ValueAndGradient, displacement: Tensor, low: float, high: float, low_value: float, high_value: float
) -> _Panel:
    """Return the attributions of one panel by Gauss-Legendre quadrature."""
    nodes, weights = np.polynomial.legendre.leggauss(_NODES)
    places = low + (high - low) * (nodes + 1) / 2
    _, gradient = function(torch.as_tensor(places, dtype=displacement.dtype, device=displacement.device))
    weight = torch.as_tensor(weights * (high - low) / 2, dtype=displacement.dtype, device=displacement.device)
    attribution = displacement * torch.tensordot(weight, gradient, dims=1)
    return _Panel(low, high, low_value, high_value, attribution)


def _halves(function: ValueAndGradient, displacement: Tensor, panel: _Panel) -> tuple[_Panel, _Panel]:
    middle = (panel.low + panel.high) / 2
    value, _ = function(torch.as_tensor([middle], dtype=displacement.dtype, device=displacement.device))
    return (
        _panel(function, displacement, panel.low, middle, panel.low_value, float(value[0])),
        _panel(function, displacement, middle, panel.high, float(value[0]), panel.high_value),
    )
