"""The page holds every number of the table, fetches nothing, and is read without errors in a real browser."""

import re
from dataclasses import replace
from html import unescape
from pathlib import Path

import pytest

from protea.errors import InputError
from protea.predict.chains import chains_of
from protea.predict.report.cards import rounded
from protea.predict.report.page import MOST_PROTEINS, report_page
from protea.predict.tables import answer_rows
from protea.protein.alphabets import STANDARD_LETTERS
from tests.predict.made_answers import proteins, tracks
from tests.predict.made_chains import made_chain
from tests.predict.report.browser import needs_browser, read_in_browser
from tests.predict.report.test_interaction_part import made_interactions
from tests.predict.report.test_scan_part import made_scan


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


@needs_browser
@pytest.mark.parametrize("width", [400, 1600])
def test_a_browser_reads_it_without_an_error(page: str, width: int, tmp_path: Path) -> None:
    # The page measures itself: what is wider than its window, and what it asked the network for.
    script = """
      const find = document.getElementById("find");
      find.value = "ONE"; find.dispatchEvent(new Event("input"));
      told.overhang = document.documentElement.scrollWidth - innerWidth;
      told.width = innerWidth;
      told.asked = performance.getEntriesByType("resource").length;
      told.shown = [...document.querySelectorAll("article")].filter((part) => !part.hidden).length;
      told.found = document.getElementById("found").textContent;
    """
    said = read_in_browser(page, script, width, tmp_path)
    assert said == {"overhang": "0", "width": str(width), "asked": "0", "shown": "1", "found": "1 of 2 proteins"}


@needs_browser
@pytest.mark.parametrize("width", [400, 1600])
def test_a_browser_turns_colours_and_points(width: int, tmp_path: Path) -> None:
    first = proteins()[0]
    (chain,) = chains_of(made_chain(unobserved=(0, 20, 21)))
    given = replace(first, sequence=chain.sequence, tracks=tracks(len(chain)), structure=chain,
                    scans=(made_scan(chain.sequence),), remarks=("Nothing of this.",),
                    interactions=made_interactions())  # fmt: skip
    script = """
      const figure = document.querySelector("figure.structure"), svg = figure.querySelector("svg.space");
      const menu = figure.querySelector("select"), told_of = () => svg.innerHTML;
      const width_of = () => [...svg.querySelectorAll("path")].map((path) => path.getAttribute("stroke-width")).join();
      told.pieces = svg.querySelectorAll("g[data-row]").length;
      const before = told_of();
      svg.dispatchEvent(new KeyboardEvent("keydown", { key: "ArrowLeft" }));
      const turned = told_of();
      told.turned = before !== turned;
      figure.querySelector('[data-turn="back"]').click();
      told.back = before === told_of();
      const widths = width_of();
      menu.value = "attribution"; menu.dispatchEvent(new Event("change"));
      told.coloured = widths !== width_of();
      told.label = svg.getAttribute("aria-label").split("Coloured by ")[1];
      const keys = [...figure.querySelectorAll("[data-legend]")].filter((key) => !key.hidden);
      told.keys = keys.map((key) => key.dataset.legend);
      svg.querySelector('g[data-row="19"] path').dispatchEvent(new PointerEvent("pointermove", { bubbles: true }));
      told.residue = figure.querySelector("output.residue").textContent;
      told.named = menu.labels[0].textContent;
      const map = document.querySelector("section.scan svg"), at = map.getScreenCTM();
      const point = new DOMPoint(58 + 11 * 4.5, 105 + 11 * 7.5).matrixTransform(at);
      map.dispatchEvent(new PointerEvent("pointermove", { clientX: point.x, clientY: point.y }));
      told.cell = document.querySelector("output.cell").textContent;
      told.overhang = document.documentElement.scrollWidth - innerWidth;
      told.asked = performance.getEntriesByType("resource").length;
    """
    said = read_in_browser(report_page([given], "One", ""), script, width, tmp_path)
    track, scan = given.tracks[-1], given.scans[0]
    assert (said["turned"], said["back"], said["coloured"]) == ("true", "true", "true")
    assert said["pieces"] == str(len(chain) - 3)
    low, high = (rounded(float(one)) for one in (track.value.min(), track.value.max()))
    assert said["label"] == f"What raises solubility: from {low} to {high}."
    assert (said["keys"], said["named"]) == ("attribution", "Colour by")
    assert said["residue"] == f"L33: {rounded(float(track.value[22]))}"
    column, change = STANDARD_LETTERS.index("W"), scan.score[4, STANDARD_LETTERS.index("W")]
    sign = "+" if change > 0 else ""
    assert said["cell"] == f"Y5W: {sign}{float(f'{change:.3g}'):g} °C, interval {scan.width[4, column]:g} °C wide"
    assert (said["overhang"], said["asked"]) == ("0", "0")
