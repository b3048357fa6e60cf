"""The documentation cannot lie: its code runs, its commands run, its links and its table of files are right."""

import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from tests.architecture.markdown import Block, blocks_of, commands_of, does_match, links_of, written_pages
from tests.architecture.source_tree import REPOSITORY

RUNNABLE = {"python", "console"}
# Blocks that show a form and are not meant to run; every other block needs a language.
SHOWN = {"text", "yaml", "toml", "csv", "json", "mermaid"}

PAGES = written_pages()


def page_id(path: Path) -> str:
    """The path of a page below the repository."""
    return path.relative_to(REPOSITORY).as_posix()


def run_python(blocks: list[Block], page: Path, folder: Path) -> None:
    """Run the Python blocks of a page in one fresh interpreter, with the page's own line numbers."""
    source = ""
    for block in blocks:
        source += "\n" * (block.line - source.count("\n")) + block.body
    script = folder / f"{page.stem}.py"
    script.write_text(source, encoding="utf-8")
    result = subprocess.run(
        [sys.executable, "-W", "error", script.name], cwd=folder, capture_output=True, text=True, timeout=300
    )
    assert result.returncode == 0, f"{page_id(page)}:\n{result.stderr[-3000:]}"


def run_command(text: str, folder: Path) -> str:
    """Run one `protea ...` command and return what it prints."""
    words = shlex.split(text)
    assert words[0] == "protea", f"only `protea` commands run here; mark others `*Not run here: reason.*`: {text}"
    program = "import sys; from protea.cli.main import main; sys.exit(main())"
    environment = {**os.environ, "COLUMNS": "120", "NO_COLOR": "1", "TERM": "dumb"}
    result = subprocess.run(
        [sys.executable, "-c", program, *words[1:]],
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        timeout=300,
    )
    assert result.returncode == 0, f"`{text}` left {result.returncode}:\n{result.stdout[-1500:]}{result.stderr[-1500:]}"
    return result.stdout


def run_console(block: Block, page: Path, folder: Path) -> None:
    """Run the commands of a console block and compare what they print with what the page shows."""
    for command in commands_of(block.body):
        real = run_command(command.text, folder)
        assert does_match(command.output, real), f"{page_id(page)}:{block.line}: {command.text} printed:\n{real}"


@pytest.mark.parametrize("page", PAGES, ids=page_id)
def test_code_blocks_run(page: Path, tmp_path: Path) -> None:
    blocks = blocks_of(page.read_text(encoding="utf-8"))
    unknown = [f"line {block.line}: {block.language!r}" for block in blocks if block.language not in RUNNABLE | SHOWN]
    assert not unknown, f"{page_id(page)}: blocks in a language that is neither run nor shown: {unknown}"
    blocks = [block for block in blocks if block.skipped is None]
    python = [block for block in blocks if block.language == "python"]
    if python:
        run_python(python, page, tmp_path)
    for block in blocks:
        if block.language == "console":
            run_console(block, page, tmp_path)


@pytest.mark.parametrize("page", PAGES, ids=page_id)
def test_make_targets_exist(page: Path) -> None:
    targets = re.findall(r"^([a-z]+):", (REPOSITORY / "Makefile").read_text(encoding="utf-8"), re.MULTILINE)
    blocks = [block for block in blocks_of(page.read_text(encoding="utf-8")) if block.language == "console"]
    called = [command.text.split() for block in blocks for command in commands_of(block.body)]
    absent = [words[1] for words in called if words[0] == "make" and words[1] not in targets]
    assert not absent, f"{page_id(page)} calls make targets that are not there: {absent}"


@pytest.mark.parametrize("page", PAGES, ids=page_id)
def test_links_lead_somewhere(page: Path) -> None:
    targets = [target for target in links_of(page.read_text(encoding="utf-8")) if "://" not in target]
    paths = [target.partition("#")[0] for target in targets]
    broken = [path for path in paths if path and not (page.parent / path).exists()]
    assert not broken, f"{page_id(page)}: links to what is not there: {broken}"


def test_readme_table_names_real_places() -> None:
    text = (REPOSITORY / "README.md").read_text(encoding="utf-8")
    table = text.partition("## What to change, and the one file")[2].partition("\n## ")[0]
    rows = [line.strip("|").split("|") for line in table.splitlines() if line.startswith("| ") and "---" not in line][
        1:
    ]
    assert len(rows) >= 8, "the README's table `What to change, and the one file` is missing or short"
    paths = [path for row in rows for path in re.findall(r"`([\w./-]+)`", row[1])]
    assert len(paths) >= len(rows), "each row names its file"
    absent = [path for path in paths if not (REPOSITORY / path).exists()]
    assert not absent, f"the README's table names what is not there: {absent}"


def test_contributing_recipes_name_real_places() -> None:
    text = (REPOSITORY / "CONTRIBUTING.md").read_text(encoding="utf-8")
    recipes = re.findall(r"^## (Add .*)$", text, re.MULTILINE)
    assert recipes == ["Add an encoder", "Add a data source", "Add a benchmark suite"]
    paths = re.findall(r"`((?:src|tests|speed|docs|configs)/[\w./-]+)`", text)
    absent = [path for path in paths if not (REPOSITORY / path).exists() and "your_" not in path]
    assert not absent, f"CONTRIBUTING names what is not there: {absent}"


def test_blocks_and_markers_are_read() -> None:
    text = "a\n\n```python\nx = 1\n```\n\n*Not run here: needs a GPU.*\n\n"
    text += "```console\n$ protea a \\\n  b\nout\n$ protea c\n```\n"
    first, second = blocks_of(text)
    assert (first.language, first.body, first.line, first.skipped) == ("python", "x = 1\n", 3, None)
    assert second.skipped == "needs a GPU."
    assert [(command.text, command.output) for command in commands_of(second.body)] == [
        ("protea a b", "out"),
        ("protea c", ""),
    ]


def test_shown_output_is_compared() -> None:
    assert does_match("one ... three", "zero\none\ntwo\nthree\n")
    assert not does_match("one ... four", "one two three")
