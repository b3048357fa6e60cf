"""Pictures of a calibration as inline SVG: coverage against level, error against share kept, share of ones by bin.

Axes of every picture: x to the right, y down, in units of the view box.
"""

from collections.abc import Mapping

import numpy as np
from jaxtyping import Float
from scipy.special import erf

from protea.benchmark.calibration.held import Held
from protea.benchmark.calibration.split_conformal import conformal_score
from protea.benchmark.report.figures.axes import Scale, circle, line, picture, text
from protea.benchmark.report.markup import Markup, number, tag
from protea.metrics.retention import retention_curve

__all__ = ["coverage_figure", "reliability_figure", "retention_figure"]

_WIDTH, _SIDE, _LEFT, _TOP = 520.0, 320.0, 60.0, 30.0
_NUM_POINTS = 200
_KINDS = ("worse", "better", "open")

# x and y of each point; curves of one picture differ in number of points.
_Curve = tuple[Float[np.ndarray, "..."], Float[np.ndarray, "..."]]


def _plot(title: str, x_title: str, curves: Mapping[str, _Curve], high: float, reference: _Curve | None) -> Markup:
    """Return a square plot of named curves from (0, 0) to (1, high), the reference dashed."""
    across = Scale(0.0, 1.0, _LEFT, _LEFT + _SIDE)
    down = Scale(0.0, high, _TOP + _SIDE, _TOP)
    parts: list[Markup] = [text(_LEFT, 16, title, "caption")]
    for value in across.ticks(5):
        x = across(value)
        parts += [line(x, _TOP, x, _TOP + _SIDE, "grid"), text(x, _TOP + _SIDE + 16, f"{value:g}", "tick", "middle")]
    for value in down.ticks(5):
        y = down(value)
        parts += [line(_LEFT, y, _LEFT + _SIDE, y, "grid"), text(_LEFT - 8, y + 4, f"{value:g}", "tick", "end")]
    if reference is not None:
        parts.append(_path(reference, across, down, "reference", ""))
    for place, (name, curve) in enumerate(curves.items()):
        kind = _KINDS[place % len(_KINDS)]
        parts.append(_path(curve, across, down, f"interval {kind}", name))
        y = _TOP + 14 + 20 * place
        parts += [line(_LEFT + _SIDE + 14, y, _LEFT + _SIDE + 34, y, f"interval {kind}")]
        parts.append(text(_LEFT + _SIDE + 40, y + 4, name, "small"))
    parts.append(text(_LEFT + _SIDE / 2, _TOP + _SIDE + 34, x_title, "caption", "middle"))
    return picture(_WIDTH, _TOP + _SIDE + 44, title, *parts)


def _path(curve: _Curve, across: Scale, down: Scale, kind: str, name: str) -> Markup:
    points = [f"{number(across(float(x)))} {number(down(float(y)))}" for x, y in zip(*_thinned(curve), strict=True)]
    hint = (tag("title", None, name),) if name else ()
    return tag("path", {"d": f"M{' L'.join(points)}", "class": kind, "fill": "none"}, *hint)


def _thinned(curve: _Curve) -> _Curve:
    x, y = curve
    if x.size <= _NUM_POINTS:
        return x, y
    place = np.unique(np.linspace(0, x.size - 1, _NUM_POINTS).round().astype(np.int64))
    return x[place], y[place]


def coverage_figure(test: Held, sigma_of: Mapping[str, Float[np.ndarray, " item"]]) -> Markup | None:
    """Return the observed coverage of central intervals against their level for each sigma, or None without any.

    The area between a curve and the diagonal is the miscalibration area.
    """
    if not sigma_of or test.value is None:
        return None
    curves = {}
    for name, sigma in sigma_of.items():
        level = np.sort(erf(conformal_score(test.target, test.value, sigma) / np.sqrt(2.0)))
        edge = np.concatenate([[0.0], level, [1.0]])
        curves[name] = (edge, np.concatenate([np.arange(level.size + 1) / level.size, [1.0]]))
    diagonal = (np.array([0.0, 1.0]), np.array([0.0, 1.0]))
    return _plot("observed coverage of central intervals", "their level", curves, 1.0, diagonal)


def retention_figure(test: Held) -> Markup | None:
    """Return the error that remains against the share kept, by sigma and by the true error, or None without a sigma."""
    if test.sigma is None or test.value is None:
        return None
    error = np.abs(test.target - test.value)
    oracle = np.stack([test.value, error + 1e-12], axis=1)
    curves = {
        "by sigma": retention_curve(test.target, np.stack([test.value, test.sigma], axis=1)),
        "by true error": retention_curve(test.target, oracle),
    }
    whole = float(error.mean()) or 1.0
    chance = (np.array([0.0, 1.0]), np.array([0.0, float(error.mean())]))
    return _plot("mean error that remains, known items as 0", "share kept, surest first", curves, whole, chance)


def reliability_figure(
    target: np.ndarray, probability_of: Mapping[str, Float[np.ndarray, " item"]], num_bins: int = 10
) -> Markup | None:
    """Return the share of ones against the mean probability in bins of equal width, or None without probabilities."""
    if not probability_of:
        return None
    diagonal = (np.array([0.0, 1.0]), np.array([0.0, 1.0]))
    curves = {name: _bins(target, probability, num_bins) for name, probability in probability_of.items()}
    plot = _plot("share of ones in bins of probability", "mean probability", curves, 1.0, diagonal)
    across, down = Scale(0.0, 1.0, _LEFT, _LEFT + _SIDE), Scale(0.0, 1.0, _TOP + _SIDE, _TOP)
    dots = [
        circle(across(float(x)), down(float(y)), 3, f"dot {_KINDS[place % len(_KINDS)]}", f"{name}: {x:.3f}, {y:.3f}")
        for place, (name, curve) in enumerate(curves.items())
        for x, y in zip(*curve, strict=True)
    ]
    return Markup(plot.replace("</svg>", "".join(dots) + "</svg>"))


def _bins(target: np.ndarray, probability: Float[np.ndarray, " item"], num_bins: int) -> _Curve:
    bin_of = np.minimum((probability * num_bins).astype(np.int64), num_bins - 1)
    count = np.bincount(bin_of, minlength=num_bins)
    has_items = count > 0
    ones = np.bincount(bin_of, weights=target, minlength=num_bins)
    mean = np.bincount(bin_of, weights=probability, minlength=num_bins)
    return mean[has_items] / count[has_items], ones[has_items] / count[has_items]
