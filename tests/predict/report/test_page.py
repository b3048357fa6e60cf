"""The page holds every number of the table, fetches nothing, and is read without errors in a real browser."""

import re
import shutil
import subprocess
from html import escape, unescape
from pathlib import Path

import pytest

from protea.errors import InputError
from protea.predict.report.page import MOST_PROTEINS, report_page
from protea.predict.tables import answer_rows
from tests.predict.made_answers import proteins

CHROMIUM = next(
    (found for name in ("chromium", "chromium-browser", "google-chrome") if (found := shutil.which(name))), None
)
QUIET = ("--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update",
         "--disable-sync", "--no-first-run", "--hide-scrollbars", "--enable-logging=stderr")  # fmt: skip


@pytest.fixture(scope="module")
def page() -> str:
    return report_page(proteins(), "Two <proteins>", "Made & looked at.")


def cards(text: str) -> list[dict[str, str]]:
    found = re.findall(r'<section class="card[^"]*"([^>]*)>', text)
    return [dict(re.findall(r'data-(\w+)="([^"]*)"', attributes)) for attributes in found]


def test_the_numbers_are_those_of_the_table(page: str) -> None:
    rows = answer_rows(proteins())
    found = cards(page)
    assert [card["property"] for card in found] == [row["property"] for row in rows]
    for card, row in zip(found, rows, strict=True):
        for key in ("value", "low", "high"):
            assert (float(card[key]) if key in card else None) == row[key]


def test_nothing_is_fetched(page: str) -> None:
    assert not re.search(r'(?:src|href)="(?!#)', page)
    assert not re.search(r"https?://|@import|url\(", page)


def test_names_are_escaped_and_linked(page: str) -> None:
    assert "<b>" not in page
    for protein in proteins():
        (anchor,) = [
            link for link, name in re.findall(r'<a href="#([^"]+)">([^<]+)', page) if unescape(name) == protein.id
        ]
        assert f'<article id="{anchor}"' in page


def test_every_picture_says_what_it_shows(page: str) -> None:
    for attributes in re.findall(r"<svg ([^>]*)>", page):
        assert 'role="img"' in attributes
        assert re.search(r'aria-label="[^"]{5,}"', attributes)
    assert page.count("<h1>") == 1
    assert '<html lang="en">' in page


def test_one_protein_has_no_overview() -> None:
    assert 'id="find"' not in report_page(proteins()[:1], "One", "")


@pytest.mark.parametrize("number", [0, MOST_PROTEINS + 1])
def test_too_many_are_refused(number: int) -> None:
    with pytest.raises(InputError, match="Write a table"):
        report_page(proteins()[:1] * number, "Many", "")


@pytest.mark.skipif(CHROMIUM is None, reason="no Chromium is installed")
@pytest.mark.parametrize("width", [400, 1600])
def test_a_browser_reads_it_without_an_error(page: str, width: int, tmp_path: Path) -> None:
    # The page measures itself: what is wider than its window, and what it asked the network for. A headless window is
    # never narrow, so the page stands in a frame.
    probe = """<script>addEventListener("load", () => {
      const find = document.getElementById("find"), told = parent.document.body.dataset;
      find.value = "ONE"; find.dispatchEvent(new Event("input"));
      told.overhang = document.documentElement.scrollWidth - innerWidth;
      told.width = innerWidth;
      told.asked = performance.getEntriesByType("resource").length;
      told.shown = [...document.querySelectorAll("article")].filter((part) => !part.hidden).length;
      told.found = document.getElementById("found").textContent;
    });</script></body>"""
    framed = escape(page.replace("</body>", probe))
    file = tmp_path / "page.html"
    file.write_text(
        f'<body><iframe style="width:{width}px;border:0" srcdoc="{framed}"></iframe></body>', encoding="utf-8"
    )
    assert CHROMIUM is not None
    command = [
        CHROMIUM,
        *QUIET,
        f"--user-data-dir={tmp_path}/user",
        f"--window-size={width},900",
        "--dump-dom",
        str(file),
    ]
    told = subprocess.run(command, capture_output=True, text=True, timeout=120, check=True)
    assert "CONSOLE" not in told.stderr
    body = re.search(r"<body[^>]*>", told.stdout)
    assert body is not None
    said = dict(re.findall(r'data-(\w+)="([^"]*)"', body[0]))
    expected = {"overhang": "0", "width": str(width), "asked": "0", "shown": "1", "found": "1 of 2 proteins"}
    assert said == expected
