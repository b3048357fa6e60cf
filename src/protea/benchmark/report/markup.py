"""Elements of HTML and SVG as text: everything that is not markup already is escaped."""

from collections.abc import Iterable, Mapping
from html import escape

__all__ = ["Markup", "joined", "number", "tag"]


class Markup(str):
    """Text that is markup already."""

    __slots__ = ()


def number(value: float | int) -> str:
    """Return a coordinate with at most two decimals."""
    text = f"{value:.2f}".rstrip("0").rstrip(".")
    return "0" if text in ("-0", "") else text


def tag(name: str, attributes: Mapping[str, str | float | int | None] | None = None, *content: str) -> Markup:
    """Return an element; an attribute of None is left out, one of '' stands without a value."""
    written = []
    for key, value in (attributes or {}).items():
        if value is None:
            continue
        text = value if isinstance(value, str) else number(value)
        written.append(f' {key}="{escape(text)}"' if text else f" {key}")
    inside = joined(content)
    return Markup(f"<{name}{''.join(written)}>{inside}</{name}>")


def joined(parts: Iterable[str], between: str = "") -> Markup:
    """Return parts one after the other, those that are plain text escaped."""
    return Markup(between.join(part if isinstance(part, Markup) else escape(part) for part in parts))
