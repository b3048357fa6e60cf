"""A chain in space: a tube along its CA, coloured by any track, turned by pointer, touch, keys or buttons.

Python draws the first view, so that the picture is there without a script; `structure.js` turns and colours it. A piece
of the tube belongs to one residue. Residues without CA are gaps that no line crosses. Axes: residue. Angstrom.
"""

import json
from collections.abc import Sequence
from itertools import pairwise

import numpy as np
from jaxtyping import Bool, Float

from protea.benchmark.report.markup import Markup, joined, number, tag
from protea.predict.answer import ProteinAnswers
from protea.predict.chains import author_numbers
from protea.predict.report.paint import NOTHING, PAPER, Paint, Painted, mixed, painted
from protea.protein.joined_residues import is_joined_to_next
from protea.protein.record import Protein
from protea.protein.writers.mmcif import format_mmcif

__all__ = ["HEIGHT", "WIDTH", "safe_json", "structure_view"]

WIDTH, HEIGHT, _EDGE = 640.0, 440.0, 30.0
_FAR = 0.62
"""Share of the paper in the colour of the farthest piece."""
_LEAVES = 1.4
"""How much larger the first view may be than one that fits however it is turned."""
_TURNS = (("left", "◀"), ("right", "▶"), ("up", "▲"), ("down", "▼"), ("nearer", "+"), ("farther", "-"))


_WITHOUT = (
    "Mol* is not in this page: it was written without the extra that holds it (pip install 'protea[view]'). The trace "
    "above is Protea's own."
)
_NAMES = {"nearer": "Show it larger", "farther": "Show it smaller"}


def structure_view(protein: ProteinAnswers, anchor: str, *, has_molstar: bool = False) -> Markup:
    """Return the view with its menu and legends; empty where no structure was given.

    Without Mol* in the page it says how to have it there.
    """
    chain = protein.structure
    if chain is None:
        return Markup("")
    position, is_resolved = chain.ca()
    words = _words(protein, chain, is_resolved)
    if not is_resolved.any():
        return tag("div", None, tag("h3", {"class": "along"}, "In space"), tag("p", {"class": "length"}, words))
    tracks = [painted(track) for track in protein.tracks] or [_plain(chain)]
    placed, joined_to_next = _placed(position, is_resolved), is_joined_to_next(chain)
    box: dict[str, str | float | int | None] = {
        "viewBox": f"0 0 {WIDTH:g} {HEIGHT:g}", "role": "img", "tabindex": "0", "class": "space",
        "aria-label": f"{words} Coloured by {tracks[0].title}: {tracks[0].summary}.",
    }  # fmt: skip
    picture = tag("svg", box, *_first_view(placed, is_resolved, joined_to_next, tracks[0].paint))
    return tag(
        "figure", {"class": "structure"},
        tag("h3", {"class": "along"}, "In space"),
        tag("p", {"class": "length"}, words),
        _tools(tracks, anchor),
        picture,
        *(
            tag("p", {"class": "key", "data-legend": track.name, "hidden": None if place == 0 else ""}, track.legend)
            for place, track in enumerate(tracks)
        ),
        *(_molstar(chain) if has_molstar else (tag("p", {"class": "remark"}, _WITHOUT),)),
        tag("script", {"type": "application/json", "class": "data"},
            _data(chain, placed, is_resolved, joined_to_next, tracks, words)),
    )  # fmt: skip


def _molstar(chain: Protein) -> tuple[Markup, ...]:
    """Return a button that opens Mol*, the place for it, and the structure that it reads."""
    observed = chain.select_residues(np.diff(chain.atom_ptr) > 0)
    name = f"Mol*: {chain.id}, as an interactive picture; the trace above shows the same residues"
    return (
        tag("p", None, tag("button", {"type": "button", "class": "molstar"}, "Open in Mol*")),
        tag("div", {"class": "molstar", "role": "region", "aria-label": name, "hidden": ""}),
        tag("script", {"type": "text/plain", "class": "mmcif"}, _safe_text(format_mmcif(observed))),
    )


def _safe_text(text: str) -> Markup:
    """Return text that neither ends a script element nor, as `<!--<script>` does, makes the page go on inside it."""
    return Markup(text.replace("</", "< /").replace("<!--", "<! --"))


def _words(protein: ProteinAnswers, chain: Protein, is_resolved: Bool[np.ndarray, " residue"]) -> str:
    """Return what is shown, in words."""
    at = np.flatnonzero(is_resolved)
    if not at.size:
        return f"{protein.id}: no residue of the structure has a CA atom."
    num_gaps = int((~is_joined_to_next(chain)[at[:-1]]).sum())
    gaps = "no gap" if not num_gaps else "1 gap" if num_gaps == 1 else f"{num_gaps} gaps"
    numbers = author_numbers(chain)
    name = chain.chain_ids[0] or "without a name"
    return (
        f"CA trace of chain {name} of {chain.provenance.source}: {len(at)} of {len(chain)} residues have coordinates, "
        f"numbered {numbers[at[0]]} to {numbers[at[-1]]} by the author, {gaps}. All was predicted from the sequence "
        "alone."
    )


def _plain(chain: Protein) -> Painted:
    """Return paint that says nothing, for a chain without tracks."""
    empty = ("",) * len(chain)
    return Painted("none", "nothing", (NOTHING,) * len(chain), empty, "no track was asked for", Markup(""))


def _tools(tracks: Sequence[Painted], anchor: str) -> Markup:
    options = joined(tag("option", {"value": track.name}, track.title) for track in tracks)
    buttons = [
        tag("button", {"type": "button", "data-turn": way, "aria-label": _NAMES.get(way, f"Turn {way}")}, sign)
        for way, sign in _TURNS
    ]
    return tag(
        "p", {"class": "tools"},
        tag("label", {"for": f"{anchor}-colour"}, "Colour by"),
        tag("select", {"id": f"{anchor}-colour"}, options),
        tag("span", {"class": "turns", "role": "group", "aria-label": "Turn the structure"}, *buttons),
        tag("button", {"type": "button", "data-turn": "back"}, "As it was"),
        tag("output", {"class": "residue"}),
    )  # fmt: skip


def _placed(
    position: Float[np.ndarray, "residue 3"], is_resolved: Bool[np.ndarray, " residue"]
) -> Float[np.ndarray, "residue 3"]:
    """Return positions about their middle, the longest extent across and the shortest towards the eye."""
    found = np.zeros(position.shape)
    inside = position[is_resolved].astype(np.float64)
    inside = inside - inside.mean(0)
    _, _, axes = np.linalg.svd(inside, full_matrices=False)
    if len(axes) < 3:  # one or two atoms span no space
        axes = np.eye(3)
    # A hand is kept: a mirror image would be another molecule.
    axes = axes * np.array([[1.0], [1.0], [np.sign(np.linalg.det(axes))]])
    found[is_resolved] = inside @ axes.T
    return found


def _first_view(
    placed: Float[np.ndarray, "residue 3"], is_resolved: Bool[np.ndarray, " residue"],
    joined_to_next: Bool[np.ndarray, " residue"], paint: Sequence[Paint],
) -> list[Markup]:  # fmt: skip
    """Return the pieces of the tube, the farthest first, and the ends of the chain."""
    radius = _radius(placed)
    scale = _scale(placed)
    flat = placed[:, :2] * (scale, -scale) + (WIDTH / 2, HEIGHT / 2)
    parts = []
    for row in sorted(np.flatnonzero(is_resolved).tolist(), key=lambda row: placed[row, 2]):
        path = _piece(flat, row, bool(row and joined_to_next[row - 1]), bool(joined_to_next[row]))
        own = paint[row]
        colour = mixed(own.colour, PAPER, _FAR * (0.5 - placed[row, 2] / radius / 2))
        parts.append(tag("path", {"d": path, "stroke": PAPER, "stroke-width": own.width + 3, "class": "halo"}))
        parts.append(_stroke(path, colour, own.width))
        if own.is_hollow:
            parts.append(_stroke(path, PAPER, 0.45 * own.width))
    ends = np.flatnonzero(is_resolved)
    for row, name in ((ends[0], "N"), (ends[-1], "C")):
        x, y = flat[row].tolist()
        parts.append(tag("text", {"x": x + 7, "y": y - 7, "class": "end"}, name))
    return parts


def _radius(placed: Float[np.ndarray, "residue 3"]) -> float:
    return float(np.linalg.norm(placed, axis=1).max()) or 1.0


def _scale(placed: Float[np.ndarray, "residue 3"]) -> float:
    """Return units of the picture per angstrom: the first view fills it, and a turned one hardly leaves it."""
    across, down, _ = np.abs(placed).max(0).clip(min=1e-6).tolist()
    fills = min((WIDTH / 2 - _EDGE) / across, (HEIGHT / 2 - _EDGE) / down)
    return min(fills, _LEAVES * (HEIGHT / 2 - _EDGE) / _radius(placed))


def _piece(flat: Float[np.ndarray, "residue 2"], row: int, has_before: bool, has_after: bool) -> str:
    """Return the piece of a residue: a curve between the middles to its neighbours, or a dot where it stands alone."""
    at = flat[row]
    start = (flat[row - 1] + at) / 2 if has_before else at
    end = (flat[row + 1] + at) / 2 if has_after else at
    first, middle, last = (f"{number(float(x))} {number(float(y))}" for x, y in (start, at, end))
    return f"M{first}Q{middle} {last}"


def _stroke(path: str, colour: str, width: float) -> Markup:
    return tag("path", {"d": path, "stroke": colour, "stroke-width": width})


def _data(
    chain: Protein, placed: Float[np.ndarray, "residue 3"], is_resolved: Bool[np.ndarray, " residue"],
    joined_to_next: Bool[np.ndarray, " residue"], tracks: Sequence[Painted], words: str,
) -> Markup:  # fmt: skip
    """Return what the script turns and colours; only residues with coordinates are in it."""
    rows = np.flatnonzero(is_resolved).tolist()
    numbers = author_numbers(chain)
    palette = list(dict.fromkeys(paint for track in tracks for paint in track.paint))
    # What is not there breaks the chain: neighbours in this list are joined only if they are neighbours in the chain.
    joins = [bool(joined_to_next[row]) and following == row + 1 for row, following in pairwise(rows)] + [False]
    content = {
        "at": np.round(placed[rows], 2).tolist(),
        "joined": [int(one) for one in joins],
        "label": chain.label_number[rows].tolist(),
        "name": [f"{chain.sequence[row]}{numbers[row]}" for row in rows],
        "palette": [[paint.colour, paint.width, int(paint.is_hollow)] for paint in palette],
        "tracks": {
            track.name: {
                "title": track.title, "summary": track.summary,
                "paint": [palette.index(track.paint[row]) for row in rows],
                "words": [track.words[row] for row in rows],
            }
            for track in tracks
        },
        "words": words, "paper": PAPER, "far": _FAR, "box": [WIDTH, HEIGHT],
        "scale": _scale(placed), "radius": _radius(placed),
    }  # fmt: skip
    return safe_json(content)


def safe_json(content: object) -> Markup:
    """Return JSON that is safe inside a script element."""
    text = json.dumps(content, separators=(",", ":"), allow_nan=False)
    return Markup(text.replace("<", "\\u003c").replace("&", "\\u0026"))
