"""The frame of a self-contained page: head, style and script inside, and sections with an anchor."""

from importlib.resources import files

from protea.benchmark.report.markup import Markup, tag

__all__ = ["framed_page", "section"]


def framed_page(title: str, *content: Markup) -> str:
    """Return a whole HTML page; nothing in it is fetched."""
    head = tag(
        "head",
        None,
        Markup('<meta charset="utf-8">'),
        Markup('<meta name="viewport" content="width=device-width, initial-scale=1">'),
        tag("title", None, f"{title} · Protea"),
        tag("style", None, Markup(_static("style.css"))),
    )
    body = tag("body", None, tag("main", None, *content), tag("script", None, Markup(_static("sort.js"))))
    return f"<!doctype html>\n{tag('html', {'lang': 'en'}, head, body)}\n"


def section(title: str, lead: str, *content: Markup | None) -> Markup | None:
    """Return a section whose anchor is its title, or None where nothing is in it."""
    present = [part for part in content if part is not None]
    if not present:
        return None
    anchor = title.lower().replace(" ", "-")
    paragraph = [tag("p", {"class": "lead"}, lead)] if lead else []
    return tag("section", {"id": anchor}, tag("h2", None, title), *paragraph, *present)


def _static(name: str) -> str:
    return files("protea.benchmark.report").joinpath(name).read_text(encoding="utf-8")
