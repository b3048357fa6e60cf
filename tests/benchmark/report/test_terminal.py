import io

import pytest
from rich.console import Console

from protea.benchmark.report.terminal import render_terminal


@pytest.mark.parametrize(("width", "has_rank"), [(80, False), (120, False), (140, True)])
def test_the_terminal_shows_rows_verdicts_and_the_finding(report, width: int, has_rank: bool) -> None:
    console = Console(file=io.StringIO(), width=width)
    render_terminal(report, console)
    text = console.file.getvalue()  # type: ignore[attr-defined]
    assert "strong ca_bb" in text
    assert "▲ beats the best control" in text
    assert ("mean rank" in text) == has_rank
    assert " ".join(report.finding.split()[:6]) in " ".join(text.split())
    assert max(len(line) for line in text.splitlines()) <= width
