"""Mol* inside the page, if a package that holds its build is installed: packed, unpacked by a button, never fetched.

Mol* is foreign code (MIT licence, Mol* contributors) and no part of this repository. The extra `view` installs
`ipymolstar` (MIT licence), whose widget holds a whole Mol*; its files are read as text, the package is never imported.
"""

import base64
import gzip
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

from protea.benchmark.report.markup import Markup, joined, tag

__all__ = ["Molstar", "installed_molstar", "molstar_part"]

_PACKAGE, _SCRIPT, _STYLE = "ipymolstar", "static/molviewspec.js", "static/molviewspec.css"


@dataclass(frozen=True)
class Molstar:
    """The texts of a Mol* widget: an ES module with `render({model, el})`, and its style."""

    script: str
    style: str


def installed_molstar() -> Molstar | None:
    """Return the Mol* of the installed package, or None where there is none, or one of another layout."""
    spec = find_spec(_PACKAGE)
    for folder in () if spec is None else spec.submodule_search_locations or ():
        script, style = Path(folder) / _SCRIPT, Path(folder) / _STYLE
        if script.is_file() and style.is_file():
            return Molstar(script.read_text(encoding="utf-8"), style.read_text(encoding="utf-8"))
    return None


def molstar_part(molstar: Molstar) -> Markup:
    """Return what the page keeps of Mol* once, whatever the number of structures: about 2 MB."""
    return joined(
        [
            tag("script", {"type": "application/gzip", "id": f"molstar-{name}"}, _packed(text))
            for name, text in (("script", molstar.script), ("style", molstar.style))
        ]
        + [tag("p", {"class": "note"}, "Mol* inside this page: MIT licence, © Mol* contributors.")]
    )


def _packed(text: str) -> Markup:
    # Without a time stamp, so that one input gives one page.
    return Markup(base64.b64encode(gzip.compress(text.encode(), mtime=0)).decode())
