"""What the documentation tests read: fenced blocks, links and tables of the Markdown pages."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from tests.architecture.source_tree import REPOSITORY

FENCE = re.compile(
    r"^(?P<marker>`{3,})(?P<language>[\w-]*)[ \t]*\n(?P<body>.*?)^(?P=marker)[ \t]*$", re.MULTILINE | re.DOTALL
)
NOT_RUN = re.compile(r"^\*Not run here: (?P<reason>[^*\n]+)\*\s*\Z", re.MULTILINE)
CODE = re.compile(r"(?<!`)`[^`\n]+`(?!`)")
LINK = re.compile(r"\[[^\]]+\]\((?P<target>[^)\s]+)\)")


@dataclass(frozen=True)
class Block:
    """One fenced block of a page; `skipped` is the reason on the marker before it, if there is one."""

    language: str
    body: str
    line: int
    skipped: str | None


@dataclass(frozen=True)
class Command:
    """One `$ ...` line of a console block, and the output that the page shows."""

    text: str
    output: str


def written_pages() -> list[Path]:
    """The pages that people write and read: README, CONTRIBUTING and `docs/`."""
    top = [REPOSITORY / name for name in ("README.md", "CONTRIBUTING.md", "CHANGELOG.md")]
    return [path for path in (*top, *sorted((REPOSITORY / "docs").rglob("*.md"))) if path.exists()]


def blocks_of(text: str) -> list[Block]:
    """Every fenced block, in order."""
    found = []
    for match in FENCE.finditer(text):
        marker = NOT_RUN.search(text[: match.start()])
        line = text.count("\n", 0, match.start()) + 1
        found.append(Block(match["language"], match["body"], line, marker["reason"] if marker else None))
    return found


def commands_of(body: str) -> Iterator[Command]:
    """The commands of a console block; a backslash at the end of a line continues it."""
    body = body.replace("\\\n", " ")
    for part in re.split(r"^\$ ", body, flags=re.MULTILINE)[1:]:
        text, _, output = part.partition("\n")
        yield Command(" ".join(text.split()), output.strip())


def links_of(text: str) -> list[str]:
    """The targets of the links outside fenced blocks and code."""
    return [match["target"] for match in LINK.finditer(CODE.sub("code", FENCE.sub("", text)))]


def does_match(shown: str, real: str) -> bool:
    """Whether the real output holds the shown lines in order; `...` stands for anything."""
    pattern = ".*".join(re.escape(piece.strip()) for piece in shown.split("..."))
    return re.search(pattern, real, re.DOTALL) is not None
