import re
from html.parser import HTMLParser

from protea.benchmark.report.page import report_page

VOID = {"meta"}


class Nesting(HTMLParser):
    """Checks that every element is closed in order, and gathers tags and text."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.words: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.words.append(data)


def read(page: str) -> Nesting:
    parser = Nesting()
    parser.feed(page)
    assert parser.open == []
    return parser


def test_the_page_is_well_formed_and_whole(report) -> None:
    found = read(report_page(report))
    headings = [tag for tag, _ in found.tags].count("h2")
    text = " ".join(found.words)
    assert headings >= 8
    for words in (
        "Leaderboard",
        "Ranks",
        "Learning curves",
        "Score against cost",
        report.finding,
        "weak-ca_bb-none-fold0",
    ):
        assert words in text
    assert len([tag for tag, _ in found.tags if tag == "svg"]) == 5


def test_the_page_fetches_nothing(report) -> None:
    page = report_page(report)
    assert not re.search(r"(src|href)=|url\(|@import|https?:", page)
    assert "prefers-color-scheme: dark" in page


def test_the_page_is_the_same_every_time(report) -> None:
    assert report_page(report) == report_page(report)


def test_every_class_of_a_picture_has_a_colour(report) -> None:
    page = report_page(report)
    style = page[page.index("<style>") : page.index("</style>")]
    for kind in ("better", "worse", "invalid", "control"):
        assert f".dot.{kind}" in style
        assert f"dot {kind}" in page.split("</style>")[1]
