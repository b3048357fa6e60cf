"""Proteins in the plane as one self-contained HTML page: style, script and data inside, nothing fetched.

Names show under the pointer, a click on the legend hides a label, the wheel zooms, dragging moves, and a search marks
ids. Labels of more than twelve kinds that are all numbers are drawn on a scale; of more than eleven other labels the
ten most frequent have a colour and the rest share one.
"""

import json
from collections import Counter
from dataclasses import dataclass

import numpy as np

from protea.applications.embedding.point_labels import PointLabels
from protea.applications.embedding.projection import Projection
from protea.benchmark.report.markup import Markup, joined, tag
from protea.benchmark.report.page_frame import static_text, whole_page
from protea.errors import ContractError, describe

__all__ = ["map_page"]

_COLOURS = (
    "#0b62a4", "#c8590a", "#2f7d54", "#9c3d83", "#b58900", "#5f57b8", "#1795a6", "#a83232", "#7a5c3e", "#6d8f1f",
    "#d0679d",
)  # fmt: skip
_OTHER, _NONE = "#8a9097", "#c3bfb4"
_RAMP = ("#2d3b8e", "#2a7f9e", "#3fa66b", "#b9b83a", "#e08a2c")
_MOST_KINDS = 12


@dataclass(frozen=True)
class _Group:
    """One line of the legend and its points."""

    name: str
    colour: str
    members: tuple[int, ...]


def map_page(projection: Projection, ids: tuple[str, ...], labels: PointLabels | None, title: str, note: str) -> str:
    """Return the page; `note` says where the embeddings come from. Raises ContractError unless each point has an id."""
    if len(ids) != len(projection.position) or (labels is not None and len(labels.value) != len(ids)):
        raise ContractError(
            describe("one id and label per point", expected=str(len(projection.position)), found=str(len(ids)))
        )
    number = None if labels is None else _numbers(labels)
    groups = _scale_groups(number) if number is not None else _groups(labels, len(ids))
    search = tag("input", {"id": "search", "type": "search", "placeholder": "find an id", "aria-label": "Find an id"})
    legend = tag(
        "aside", None, tag("h2", None, labels.name if labels is not None else "Proteins"), _legend(groups, number),
        Markup(str(search).removesuffix("</input>")), tag("p", {"id": "found", "role": "status"}),
    )  # fmt: skip
    picture = tag("svg", {"id": "map", "role": "img", "aria-label": f"{len(ids)} proteins in the plane"})
    axes = tag("p", {"class": "axes"}, f"{projection.axes[0]} across, {projection.axes[1]} up")
    style, script = (static_text(__package__, name) for name in ("map.css", "map.js"))
    return whole_page(
        title, style, script,
        tag("header", None, tag("h1", None, title), tag("p", None, note), tag("p", None, projection.note)),
        tag("main", None, tag("figure", None, picture, axes, tag("div", {"id": "hint"})), legend),
        tag("script", {"id": "data", "type": "application/json"}, _data(projection, ids, labels, groups)),
    )  # fmt: skip


def _numbers(labels: PointLabels) -> list[float | None] | None:
    """Return the labels as numbers where they are many and all numbers, else None."""
    if len(set(labels.value) - {None}) <= _MOST_KINDS:
        return None
    try:
        found = [None if value is None else float(value) for value in labels.value]
    except ValueError:
        return None
    return found if all(value is None or np.isfinite(value) for value in found) else None


def _groups(labels: PointLabels | None, num_points: int) -> list[_Group]:
    """Return a group per label, the most frequent first; the rare ones in one, those without a label last."""
    if labels is None:
        return [_Group("all", _COLOURS[0], tuple(range(num_points)))]
    counts = Counter(value for value in labels.value if value is not None)
    kinds = [name for name, _ in sorted(counts.items(), key=lambda item: (-item[1], item[0]))]
    shown = kinds if len(kinds) <= len(_COLOURS) else kinds[: len(_COLOURS) - 1]
    members: dict[str | None, list[int]] = {}
    for index, value in enumerate(labels.value):
        members.setdefault(value, []).append(index)
    found = [_Group(name, colour, tuple(members[name])) for name, colour in zip(shown, _COLOURS, strict=False)]
    rest = [index for name in kinds[len(shown) :] for index in members[name]]
    if rest:
        found.append(_Group(f"{len(kinds) - len(shown)} other labels", _OTHER, tuple(sorted(rest))))
    if None in members:
        found.append(_Group("no label", _NONE, tuple(members[None])))
    return found


def _scale_groups(number: list[float | None]) -> list[_Group]:
    """Return the points with a number and those without; the colours of the first lie on a scale."""
    known = tuple(index for index, value in enumerate(number) if value is not None)
    rest = tuple(index for index, value in enumerate(number) if value is None)
    found = [_Group("with a value", _RAMP[2], known)]
    return [*found, _Group("no label", _NONE, rest)] if rest else found


def _legend(groups: list[_Group], number: list[float | None] | None) -> Markup:
    """Return the buttons that hide and show a group, under the scale where labels are numbers."""
    parts = []
    if number is not None:
        known = [value for value in number if value is not None]
        ends = [tag("span", None, f"{value:.4g}") for value in (min(known), max(known))]
        gradient = f"background:linear-gradient(90deg,{','.join(_RAMP)})"
        parts.append(tag("div", {"class": "scale"}, tag("i", {"style": gradient}), *ends))
    for place, group in enumerate(groups):
        box = {"type": "button", "aria-pressed": "true", "data-group": str(place)}
        swatch = tag("i", {"style": f"background:{group.colour}"})
        count = tag("span", {"class": "count"}, f"{len(group.members):,}")
        parts.append(tag("button", box, swatch, tag("span", None, group.name), count))
    return tag("div", {"id": "legend"}, *parts)


def _blend(share: float) -> str:
    """Return the colour at a place 0..1 of the scale."""
    stops = np.array([[int(colour[start : start + 2], 16) for start in (1, 3, 5)] for colour in _RAMP])
    places = np.linspace(0, 1, len(stops))
    return "#" + "".join(f"{round(float(np.interp(share, places, stops[:, part]))):02x}" for part in range(3))


def _data(projection: Projection, ids: tuple[str, ...], labels: PointLabels | None, groups: list[_Group]) -> Markup:
    """Return the points as JSON that is safe inside a script element; places are fractions of the drawing."""
    low, high = projection.position.min(0), projection.position.max(0)
    # One scale for both axes, or the picture would stretch one of them.
    place = 0.5 + (projection.position - (low + high) / 2) / max(float((high - low).max()), np.finfo(np.float64).tiny)
    group_of, colour_of = [0] * len(ids), [""] * len(ids)
    for number, group in enumerate(groups):
        for index in group.members:
            group_of[index], colour_of[index] = number, group.colour
    number_of = None if labels is None else _numbers(labels)
    if number_of is not None:
        known = [value for value in number_of if value is not None]
        width = max(max(known) - min(known), np.finfo(np.float64).tiny)
        for index, value in enumerate(number_of):
            if value is not None:
                colour_of[index] = _blend((value - min(known)) / width)
    points = [
        [round(x, 5), round(1 - y, 5), group_of[index], colour_of[index], ids[index],
         "" if labels is None else (labels.value[index] or "")]
        for index, (x, y) in enumerate(place.tolist())
    ]  # fmt: skip
    text = json.dumps({"points": points}, separators=(",", ":"), allow_nan=False)
    return Markup(joined([Markup(text.replace("<", "\\u003c").replace("&", "\\u0026"))]))
