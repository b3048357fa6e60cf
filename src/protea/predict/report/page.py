"""Answers as one self-contained HTML page: a table of all proteins, then cards and tracks of each.

Nothing is fetched and nothing needs a script to be read; the script finds proteins and sorts nothing.
"""

from collections.abc import Sequence

from protea.benchmark.report.markup import Markup, joined, tag
from protea.benchmark.report.page_frame import static_text, whole_page
from protea.errors import InputError, describe
from protea.predict.answer import Answer, ProteinAnswers
from protea.predict.report.cards import card, in_words, probable, rounded
from protea.predict.report.function_part import function_part
from protea.predict.report.interaction_part import interaction_part
from protea.predict.report.molstar import Molstar, molstar_part
from protea.predict.report.scan_part import scan_parts
from protea.predict.report.structure_view import structure_view
from protea.predict.report.track_picture import residue_numbers, track_picture

__all__ = ["MOST_PROTEINS", "report_page"]

MOST_PROTEINS = 500
"""Proteins on one page; more make it slow to open, and a table serves them better."""


def report_page(proteins: Sequence[ProteinAnswers], title: str, note: str, molstar: Molstar | None = None) -> str:
    """Return the page; `note` says which predictor, trained on what. Mol* is packed into it where it is given.

    Raises:
        InputError: if there are more proteins than a page holds, or none.
    """
    if not 0 < len(proteins) <= MOST_PROTEINS:
        raise InputError(
            describe("a report of too many or no proteins", expected=f"1 to {MOST_PROTEINS}", found=str(len(proteins)),
                     do="Write a table (.csv or .parquet), and a report of the proteins of interest.")
        )  # fmt: skip
    style, *scripts = (
        static_text(__package__, name) for name in ("report.css", "report.js", "structure.js", "scan.js", "molstar.js")
    )
    anchors = [f"protein-{number}" for number in range(1, len(proteins) + 1)]
    has_structure = any(item.structure is not None for item in proteins)
    return whole_page(
        title, style, "".join(scripts),
        tag("header", None, tag("h1", None, title), tag("p", {"class": "note"}, note)),
        tag("main", None, _overview(proteins, anchors) if len(proteins) > 1 else Markup(""),
            *(_protein(item, anchor, has_molstar=molstar is not None)
              for item, anchor in zip(proteins, anchors, strict=True)),
            Markup("") if molstar is None or not has_structure else molstar_part(molstar)),
    )  # fmt: skip


def _overview(proteins: Sequence[ProteinAnswers], anchors: Sequence[str]) -> Markup:
    """Return a table with a row per protein and a column per property."""
    titles = {answer.name: answer.title for protein in proteins for answer in protein.answers}
    find = Markup('<input id="find" type="search" placeholder="find a protein" aria-label="Find a protein">')
    head = tag("tr", None, tag("th", {"scope": "col"}, "protein"), tag("th", {"scope": "col"}, "residues"),
               *(tag("th", {"scope": "col"}, text) for text in titles.values()))  # fmt: skip
    rows = joined(
        _overview_row(protein, anchor, tuple(titles)) for protein, anchor in zip(proteins, anchors, strict=True)
    )
    table = tag("table", {"id": "overview"}, tag("thead", None, head), tag("tbody", None, rows))
    return tag(
        "section", {"class": "overview", "aria-label": "All proteins"},
        tag("p", {"class": "tools"}, find, tag("output", {"id": "found"}, f"{len(proteins)} proteins")),
        _scrolling(table, "Table of all proteins"),
        tag("p", {"class": "legend"}, "▲ marks an answer for a protein unlike those of the training set."),
    )  # fmt: skip


def _overview_row(protein: ProteinAnswers, anchor: str, names: Sequence[str]) -> Markup:
    by_name = {answer.name: answer for answer in protein.answers}
    cells = []
    for name in names:
        answer = by_name.get(name)
        if answer is None:
            cells.append(tag("td", {"title": "not answered"}, "-"))
            continue
        short = _short(answer)
        is_unlike = answer.familiarity is not None and not answer.familiarity.is_in_domain
        cells.append(tag("td", {"title": in_words(answer)}, f"{short} ▲" if is_unlike else short))
    name = tag("th", {"scope": "row"}, tag("a", {"href": f"#{anchor}"}, protein.id))
    return tag("tr", {"data-id": protein.id}, name, tag("td", None, str(len(protein.sequence))), *cells)


def _short(answer: Answer) -> str:
    if answer.predicted is not None:
        return answer.predicted
    return probable(answer.value) if answer.yes else f"{rounded(answer.value)} {answer.unit}".strip()


def _protein(protein: ProteinAnswers, anchor: str, *, has_molstar: bool) -> Markup:
    tracks = track_picture(protein)
    along: tuple[Markup, ...] = ()
    if tracks:
        along = (
            tag("h3", {"class": "along"}, "Along the sequence"),
            _scrolling(tracks, f"Tracks along {protein.id}; scroll sideways"),
            _track_notes(protein),
            _residue_table(protein),
        )
    return tag(
        "article", {"id": anchor, "data-id": protein.id},
        tag("h2", None, protein.id),
        tag("p", {"class": "length"}, f"{len(protein.sequence)} residues"),
        tag("div", {"class": "cards"}, *(card(answer) for answer in protein.answers)),
        function_part(protein),
        interaction_part(protein),
        structure_view(protein, anchor, has_molstar=has_molstar),
        *along,
        *(tag("p", {"class": "remark"}, remark) for remark in protein.remarks),
        *scan_parts(protein),
    )  # fmt: skip


def _scrolling(content: Markup, label: str) -> Markup:
    """Return wide content in a part of its own that scrolls, also by keys."""
    return tag("div", {"class": "scroll", "tabindex": "0", "role": "region", "aria-label": label}, content)


def _track_notes(protein: ProteinAnswers) -> Markup:
    """Return what the letters of the tracks stand for, and their limits."""
    lines = []
    for track in protein.tracks:
        said = "; ".join(f"{letter} {name}" for letter, name in track.meaning.items())
        words = ". ".join(part for part in (said, track.limits) if part)
        if words:
            lines.append(tag("li", None, f"{track.title}: {words}"))
    return tag("ul", {"class": "notes"}, *lines) if lines else Markup("")


def _residue_table(protein: ProteinAnswers) -> Markup:
    """Return all tracks as a table, for those who do not see the picture."""
    numbers = residue_numbers(protein)
    head = tag(
        "tr", None, *(tag("th", {"scope": "col"}, text) for text in ("residue", *(t.title for t in protein.tracks)))
    )
    rows = joined(
        tag("tr", None, tag("th", {"scope": "row"}, f"{letter}{numbers[place]}"),
            *(tag("td", None, _cell(track.letters, float(track.value[place]), place)) for track in protein.tracks))
        for place, letter in enumerate(protein.sequence)
    )  # fmt: skip
    table = tag("table", None, tag("thead", None, head), tag("tbody", None, rows))
    return tag("details", None, tag("summary", None, "The same as a table"), tag("div", {"class": "scroll"}, table))


def _cell(letters: str | None, value: float, place: int) -> str:
    return rounded(value) if letters is None else f"{letters[place]} {rounded(value)}"
