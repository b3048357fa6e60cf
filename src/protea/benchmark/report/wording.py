"""Numbers and lists as people read them: equal digits in a column, true minus signs, 'a, b and c'."""

from collections.abc import Sequence

__all__ = ["MINUS", "MISSING", "amount", "duration", "figure", "listed", "p_text", "plural", "signed", "times"]

MISSING = "\N{EN DASH}"
MINUS = "\N{MINUS SIGN}"


def figure(value: float | int | None, digits: int = 3) -> str:
    """Return a score with fixed digits (one fewer from 10 on), or a dash where it is missing."""
    if value is None:
        return MISSING
    text = f"{value:.{digits if abs(value) < 10 else digits - 1}f}"
    return text.replace("-", MINUS)


def signed(value: float | int, digits: int = 3) -> str:
    """Return a difference with its sign; a value that rounds to zero has none."""
    text = figure(value, digits)
    if not any(digit in text for digit in "123456789"):
        return text.lstrip(MINUS)
    return text if value < 0 else f"+{text}"


def p_text(value: float) -> str:
    """Return a p-value to three decimals, or '< .001'."""
    return "< .001" if value < 0.001 else f"{value:.3f}".removeprefix("0")


def amount(value: float | int | None) -> str:
    """Return a large number with three digits and k, M or G."""
    if value is None:
        return MISSING
    for size, name in ((1e12, "T"), (1e9, "G"), (1e6, "M"), (1e3, "k")):
        if abs(value) >= size:
            return f"{value / size:.3g} {name}"
    return f"{value:.3g}"


def duration(seconds: float | int) -> str:
    """Return a time in the unit that suits it."""
    if seconds < 120:
        return f"{seconds:.3g} s"
    return f"{seconds / 60:.0f} min" if seconds < 7200 else f"{seconds / 3600:.1f} h"


def times(number: int) -> str:
    """Return a count with thousands separated."""
    return f"{number:,}".replace(",", " ")


def plural(number: int, noun: str) -> str:
    """Return '1 cell', '3 cells', with a narrow space in thousands."""
    return f"{times(number)} {noun}{'' if number == 1 else 's'}"


def listed(names: Sequence[str]) -> str:
    """Return 'a', 'a and b', 'a, b and c'."""
    if len(names) < 2:
        return "".join(names)
    return f"{', '.join(names[:-1])} and {names[-1]}"
