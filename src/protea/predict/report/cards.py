"""One answer as a card of the report: the value in words, its interval on a scale, and whether to trust it."""

import math

from protea.benchmark.report.figures.axes import Real, Scale, ticks_between
from protea.benchmark.report.markup import Markup, joined, number, tag
from protea.predict.answer import Answer, Familiarity, Interval

__all__ = ["card", "in_words", "probable", "rounded"]

_WIDTH, _HEIGHT, _EDGE = 260.0, 44.0, 14.0
_SMALL = 1e-4
"""Below it a number is told by its power of ten."""


def rounded(value: float) -> str:
    """Return three significant figures, or `unknown` where there is no number; what is not 0 is never told as 0."""
    if not math.isfinite(value):
        return "unknown"
    if value == 0:
        return "0"
    if abs(value) < _SMALL:
        figures, _, power = f"{value:.2e}".partition("e")
        return f"{figures.rstrip('0').rstrip('.')}e{int(power)}"
    places = max(0, 2 - math.floor(math.log10(abs(value))))
    text = f"{value:.{places}f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def probable(value: float) -> str:
    """Return a probability in three figures that is never rounded to none or all."""
    if value > 0.999:
        return "> 0.999"
    return "< 0.001" if value < 0.001 else rounded(value)


def in_words(answer: Answer) -> str:
    """Return the answer in one line, such as `54.2 °C (48.1 to 60.3, 90 %)` or `soluble, probability 0.81`."""
    unit = f" {answer.unit}" if answer.unit else ""
    if answer.predicted is not None:
        said = f"{answer.predicted}, {_of_what(answer)} {probable(answer.value)}"
        if len(answer.possible) > 1 and answer.interval is None and _is_one(answer):
            said += f"; not ruled out: {', '.join(answer.possible)}"
    elif answer.yes:
        said = f"{answer.yes}: probability {probable(answer.value)}"
    else:
        said = f"{rounded(answer.value)}{unit}"
    return said if answer.interval is None else f"{said} ({_interval_in_words(answer, answer.interval)})"


def _is_one(answer: Answer) -> bool:
    """Return whether what is predicted is one class; of labels none or several may be."""
    return not answer.probability or answer.predicted in answer.probability


def _of_what(answer: Answer) -> str:
    """Return what the value of a class or of labels is: the probability of what is predicted, or of one label alone."""
    if _is_one(answer):
        return "probability"
    return f"likeliest {max(answer.probability, key=lambda name: answer.probability[name])} with probability"


def _interval_in_words(answer: Answer, interval: Interval) -> str:
    share = f"{100 * interval.level:g} %"
    if not (math.isfinite(interval.low) and math.isfinite(interval.high)):
        return f"no bound at {share}"
    told = probable if answer.yes or answer.predicted is not None else rounded
    return f"{told(interval.low)} to {told(interval.high)}, {share}"


def card(answer: Answer) -> Markup:
    """Return the card; exact numbers stand in its `data-` attributes."""
    exact: dict[str, str | float | int | None] = {
        "class": "card" if _is_known(answer.familiarity) else "card unfamiliar",
        "data-property": answer.name,
        "data-value": repr(answer.value),
        "data-low": None if answer.interval is None else repr(answer.interval.low),
        "data-high": None if answer.interval is None else repr(answer.interval.high),
    }
    return tag(
        "section", exact,
        tag("h3", None, answer.title),
        tag("p", {"class": "value"}, *_headline(answer)),
        tag("p", {"class": "interval"}, "" if answer.interval is None else _interval_in_words(answer, answer.interval)),
        _scale(answer),
        tag("p", {"class": "place"}, _place(answer)),
        tag("p", {"class": "light"}, _light(answer.familiarity)),
        _classes(answer),
        _small_print(answer),
    )  # fmt: skip


def _headline(answer: Answer) -> tuple[str, ...]:
    if answer.predicted is not None:
        words = "" if _is_one(answer) else f"{_of_what(answer)} "
        return (answer.predicted, tag("small", None, f" {words}{probable(answer.value)}"))
    if answer.yes:
        return (probable(answer.value), tag("small", None, f" probability of {answer.yes}"))
    return (rounded(answer.value), tag("small", None, f" {answer.unit}" if answer.unit else ""))


def _is_known(familiarity: Familiarity | None) -> bool:
    return familiarity is None or familiarity.is_in_domain


def _place(answer: Answer) -> str:
    return "" if answer.percentile is None else f"Higher than {_percent(answer.percentile)} of known proteins."


def _percent(percentile: float) -> str:
    """Return a percentile in words that never round to none or all."""
    if percentile < 1:
        return "less than 1 %"
    return "more than 99 %" if percentile > 99 else f"{percentile:.0f} %"


def _light(familiarity: Familiarity | None) -> str:
    """Return how familiar the protein is; the sign differs in shape, not in colour alone."""
    if familiarity is None:
        return "○ Not known how familiar this protein is."
    if familiarity.is_in_domain:
        return f"● Like the training set (nearer: {_percent(familiarity.percentile)} of held-out proteins)."
    return (
        f"▲ Out of distribution here: {_percent(familiarity.percentile)} of held-out proteins are nearer to the "
        "training set. The interval may be too narrow."
    )


def _scale(answer: Answer) -> Markup:
    """Return the interval and the value on the physical range, as a picture that needs no colour."""
    ends = _ends(answer)
    if ends is None:
        return Markup("")
    scale = Scale(*ends, _EDGE, _WIDTH - _EDGE)
    interval = answer.interval
    parts = [_line(_EDGE, 18, _WIDTH - _EDGE, 18, "axis")]
    for value in ticks_between(*ends, 4):
        parts += [_line(scale(value), 18, scale(value), 23, "axis"),
                  tag("text", {"x": scale(value), "y": 38, "text-anchor": "middle"}, number(value))]  # fmt: skip
    if interval is not None:
        low, high = (min(max(end, ends[0]), ends[1]) for end in (interval.low, interval.high))
        parts.append(tag("rect", {"x": scale(low), "y": 12, "width": max(2.0, scale(high) - scale(low)), "height": 12,
                                  "class": "band"}))  # fmt: skip
    if math.isfinite(answer.value):
        at = scale(min(max(answer.value, ends[0]), ends[1]))
        parts.append(_line(at, 6, at, 30, "mark"))
    box: dict[str, str | float | int | None] = {
        "viewBox": f"0 0 {_WIDTH:g} {_HEIGHT:g}", "role": "img", "aria-label": in_words(answer),
    }  # fmt: skip
    return tag("svg", box, *parts)


def _ends(answer: Answer) -> tuple[float, float] | None:
    if answer.predicted is not None and answer.interval is None:
        return None
    if answer.predicted is not None or answer.yes:
        low, high = 0.0, 1.0
    elif answer.physical_range is not None:
        low, high = answer.physical_range
    else:
        return None
    return (low, high) if math.isfinite(low) and math.isfinite(high) and low < high else None


def _line(x1: Real, y1: Real, x2: Real, y2: Real, kind: str) -> Markup:
    return tag("line", {"x1": x1, "y1": y1, "x2": x2, "y2": y2, "class": kind})


def _classes(answer: Answer) -> Markup:
    """Return all classes with their probabilities, those that cannot be ruled out marked."""
    if len(answer.probability) < 3:
        return Markup("")
    rows = joined(
        tag("tr", {"data-class": name}, tag("th", {"scope": "row"}, name), tag("td", None, probable(value)),
            tag("td", None, "possible" if name in answer.possible else ""))
        for name, value in sorted(answer.probability.items(), key=lambda item: -item[1])
    )  # fmt: skip
    return tag("details", None, tag("summary", None, f"{len(answer.probability)} classes"), tag("table", None, rows))


def _small_print(answer: Answer) -> Markup:
    words = [answer.limits] if answer.limits else []
    if answer.sources:
        words.append(f"Learned from {'; '.join(answer.sources)}.")
    if not words:
        return Markup("")
    return tag("details", None, tag("summary", None, "Sources and limits"), tag("p", None, " ".join(words)))
