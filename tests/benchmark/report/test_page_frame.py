"""The frame of a page: escaped, complete, and silent about sections without content."""

from protea.benchmark.report.markup import tag
from protea.benchmark.report.page_frame import framed_page, section


def test_a_section_has_an_anchor_and_nothing_gives_no_section() -> None:
    found = section("The Tasks", "A < B", None, tag("p", None, "inside"))
    assert found == ('<section id="the-tasks"><h2>The Tasks</h2><p class="lead">A &lt; B</p><p>inside</p></section>')
    assert section("Empty", "lead", None) is None


def test_a_page_is_whole_and_fetches_nothing() -> None:
    page = framed_page("A & B", tag("p", None, "text"))
    assert page.startswith('<!doctype html>\n<html lang="en"><head>')
    assert "<title>A &amp; B · Protea</title>" in page
    assert "<main><p>text</p></main>" in page
    assert "http" not in page.replace("http-equiv", "")
