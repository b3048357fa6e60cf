"""Linear and logarithmic scales, their ticks, and the parts that every picture has."""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from protea.benchmark.report.markup import Markup, joined, tag
from protea.errors import InputError

__all__ = ["Real", "Scale", "circle", "horizontal_axis", "line", "picture", "scale_over", "text", "ticks_between"]


Real = float | int
"""A coordinate or a value."""


@dataclass(frozen=True)
class Scale:
    """A map from values low..high to start..end; logarithmic where `is_log`."""

    low: Real
    high: Real
    start: Real
    end: Real
    is_log: bool = False

    def __post_init__(self) -> None:
        if not self.low < self.high or (self.is_log and self.low <= 0):
            raise InputError(f"a scale from {self.low} to {self.high}; expected rising, and positive where logarithmic")

    def __call__(self, value: Real) -> float:
        """Return where a value lies."""
        low, high = self.low, self.high
        if self.is_log:
            low, high, value = math.log(low), math.log(high), math.log(value)
        return self.start + (value - low) / (high - low) * (self.end - self.start)

    def ticks(self, number: int = 5) -> list[float]:
        """Return round values on the scale, about `number` of them."""
        if not self.is_log:
            return ticks_between(self.low, self.high, number)
        decades = range(math.floor(math.log10(self.low)), math.ceil(math.log10(self.high)) + 1)
        for factors in ((1,), (1, 3), (1, 2, 5)):
            found = [factor * 10.0**decade for decade in decades for factor in factors]
            found = [value for value in found if self.low <= value <= self.high]
            if len(found) >= 3:
                return found
        return ticks_between(self.low, self.high, 4)


def ticks_between(low: Real, high: Real, number: int) -> list[float]:
    """Return multiples of 1, 2 or 5 times a power of ten from low to high, about `number` of them."""
    raw = (high - low) / max(number, 1)
    power = 10.0 ** math.floor(math.log10(raw))
    step = next(factor * power for factor in (1, 2, 5, 10) if factor * power >= raw * 0.999)
    first, last = math.ceil(low / step - 1e-9), math.floor(high / step + 1e-9)
    return [round(place * step, 12) for place in range(first, last + 1)]


def scale_over(values: Iterable[Real], start: Real, end: Real, *, is_log: bool = False, margin: float = 0.05) -> Scale:
    """Return a scale that holds all values with a margin; a single value gets room on both sides.

    Raises:
        InputError: there is no value.
    """
    found = sorted(values)
    if not found:
        raise InputError("a scale over no value; expected at least one. Leave the picture out.")
    low, high = found[0], found[-1]
    if is_log:
        factor = max((high / low) ** margin, 1.25)
        return Scale(low / factor, high * factor, start, end, True)
    room = (high - low) * margin if high > low else max(abs(high), 1.0) * margin
    return Scale(low - room, high + room, start, end)


def picture(width: Real, height: Real, title: str, *content: str) -> Markup:
    """Return the SVG element with its name for those who cannot see it; it shrinks with the window down to 720."""
    style = f"max-width:{width:g}px;min-width:{min(width, 720):g}px"
    box = {"viewBox": f"0 0 {width:g} {height:g}", "role": "img", "aria-label": title, "style": style}
    return tag("svg", box, *content)


def line(x1: Real, y1: Real, x2: Real, y2: Real, kind: str) -> Markup:
    """Return a straight line of a class."""
    return tag("line", {"x1": x1, "y1": y1, "x2": x2, "y2": y2, "class": kind})


def circle(x: Real, y: Real, radius: Real, kind: str, hint: str = "") -> Markup:
    """Return a dot of a class with a tooltip."""
    inside = (tag("title", None, hint),) if hint else ()
    return tag("circle", {"cx": x, "cy": y, "r": radius, "class": kind}, *inside)


def text(x: Real, y: Real, content: str, kind: str = "", anchor: str = "start") -> Markup:
    """Return a line of text; `anchor` is start, middle or end."""
    return tag("text", {"x": x, "y": y, "class": kind or None, "text-anchor": anchor}, content)


def horizontal_axis(scale: Scale, top: Real, bottom: Real, labels: Sequence[tuple[Real, str]]) -> Markup:
    """Return vertical grid lines at the given values with their labels below."""
    parts = []
    for value, label in labels:
        x = scale(value)
        parts += [line(x, top, x, bottom, "grid"), text(x, bottom + 16, label, "tick", "middle")]
    return joined(parts)
