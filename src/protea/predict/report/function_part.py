"""Terms of function of one protein as a table of the report."""

from protea.benchmark.report.markup import Markup, joined, tag
from protea.predict.answer import ProteinAnswers
from protea.predict.report.cards import rounded

__all__ = ["function_part"]

_SHOWN = 12
_NOTE = (
    "Scores of a run of protea function: no term scores above one of its ancestors. They are not probabilities, and "
    "have no intervals."
)


def function_part(protein: ProteinAnswers) -> Markup:
    """Return the table, its tail folded away; nothing where no term is told."""
    if not protein.terms:
        return Markup("")
    head = tag("tr", None, *(tag("th", {"scope": "col"}, text) for text in ("term", "name", "score")))
    rows = [
        tag("tr", {"data-term": term.id, "data-score": repr(term.score)}, tag("th", {"scope": "row"}, term.id),
            tag("td", None, term.name), tag("td", None, rounded(term.score)))
        for term in protein.terms
    ]  # fmt: skip
    first, rest = rows[:_SHOWN], rows[_SHOWN:]
    parts = [_table(head, first)]
    if rest:
        parts.append(tag("details", None, tag("summary", None, f"{len(rest)} more terms"), _table(head, rest)))
    return tag("section", {"class": "function", "aria-label": f"Function of {protein.id}"},
               tag("h3", {"class": "along"}, "Function"), *parts, tag("p", {"class": "legend"}, _NOTE))  # fmt: skip


def _table(head: Markup, rows: list[Markup]) -> Markup:
    table = tag("table", None, tag("thead", None, head), tag("tbody", None, joined(rows)))
    return tag("div", {"class": "scroll", "tabindex": "0", "role": "region", "aria-label": "Terms"}, table)
