"""The frame of a self-contained page: head, style and script inside, and sections with an anchor.

Every page of Protea, also those of applications, has the colours and letters of `house.css`, then its own style.
"""

from importlib.resources import files

from protea.benchmark.report.markup import Markup, tag

__all__ = ["framed_page", "section", "static_text", "whole_page"]


def whole_page(title: str, style: str, script: str, *content: Markup) -> str:
    """Return a whole HTML page with its own style and script; nothing in it is fetched."""
    head = tag(
        "head",
        None,
        Markup('<meta charset="utf-8">'),
        Markup('<meta name="viewport" content="width=device-width, initial-scale=1">'),
        tag("title", None, f"{title} · Protea"),
        tag("style", None, Markup(static_text(__package__, "house.css") + style)),
    )
    body = tag("body", None, *content, tag("script", None, Markup(script)))
    return f"<!doctype html>\n{tag('html', {'lang': 'en'}, head, body)}\n"


def framed_page(title: str, *content: Markup) -> str:
    """Return a page of a report, whose tables can be sorted."""
    style, script = (static_text(__package__, name) for name in ("style.css", "sort.js"))
    return whole_page(title, style, script, tag("main", None, *content))


def static_text(package: str, name: str) -> str:
    """Return the text of a file that lies in a package, such as a style or a script."""
    return files(package).joinpath(name).read_text(encoding="utf-8")


def section(title: str, lead: str, *content: Markup | None) -> Markup | None:
    """Return a section whose anchor is its title, or None where nothing is in it."""
    present = [part for part in content if part is not None]
    if not present:
        return None
    anchor = title.lower().replace(" ", "-")
    paragraph = [tag("p", {"class": "lead"}, lead)] if lead else []
    return tag("section", {"id": anchor}, tag("h2", None, title), *paragraph, *present)
