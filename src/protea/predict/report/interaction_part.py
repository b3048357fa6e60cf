"""Partners of one protein as a table of the report."""

from protea.benchmark.report.markup import Markup, joined, tag
from protea.predict.answer import Partner, ProteinAnswers
from protea.predict.report.cards import probable

__all__ = ["interaction_part"]


def interaction_part(protein: ProteinAnswers) -> Markup:
    """Return the table; nothing where no partners were asked for."""
    found = protein.interactions
    if found is None:
        return Markup("")
    has_types = any(one.type for one in found.partners)
    tells = any(one.is_trained_on is not None for one in found.partners)
    names = ("partner", *(("type",) if has_types else ()), "score", *(("in training pairs",) if tells else ()))
    head = tag("tr", None, *(tag("th", {"scope": "col"}, name) for name in names))
    rows = joined(_row(one, has_types=has_types, tells=tells) for one in found.partners)
    table = tag("table", None, tag("thead", None, head), tag("tbody", None, rows))
    among = f"The best {len(found.partners)} of {found.num_asked:,}. {found.note}"
    return tag(
        "section", {"class": "interactions", "aria-label": f"Partners of {protein.id}"},
        tag("h3", {"class": "along"}, "Partners"),
        tag("div", {"class": "scroll", "tabindex": "0", "role": "region", "aria-label": "Partners"}, table),
        tag("p", {"class": "legend"}, among),
        *(tag("p", {"class": "remark"}, remark) for remark in found.remarks),
    )  # fmt: skip


def _row(one: Partner, *, has_types: bool, tells: bool) -> Markup:
    exact: dict[str, str | float | int | None] = {
        "data-partner": one.id, "data-score": repr(one.score), "data-type": one.type or None,
    }  # fmt: skip
    cells = [tag("th", {"scope": "row"}, f"{one.id} (itself)" if one.is_itself else one.id)]
    if has_types:
        cells.append(tag("td", None, one.type))
    cells.append(tag("td", None, probable(one.score)))
    if tells:
        cells.append(tag("td", None, "yes" if one.is_trained_on else "no"))
    return tag("tr", exact, *cells)
